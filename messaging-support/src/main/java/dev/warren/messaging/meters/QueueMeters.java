package dev.warren.messaging.meters;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueInformation;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * How many messages wait in the queues that an application declares, and how many
 * consumers they have. They are asked for every few seconds and not by whoever reads the
 * meters, who would wait for a broker that is not there; without an answer there is no
 * number.
 */
class QueueMeters implements MeterBinder {

	private final AmqpAdmin admin;

	private final List<String> names;

	private final Map<String, QueueInformation> known = new ConcurrentHashMap<>();

	/**
	 * @param admin asks
	 * @param queues those that are declared; of exclusive ones nobody else may ask
	 */
	QueueMeters(AmqpAdmin admin, List<Queue> queues) {
		this.admin = admin;
		this.names = queues.stream().filter((queue) -> !queue.isExclusive()).map(Queue::getName).toList();
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (String name : this.names) {
			gauge(registry, "warren.queue.messages", "messages that wait in a queue", name,
					QueueInformation::getMessageCount);
			gauge(registry, "warren.queue.consumers", "consumers of a queue", name, QueueInformation::getConsumerCount);
		}
	}

	private void gauge(MeterRegistry registry, String meter, String description, String name,
			ToDoubleFunction<QueueInformation> value) {
		Gauge.builder(meter, this.known, (known) -> {
			QueueInformation found = known.get(name);
			return (found != null) ? value.applyAsDouble(found) : Double.NaN;
		}).description(description).tag("queue", name).register(registry);
	}

	@Scheduled(fixedDelayString = "5s")
	void ask() {
		for (String name : this.names) {
			QueueInformation found = find(name);
			if (found != null) {
				this.known.put(name, found);
			}
			else {
				this.known.remove(name);
			}
		}
	}

	private @Nullable QueueInformation find(String name) {
		try {
			return this.admin.getQueueInfo(name);
		}
		catch (AmqpException ex) {
			return null;
		}
	}

}
