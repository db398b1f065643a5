package dev.warren.messaging.publish;

/**
 * The broker returned the message, since no queue takes it: it was not sent.
 */
public final class NotRoutedException extends PublishException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception for a message.
	 * @param message what was not routed
	 */
	public NotRoutedException(String message) {
		super(message, null);
	}

}
