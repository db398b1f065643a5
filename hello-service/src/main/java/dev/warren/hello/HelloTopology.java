package dev.warren.hello;

import dev.warren.messaging.feed.MessageFeed;
import dev.warren.messaging.message.ReceivedMessage;
import dev.warren.messaging.broker.QueueProperties;

import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What tutorial 1 has on the broker, the queue {@code hello}. It is declared whenever a
 * connection opens; declaring it again as it is changes nothing.
 */
@Configuration(proxyBeanMethods = false)
class HelloTopology {

	/**
	 * The name of the queue, and so the routing key by which the default exchange routes
	 * to it.
	 */
	static final String QUEUE = "hello";

	@Bean
	Queue hello(HelloProperties properties, QueueProperties queues) {
		return (properties.durable() ? queues.durable(QUEUE) : QueueBuilder.nonDurable(QUEUE)).build();
	}

	@Bean
	MessageFeed<ReceivedMessage> receivedMessages(HelloProperties properties) {
		return new MessageFeed<>(properties.feedCapacity(), properties.feedSize(), ReceivedMessage::memorySize);
	}

}
