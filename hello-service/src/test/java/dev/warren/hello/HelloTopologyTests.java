package dev.warren.hello;

import java.util.Map;

import dev.warren.messaging.broker.Edition;
import dev.warren.messaging.broker.QueueProperties;
import dev.warren.messaging.broker.QueueProperties.Queues;
import dev.warren.messaging.broker.QueueProperties.Type;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.amqp.core.Queue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the queue is declared as, in either edition and by properties.
 */
class HelloTopologyTests {

	@Test
	void inTheClassicEditionTheQueueIsNotDurableAndHasNoType() {
		Queue hello = hello(null, new QueueProperties(Edition.CLASSIC, new Queues(null)));

		assertThat(hello.isDurable()).isFalse();
		assertThat(hello.getArguments()).isEmpty();
	}

	@Test
	void inTheCurrentEditionTheQueueIsADurableQuorumQueue() {
		Queue hello = hello(null, new QueueProperties(Edition.CURRENT, new Queues(null)));

		assertThat(hello.isDurable()).isTrue();
		assertThat(hello.getArguments()).isEqualTo(Map.of("x-queue-type", "quorum"));
	}

	@Test
	void itsOwnPropertyDecidesAgainstTheEdition() {
		assertThat(hello(false, new QueueProperties(Edition.CURRENT, new Queues(null))).isDurable()).isFalse();
		assertThat(hello(true, new QueueProperties(Edition.CLASSIC, new Queues(null))).isDurable()).isTrue();
	}

	@Test
	void aDurableQueueIsOfTheTypeOfAllDurableQueues() {
		Queue hello = hello(true, new QueueProperties(Edition.CLASSIC, new Queues(Type.QUORUM)));

		assertThat(hello.getArguments()).isEqualTo(Map.of("x-queue-type", "quorum"));
	}

	@Test
	void aQuorumQueueThatIsNotDurableIsRefusedWithTheCure() {
		QueueProperties quorum = new QueueProperties(Edition.CLASSIC, new Queues(Type.QUORUM));

		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> hello(false, quorum))
			.withMessageContaining("warren.hello.durable");
	}

	private static Queue hello(@Nullable Boolean durable, QueueProperties queues) {
		return new HelloTopology().hello(new HelloProperties(durable, 1, 1, 1, DataSize.ofKilobytes(1)), queues);
	}

}
