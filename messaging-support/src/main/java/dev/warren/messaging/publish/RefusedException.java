package dev.warren.messaging.publish;

import org.springframework.amqp.AmqpException;

/**
 * The broker answers, and refuses: what is there is of another kind, say, or the service
 * may not do it. Trying again helps when somebody has changed that.
 */
public final class RefusedException extends AmqpException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception for a refusal.
	 * @param message what was refused, and why
	 */
	public RefusedException(String message) {
		super(message);
	}

}
