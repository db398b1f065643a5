package dev.warren.hello.web;

import dev.warren.hello.HelloProperties;
import dev.warren.hello.Receiver;
import dev.warren.messaging.log.MessageLog;
import dev.warren.messaging.feed.MessageFeed;
import dev.warren.messaging.listener.ListenerGroup;
import dev.warren.messaging.message.ReceivedMessage;

import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The receivers that REST starts and stops, and what they received.
 */
@Configuration(proxyBeanMethods = false)
class ReceiverConfiguration {

	@Bean
	MessageFeed<ReceivedMessage> receivedMessages(HelloProperties properties) {
		return new MessageFeed<>(properties.feedCapacity(), properties.feedSize(), ReceivedMessage::memorySize);
	}

	@Bean
	ListenerGroup<Receiver> receivers(HelloProperties properties, MessageFeed<ReceivedMessage> feed, MessageLog log,
			SimpleRabbitListenerContainerFactory containers) {
		return new ListenerGroup<>("receiver", properties.receivers(), properties.maxReceivers(),
				(id) -> new Receiver(id, (message) -> feed.add(ReceivedMessage.of(message, id)), log), containers);
	}

}
