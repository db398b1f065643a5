package dev.warren.workqueue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.warren.messaging.publish.Confirmation;
import dev.warren.messaging.publish.ConfirmedPublisher;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Message;
import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.TaskRejectedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

/**
 * What becomes of messages that the broker returns.
 */
class TaskPublisherTests {

	private final ConfirmedPublisher confirmed = mock(ConfirmedPublisher.class);

	private final AmqpAdmin admin = mock(AmqpAdmin.class);

	private final List<@Nullable Throwable> outcomes = new ArrayList<>();

	@Test
	void aReturnedMessageFailsWhenNothingMoreIsExecuted() {
		returned();
		TaskPublisher publisher = publisher((task) -> {
			throw new TaskRejectedException("stopped");
		});

		publish(publisher);

		assertThat(this.outcomes).singleElement().isInstanceOf(Throwable.class);
	}

	@Test
	void returnedMessagesShareADeclaration() {
		returned();
		List<Runnable> executed = new ArrayList<>();
		TaskPublisher publisher = publisher(executed::add);

		publish(publisher);
		publish(publisher);

		assertThat(executed).hasSize(1);
		executed.get(0).run();
		verify(this.admin).initialize();
		assertThat(this.outcomes).hasSize(2);
	}

	private void returned() {
		given(this.confirmed.publishUnobserved(anyString(), anyString(), any()))
			.willReturn(CompletableFuture.completedFuture(new Confirmation(false)));
	}

	private TaskPublisher publisher(TaskExecutor executor) {
		return new TaskPublisher(this.confirmed, this.admin, executor, ObservationRegistry.NOOP);
	}

	private void publish(TaskPublisher publisher) {
		publisher.publishOneOfMany("queue", new Message(new byte[0]), this.outcomes::add);
	}

}
