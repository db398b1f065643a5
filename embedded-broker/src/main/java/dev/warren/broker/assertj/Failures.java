package dev.warren.broker.assertj;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.assertj.core.api.WritableAssertionInfo;

/**
 * How assertions about a broker fail.
 */
final class Failures {

	/** How long they wait if nobody says otherwise. */
	static final Duration PATIENCE = Duration.ofSeconds(10);

	private Failures() {
	}

	/**
	 * @param info what the test calls the thing, and the text it wants instead
	 */
	static void unless(boolean holds, WritableAssertionInfo info, Supplier<String> text) {
		if (!holds) {
			String message = Objects.requireNonNullElseGet(info.overridingErrorMessage(), text);
			throw new AssertionError(info.hasDescription() ? "[" + info.descriptionText() + "] " + message : message);
		}
	}

	static String text(Duration duration) {
		long millis = TimeUnit.MILLISECONDS.convert(duration);
		return (millis % 1000 == 0) ? millis / 1000 + " s" : millis + " ms";
	}

}
