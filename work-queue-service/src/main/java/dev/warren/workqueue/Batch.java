package dev.warren.workqueue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

import dev.warren.messaging.message.Text;
import dev.warren.workqueue.BatchReceipt.Unconfirmed;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that are sent together. Once one was not confirmed no more are sent: those that
 * follow would wait for a broker that is away, each for as long as a confirm may take.
 */
final class Batch {

	private static final String CONFIRMED = "";

	private final String id;

	private final List<Text> texts;

	private final Transmission transmission;

	// For each task: nothing, CONFIRMED, or why it was not.
	private final AtomicReferenceArray<String> outcomes;

	private volatile boolean failed;

	Batch(String id, List<Text> texts, Transmission transmission) {
		this.id = id;
		this.texts = texts;
		this.transmission = transmission;
		this.outcomes = new AtomicReferenceArray<>(texts.size());
	}

	BatchReceipt send(ConfirmStrategy strategy) throws InterruptedException {
		long start = System.nanoTime();
		Semaphore window = new Semaphore(strategy.window());
		for (int i = 0; i < this.texts.size(); i++) {
			if (!window.tryAcquire()) {
				window.acquire(strategy.room());
				window.release(strategy.room() - 1);
			}
			if (this.failed) {
				window.release();
				break;
			}
			int index = i;
			this.transmission.send(id(i), this.texts.get(i), (failure) -> {
				if (failure != null) {
					this.failed = true;
				}
				this.outcomes.set(index, (failure != null) ? reason(failure) : CONFIRMED);
				window.release();
			});
		}
		window.acquire(strategy.window());
		return receipt(strategy, Duration.ofNanos(System.nanoTime() - start));
	}

	private String id(int index) {
		return this.id + "-" + index;
	}

	private static String reason(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		return String.valueOf(cause.getMessage());
	}

	private BatchReceipt receipt(ConfirmStrategy strategy, Duration elapsed) {
		List<Unconfirmed> unconfirmed = new ArrayList<>();
		for (int i = 0; i < this.texts.size(); i++) {
			String outcome = this.outcomes.get(i);
			if (outcome == null) {
				unconfirmed.add(new Unconfirmed(i, id(i), "Not sent, since one before it was not confirmed"));
			}
			else if (!CONFIRMED.equals(outcome)) {
				unconfirmed.add(new Unconfirmed(i, id(i), outcome));
			}
		}
		return BatchReceipt.of(this.id, strategy, this.texts.size(), unconfirmed, elapsed);
	}

	/**
	 * Sends a task.
	 */
	@FunctionalInterface
	interface Transmission {

		/**
		 * Sends a task, without waiting.
		 * @param outcome is told {@code null} when the broker has confirmed the task, or
		 * why it has not
		 */
		void send(String id, Text text, Consumer<@Nullable Throwable> outcome);

	}

}
