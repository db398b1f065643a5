package dev.warren.messaging.publish;

import org.jspecify.annotations.Nullable;

/**
 * There is no connection to the broker: the message was not sent.
 */
public final class BrokerUnavailableException extends PublishException {

	private static final long serialVersionUID = 1L;

	BrokerUnavailableException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
