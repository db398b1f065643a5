package dev.warren.messaging.meters;

import dev.warren.messaging.feed.EventStreams;
import dev.warren.messaging.listener.ListenerGroup;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Queue;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The meters every service has.
 */
@Configuration(proxyBeanMethods = false)
public class MetersConfiguration {

	@Bean
	QueueMeters queueMeters(AmqpAdmin admin, ObjectProvider<Queue> queues) {
		return new QueueMeters(admin, queues.orderedStream().toList());
	}

	@Bean
	MeterBinder listenerMeters(ObjectProvider<ListenerGroup<?>> groups) {
		return (registry) -> groups.forEach((group) -> Gauge.builder("warren.listeners", group, ListenerGroup::running)
			.description("receivers, workers or servers that are running")
			.tag("group", group.name())
			.register(registry));
	}

	@Bean
	MeterBinder streamMeters(EventStreams streams) {
		return (registry) -> FunctionCounter.builder("warren.events.lost", streams, EventStreams::lost)
			.description("events that readers of streams were too slow for")
			.register(registry);
	}

}
