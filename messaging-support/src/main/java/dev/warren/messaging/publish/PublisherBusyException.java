package dev.warren.messaging.publish;

/**
 * Too much waits for the broker's confirm already: the message was not sent.
 */
public final class PublisherBusyException extends PublishException {

	private static final long serialVersionUID = 1L;

	PublisherBusyException(String message) {
		super(message, null);
	}

}
