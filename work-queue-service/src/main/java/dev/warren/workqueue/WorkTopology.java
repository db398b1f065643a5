package dev.warren.workqueue;

import dev.warren.messaging.broker.QueueProperties;

import org.springframework.amqp.core.Queue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What tutorial 2 has on the broker: a durable queue, and one for the tasks that failed
 * too often. Both are declared when a connection opens.
 */
@Configuration(proxyBeanMethods = false)
public class WorkTopology {

	/**
	 * The tutorial's queue, declared with the tutorial's arguments and no others:
	 * everybody who declares a queue must say the same.
	 */
	public static final String QUEUE = "task_queue";

	/** Where {@link FailedTasks} puts what failed too often. */
	public static final String DEAD_LETTERS = "task_dead_letters";

	@Bean
	Queue taskQueue(QueueProperties queues) {
		return queues.durable(QUEUE).build();
	}

	@Bean
	Queue deadLetterQueue(QueueProperties queues) {
		return queues.durable(DEAD_LETTERS).build();
	}

}
