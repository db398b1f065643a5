package dev.warren.broker;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the broker cannot start. The message names the cause and the property to
 * change; whatever had been started by then has been stopped again.
 */
public final class BrokerStartException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	public BrokerStartException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
