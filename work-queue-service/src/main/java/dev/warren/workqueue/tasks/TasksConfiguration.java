package dev.warren.workqueue.tasks;

import dev.warren.messaging.feed.MessageFeed;
import dev.warren.workqueue.WorkProperties;

import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.FanoutExchange;
import org.springframework.amqp.core.Queue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What the instances of the service tell each other over, and what they remember.
 */
@Configuration(proxyBeanMethods = false)
class TasksConfiguration {

	@Bean
	Instance instance() {
		return Instance.create();
	}

	/** This instance's own queue for events, which goes with its connection. */
	@Bean
	Queue taskEventsOfThisInstance(Instance instance) {
		return new Queue(TaskEvents.EXCHANGE + "." + instance.id(), false, true, true);
	}

	@Bean
	Declarables taskEventsExchange(Queue taskEventsOfThisInstance) {
		FanoutExchange exchange = new FanoutExchange(TaskEvents.EXCHANGE);
		return new Declarables(exchange, BindingBuilder.bind(taskEventsOfThisInstance).to(exchange));
	}

	@Bean
	MessageFeed<Task> taskFeed(WorkProperties properties) {
		return new MessageFeed<>(properties.feedCapacity(), properties.rememberedSize(), Task::memorySize);
	}

}
