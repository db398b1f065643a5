package dev.warren.messaging.queue;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.amqp.core.Queue;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class QueuePropertiesTests {

	@Test
	void queuesAreClassicAndDeclaredWithoutArgumentsUnlessToldOtherwise() {
		Queue queue = bind(Map.of()).durable("letters").build();

		assertThat(queue.isDurable()).isTrue();
		assertThat(queue.getName()).isEqualTo("letters");
		assertThat(queue.getArguments()).isEmpty();
	}

	@Test
	void quorumQueuesAreDeclaredWithTheirType() {
		Queue queue = bind(Map.of("warren.queues.type", "quorum")).durable("letters").build();

		assertThat(queue.isDurable()).isTrue();
		assertThat(queue.getArguments()).containsExactly(Map.entry("x-queue-type", "quorum"));
	}

	@Test
	void anUnknownTypeIsRefused() {
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> bind(Map.of("warren.queues.type", "stream")))
			.havingRootCause()
			.withMessageContaining("stream");
	}

	private static QueueProperties bind(Map<String, String> properties) {
		return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("warren.queues",
				QueueProperties.class);
	}

}
