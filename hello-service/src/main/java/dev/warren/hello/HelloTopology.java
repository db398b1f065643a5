package dev.warren.hello;

import dev.warren.messaging.broker.QueueProperties;

import org.springframework.amqp.core.Queue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What tutorial 1 has on the broker, the queue {@code hello}. It is declared whenever a
 * connection opens; declaring it again as it is changes nothing.
 */
@Configuration(proxyBeanMethods = false)
public class HelloTopology {

	/**
	 * The name of the queue, and so the routing key by which the default exchange routes
	 * to it.
	 */
	public static final String QUEUE = "hello";

	/**
	 * The queue as the tutorial declares it: everybody who declares a queue must say the
	 * same. The older texts have it neither durable nor of a type, the official text of
	 * today has a durable quorum queue.
	 */
	@Bean
	Queue hello(HelloProperties properties, QueueProperties queues) {
		return queues.declared(QUEUE, "warren.hello.durable", properties.durable()).build();
	}

}
