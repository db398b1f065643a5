package dev.warren.broker.ctl;

/**
 * A command that failed: what to say about it, and the status to exit with, which are
 * those of {@code rabbitmqctl}, from the BSD's {@code sysexits.h}.
 */
final class CommandFailure extends RuntimeException {

	static final int USAGE = 64;

	static final int DATA_ERROR = 65;

	static final int NO_USER = 67;

	static final int UNAVAILABLE = 69;

	static final int SOFTWARE = 70;

	private static final String VALIDATION = "Error (argument validation): ";

	private static final long serialVersionUID = 1;

	private final int status;

	private final String text;

	CommandFailure(int status, String text) {
		super(text);
		this.status = status;
		this.text = text;
	}

	/**
	 * What is wrong with the command line, to be followed by the command's usage.
	 */
	static CommandFailure usage(String message) {
		return new CommandFailure(USAGE, VALIDATION + message);
	}

	static CommandFailure badArgument(String message) {
		return new CommandFailure(DATA_ERROR, VALIDATION + "Bad argument: " + message);
	}

	static CommandFailure error(int status, String message) {
		return new CommandFailure(status, "Error:\n" + message);
	}

	static CommandFailure noVirtualHost(String name) {
		return new CommandFailure(DATA_ERROR, "Virtual host '" + name + "' does not exist");
	}

	int status() {
		return this.status;
	}

	/** What to print. */
	String text() {
		return this.text;
	}

	/** Whether it is followed by the command's usage. */
	boolean isUsage() {
		return this.text.startsWith(VALIDATION);
	}

}
