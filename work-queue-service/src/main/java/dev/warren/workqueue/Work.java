package dev.warren.workqueue;

import java.time.Duration;

import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;

import org.springframework.stereotype.Component;

/**
 * The work a task is: to wait, as long as a dot says for each dot in its text. A task
 * whose text begins with {@code !} fails when it has waited.
 */
@Component
class Work {

	private static final char DOT = '.';

	private static final String POISON = "!";

	private final Duration dot;

	private final Duration maxDuration;

	Work(WorkProperties properties) {
		this.dot = properties.dot();
		this.maxDuration = properties.maxDuration();
	}

	/**
	 * Does the work.
	 * @throws InterruptedException if the thread is interrupted, at which it stops
	 * @throws TaskFailedException if the task fails
	 */
	void perform(String text) throws InterruptedException, TaskFailedException {
		Duration duration = duration(text);
		if (duration.compareTo(this.maxDuration) > 0) {
			throw new TaskFailedException(tooLong(duration));
		}
		if (!duration.isZero()) {
			Thread.sleep(duration.toMillis());
		}
		if (text.startsWith(POISON)) {
			throw new TaskFailedException("The task begins with '" + POISON + "'");
		}
	}

	/**
	 * Whether the work takes no time worth speaking of.
	 */
	static boolean isTrivial(String text) {
		return text.indexOf(DOT) < 0;
	}

	/**
	 * Refuses a task that is too much work, before it is sent.
	 */
	void check(String text) {
		Duration duration = duration(text);
		if (duration.compareTo(this.maxDuration) > 0) {
			throw new ProblemException(ProblemType.INVALID_VALUE, tooLong(duration), "text");
		}
	}

	private String tooLong(Duration duration) {
		return "'text' has dots for %d s of work, more than the %d s allowed".formatted(duration.toSeconds(),
				this.maxDuration.toSeconds());
	}

	private Duration duration(String text) {
		return isTrivial(text) ? Duration.ZERO
				: this.dot.multipliedBy(text.chars().filter((character) -> character == DOT).count());
	}

}
