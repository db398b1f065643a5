package dev.warren.postbox;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.warren.messaging.message.Text;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.messaging.publish.ConfirmedPublisher;
import dev.warren.messaging.publish.UnconfirmedException;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.task.TaskExecutor;
import org.springframework.stereotype.Component;
import org.springframework.util.AlternativeJdkIdGenerator;
import org.springframework.util.IdGenerator;

/**
 * Sends letters to the exchange {@code sorting_room}: the producer of "Rabbits and
 * Warrens".
 */
@Component
class Sender {

	private final ConfirmedPublisher publisher;

	private final Boxes boxes;

	private final TaskExecutor executor;

	private final String appId;

	private final IdGenerator ids = new AlternativeJdkIdGenerator();

	Sender(ConfirmedPublisher publisher, Boxes boxes, TaskExecutor executor,
			@Value("${spring.application.name}") String appId) {
		this.publisher = publisher;
		this.boxes = boxes;
		this.executor = executor;
		this.appId = appId;
	}

	/**
	 * Sends a letter.
	 * @param to the key of the boxes it is for
	 * @return completes once the broker has confirmed that it is in a box; exceptionally
	 * with a {@link ProblemException} if no box has the key, in which case it is nowhere
	 */
	CompletableFuture<SentLetter> send(String to, Text text) {
		String id = this.ids.generateId().toString();
		Message message = text.toMessage(id, this.appId);
		message.getMessageProperties().setDeliveryMode(MessageDeliveryMode.PERSISTENT);
		SentLetter sent = new SentLetter(id, to, PostboxTopology.SORTING_ROOM, true);
		return this.publisher.publish(PostboxTopology.SORTING_ROOM, to, message).whenComplete((confirmed, failure) -> {
			// The broker also closes the channel when somebody has deleted the
			// exchange, and with it the bindings. The next letter finds them again.
			if (failure instanceof UnconfirmedException
					|| failure instanceof CompletionException && failure.getCause() instanceof UnconfirmedException) {
				this.boxes.restoreAll();
			}
		})
			.thenCompose((confirmation) -> confirmation.routed() ? CompletableFuture.completedFuture(sent)
					: sendAgain(to, message, sent));
	}

	// The broker has returned it, and kept nothing of it. If a box should have got it,
	// somebody has deleted its queue or its binding.
	private CompletableFuture<SentLetter> sendAgain(String to, Message message, SentLetter sent) {
		return CompletableFuture.supplyAsync(() -> this.boxes.restoreWithKey(to), this.executor)
			.thenCompose((restored) -> {
				if (!restored) {
					throw nobody(to);
				}
				return this.publisher.publish(PostboxTopology.SORTING_ROOM, to, message);
			})
			.thenApply((again) -> {
				if (!again.routed()) {
					throw nobody(to);
				}
				return sent;
			});
	}

	private static CompletionException nobody(String to) {
		return new CompletionException(new ProblemException(ProblemType.NOT_FOUND,
				"No box has the key '%s'; the letter was not sent".formatted(to), "to"));
	}

	/**
	 * A letter that is in a box.
	 *
	 * @param id its message id
	 * @param to its routing key
	 * @param exchange the exchange it went through
	 * @param confirmed that the broker has confirmed it
	 */
	record SentLetter(String id, String to, String exchange, boolean confirmed) {

	}

}
