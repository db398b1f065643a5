package dev.warren.messaging.broker;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.amqp.core.Queue;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
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

	@Test
	void theCurrentEditionDeclaresDurableQuorumQueues() {
		Queue queue = bind(Map.of("warren.edition", "current")).declared("hello", "warren.hello.durable", null).build();

		assertThat(queue.isDurable()).isTrue();
		assertThat(queue.getArguments()).containsExactly(Map.entry("x-queue-type", "quorum"));
	}

	@Test
	void anExplicitPropertyWinsOverTheEdition() {
		assertThat(bind(Map.of("warren.edition", "current", "warren.queues.type", "classic")).durable("letters")
			.build()
			.getArguments()).isEmpty();
		assertThat(bind(Map.of("warren.edition", "current")).declared("hello", "warren.hello.durable", false)
			.build()
			.isDurable()).isFalse();
		assertThat(bind(Map.of()).declared("hello", "warren.hello.durable", true).build().isDurable()).isTrue();
		assertThat(bind(Map.of("warren.queues.type", "quorum")).declared("hello", "warren.hello.durable", null)
			.build()
			.isDurable()).isFalse();
	}

	@Test
	void aQuorumQueueThatIsNotDurableIsRefusedWithTheCure() {
		QueueProperties quorum = bind(Map.of("warren.queues.type", "quorum"));

		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> quorum.declared("hello", "warren.hello.durable", false))
			.withMessageContaining("warren.hello.durable")
			.withMessageContaining("set this to true");
	}

	private static QueueProperties bind(Map<String, String> properties) {
		return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("warren", QueueProperties.class);
	}

}
