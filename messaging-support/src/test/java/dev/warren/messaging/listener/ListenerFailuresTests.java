package dev.warren.messaging.listener;

import org.junit.jupiter.api.Test;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.listener.ListenerContainerConsumerFailedEvent;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;

import static org.assertj.core.api.Assertions.assertThat;

class ListenerFailuresTests {

	private final ListenerFailures failures = new ListenerFailures();

	@Test
	void oneThatIsStoppedBetweenTwoAttemptsFailsNoMore() {
		SimpleMessageListenerContainer container = container("worker-1");
		SimpleMessageListenerContainer another = container("worker-2");
		fail(container);
		fail(another);
		assertThat(this.failures.current()).containsOnlyKeys("worker-1", "worker-2");

		container.shutdown();

		assertThat(this.failures.current()).containsOnlyKeys("worker-2");
		fail(container);
		assertThat(this.failures.current()).containsOnlyKeys("worker-2");
		another.shutdown();
	}

	private void fail(SimpleMessageListenerContainer container) {
		this.failures.onApplicationEvent(new ListenerContainerConsumerFailedEvent(container,
				"Consumer raised exception", new IllegalStateException("no"), false));
	}

	private static SimpleMessageListenerContainer container(String id) {
		// Without a broker.
		SimpleMessageListenerContainer container = new SimpleMessageListenerContainer() {

			@Override
			protected int initializeConsumers() {
				return 0;
			}

		};
		container.setConnectionFactory(new CachingConnectionFactory());
		container.setListenerId(id);
		container.afterPropertiesSet();
		container.start();
		return container;
	}

}
