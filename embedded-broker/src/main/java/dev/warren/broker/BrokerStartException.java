package dev.warren.broker;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the broker cannot start: it says why, and which property to change. What
 * had been started by then has been stopped again, and nothing on disk has been harmed.
 */
public final class BrokerStartException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String problem;

	private final String remedy;

	/**
	 * @param problem what is wrong, in one sentence
	 * @param remedy what to do about it, naming the property to change
	 */
	public BrokerStartException(String problem, String remedy, @Nullable Throwable cause) {
		super(problem + " " + remedy, cause);
		this.problem = problem;
		this.remedy = remedy;
	}

	BrokerStartException(String problem, String remedy) {
		this(problem, remedy, null);
	}

	/**
	 * What is wrong, in one sentence.
	 */
	public String problem() {
		return this.problem;
	}

	/**
	 * What to do about it, naming the property to change.
	 */
	public String remedy() {
		return this.remedy;
	}

}
