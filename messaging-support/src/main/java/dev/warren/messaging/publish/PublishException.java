package dev.warren.messaging.publish;

import org.jspecify.annotations.Nullable;

/**
 * A message that may not be reported as sent.
 */
public abstract sealed class PublishException extends RuntimeException
		permits NotRoutedException, UnconfirmedException {

	private static final long serialVersionUID = 1L;

	PublishException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
