package dev.warren.messaging.listener;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.warren.messaging.message.Utf8MessageConverter;
import dev.warren.test.BrokerUnderTest;
import org.junit.jupiter.api.Test;

import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

class EmptyBodyTests {

	private static final String QUEUE = "listener-group-tests";

	private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

	@Test
	void anEmptyMessageIsReceivedAsAnEmptyText() throws Exception {
		try (BrokerUnderTest broker = BrokerUnderTest.start()) {
			broker.withChannel((channel) -> channel.queueDeclare(QUEUE, false, false, false, null));
			CachingConnectionFactory connections = new CachingConnectionFactory(broker.host(), broker.port());
			SimpleRabbitListenerContainerFactory containers = new SimpleRabbitListenerContainerFactory();
			containers.setConnectionFactory(connections);
			containers.setMessageConverter(new Utf8MessageConverter());
			ListenerGroup<Listener> group = new ListenerGroup<>("listener", 1, 1, (id) -> new Listener(), containers);
			group.start();

			broker.withChannel((channel) -> channel.basicPublish("", QUEUE, null, new byte[0]));

			assertThat(this.received.poll(30, TimeUnit.SECONDS)).isEmpty();
			group.stop();
			connections.destroy();
			broker.withoutQueues(QUEUE);
		}
	}

	class Listener {

		@RabbitListener(queues = QUEUE)
		void receive(String text) {
			EmptyBodyTests.this.received.add(text);
		}

	}

}
