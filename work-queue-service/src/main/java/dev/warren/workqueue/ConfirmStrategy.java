package dev.warren.workqueue;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;

/**
 * How a batch waits for the broker's confirms: the strategies of tutorial 7.
 */
enum ConfirmStrategy {

	/** For each task, before the next is sent. */
	INDIVIDUAL(1),

	/** For 100 tasks together, before the next 100 are sent. */
	BATCH(100),

	/**
	 * While the next tasks are sent: whenever a confirm arrives another task may go, as
	 * long as no more than 1,000 are under way.
	 */
	ASYNC(1000);

	private final int window;

	ConfirmStrategy(int window) {
		this.window = window;
	}

	/**
	 * How many tasks may be under way.
	 */
	int window() {
		return this.window;
	}

	/**
	 * Whether a confirm makes room for the next task, or only that of the last in the
	 * window does.
	 */
	boolean isSliding() {
		return this == ASYNC;
	}

	@JsonValue
	String code() {
		return name().toLowerCase(Locale.ROOT);
	}

	static ConfirmStrategy of(String code) {
		for (ConfirmStrategy strategy : values()) {
			if (strategy.code().equals(code)) {
				return strategy;
			}
		}
		throw new ProblemException(ProblemType.INVALID_VALUE,
				"There is no confirm strategy '%s'; there are 'individual', 'batch', 'async'".formatted(code),
				"confirm");
	}

}
