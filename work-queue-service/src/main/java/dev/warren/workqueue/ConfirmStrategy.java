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
	INDIVIDUAL(1, 1),

	/** For 100 tasks together, before the next 100 are sent. */
	BATCH(100, 100),

	/**
	 * While the next tasks are sent, as long as no more than 1,000 are under way. At that
	 * point there is a wait for half of them: to go on with each confirm would be a
	 * change of threads for each task.
	 */
	ASYNC(1000, 500);

	private final int window;

	private final int room;

	ConfirmStrategy(int window, int room) {
		this.window = window;
		this.room = room;
	}

	/**
	 * How many tasks may be under way.
	 */
	int window() {
		return this.window;
	}

	/**
	 * How many of them must have been confirmed, once so many are under way, before the
	 * next is sent.
	 */
	int room() {
		return this.room;
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
