package dev.warren.messaging.log;

import java.io.EOFException;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;

import org.springframework.core.NestedExceptionUtils;

/**
 * Why the broker refused something, or could not be asked, in one line for people.
 */
public final class Reason {

	private Reason() {
	}

	/**
	 * The reason that is at the bottom of a failure: what the broker said, if it did.
	 * @param failure the failure
	 * @return the reason, printable and never empty
	 */
	public static String of(Throwable failure) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		if (cause instanceof ShutdownSignalException signal) {
			return Printable.line(reason(signal));
		}
		if (cause instanceof EOFException) {
			return "The broker has closed the connection";
		}
		if (cause instanceof TimeoutException) {
			return "The broker does not answer in time";
		}
		return Printable.line((cause.getMessage() != null) ? cause.getMessage() : cause.toString());
	}

	private static String reason(ShutdownSignalException signal) {
		Method reason = signal.getReason();
		if (reason instanceof AMQP.Channel.Close close) {
			return close.getReplyText();
		}
		if (reason instanceof AMQP.Connection.Close close) {
			return close.getReplyText();
		}
		return String.valueOf(signal.getMessage());
	}

}
