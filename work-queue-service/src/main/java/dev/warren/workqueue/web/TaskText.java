package dev.warren.workqueue.web;

import java.time.Duration;

import dev.warren.messaging.message.Text;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.workqueue.WorkProperties;
import org.jspecify.annotations.Nullable;

/**
 * The text of a task that a request submits.
 */
final class TaskText {

	private TaskText() {
	}

	/**
	 * Refuses what is no text, or is too much work, before it is sent.
	 * @throws ProblemException if it is not acceptable
	 */
	static String of(@Nullable String text, WorkProperties properties) {
		String checked = Text.of(text).toString();
		Duration duration = properties.duration(checked);
		if (duration.compareTo(properties.maxDuration()) > 0) {
			throw new ProblemException(ProblemType.INVALID_VALUE,
					"'text' has dots for %d s of work, more than the %d s allowed".formatted(duration.toSeconds(),
							properties.maxDuration().toSeconds()),
					"text");
		}
		return checked;
	}

}
