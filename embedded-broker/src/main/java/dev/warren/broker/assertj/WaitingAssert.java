package dev.warren.broker.assertj;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import dev.warren.broker.Timeline;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions that wait until they hold, and otherwise say what happened.
 *
 * @param <S> their own type
 * @param <A> what they are about
 */
abstract class WaitingAssert<S extends WaitingAssert<S, A>, A> extends AbstractAssert<S, A> {

	private Duration atMost = Duration.ofSeconds(10);

	WaitingAssert(A actual, Class<S> selfType) {
		super(actual, selfType);
	}

	/**
	 * How long the assertions after this one wait at most.
	 */
	public S within(Duration duration) {
		this.atMost = duration;
		return this.myself;
	}

	abstract Timeline timeline();

	/**
	 * What it is about, in a failure.
	 */
	abstract String subject();

	/**
	 * @param what what it is to do or to be
	 * @param instead what it is instead
	 * @param story what happened
	 */
	S await(BooleanSupplier condition, String what, Supplier<String> instead, Supplier<?> story) {
		isNotNull();
		failUnless(timeline().holdsWithin(this.atMost, condition), () -> "Expected %s to %s within %s, but %s"
			.formatted(subject(), what, text(this.atMost), instead.get()), story);
		return this.myself;
	}

	void failUnless(boolean holds, Supplier<String> failure, Supplier<?> story) {
		if (!holds) {
			String text = Objects.requireNonNullElseGet(this.info.overridingErrorMessage(),
					() -> "%s.%nWhat happened:%n%s".formatted(failure.get(), story.get()));
			throw new AssertionError(
					this.info.hasDescription() ? "[" + this.info.descriptionText() + "] " + text : text);
		}
	}

	static String text(Duration duration) {
		long millis = TimeUnit.MILLISECONDS.convert(duration);
		return (millis % 1000 == 0) ? millis / 1000 + " s" : millis + " ms";
	}

}
