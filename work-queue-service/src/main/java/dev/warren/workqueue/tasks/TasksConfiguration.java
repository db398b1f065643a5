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

	/**
	 * This instance's own queue for events, which goes with its connection. The broker
	 * gives it another name for each: a cluster that lost its majority may keep the one
	 * before, whose node is gone, and refuse to declare it again.
	 */
	@Bean
	Queue taskEventsOfThisInstance() {
		return new Queue("", false, true, true);
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
