package dev.warren.messaging.publish;

import org.jspecify.annotations.Nullable;

/**
 * The message was handed to the broker, which did not confirm it: it refused it
 * ({@code basic.nack}), took too long, or the channel closed first. In the last two cases
 * the message may nevertheless arrive; sending it again may deliver it twice.
 */
public final class UnconfirmedException extends PublishException {

	private static final long serialVersionUID = 1L;

	UnconfirmedException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
