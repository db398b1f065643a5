package dev.warren.workqueue;

/**
 * The work on a task went wrong.
 */
final class TaskFailedException extends Exception {

	private static final long serialVersionUID = 1L;

	TaskFailedException(String message) {
		super(message);
	}

}
