package dev.warren.hello;

import java.util.Map;

import dev.warren.messaging.broker.QueueProperties;
import org.junit.jupiter.api.Test;

import org.springframework.amqp.core.Queue;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the queue is declared as, with which a cluster can be given quorum queues.
 */
class HelloTopologyTests {

	private static final QueueProperties QUORUM = new QueueProperties(QueueProperties.Type.QUORUM);

	@Test
	void aQueueThatIsNotDurableHasNoType() {
		Queue hello = new HelloTopology().hello(properties(false), QUORUM);

		assertThat(hello.isDurable()).isFalse();
		assertThat(hello.getArguments()).isEmpty();
	}

	@Test
	void aDurableQueueIsOfTheTypeOfAllDurableQueues() {
		Queue hello = new HelloTopology().hello(properties(true), QUORUM);

		assertThat(hello.isDurable()).isTrue();
		assertThat(hello.getArguments()).isEqualTo(Map.of("x-queue-type", "quorum"));
	}

	private static HelloProperties properties(boolean durable) {
		return new HelloProperties(durable, 1, 1, 1, DataSize.ofKilobytes(1));
	}

}
