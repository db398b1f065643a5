package dev.warren.postbox.boxes;

import java.util.List;
import java.util.Optional;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;

import org.springframework.amqp.AmqpException;

/**
 * The broker's answer to what it does not do: it closes the channel.
 */
public final class Refusal {

	private Refusal() {
	}

	static Optional<AMQP.Channel.Close> of(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof ShutdownSignalException signal
					&& signal.getReason() instanceof AMQP.Channel.Close close) {
				return Optional.of(close);
			}
		}
		return Optional.empty();
	}

	/**
	 * Tells whether the broker has refused something for a reason.
	 * @param code the reason, such as {@link AMQP#NOT_FOUND}
	 * @param failure the failure
	 * @return whether that is behind it
	 */
	public static boolean is(int code, Throwable failure) {
		return of(failure).filter((refusal) -> refusal.getReplyCode() == code).isPresent();
	}

	/**
	 * Tells whether the broker does something.
	 * @param request has the broker do it
	 * @param codes the reply codes with which it may refuse it
	 * @return whether it did not refuse
	 * @throws AmqpException if anything else goes wrong
	 */
	static boolean accepts(Runnable request, Integer... codes) {
		try {
			request.run();
			return true;
		}
		catch (AmqpException ex) {
			if (of(ex).filter((refusal) -> List.of(codes).contains(refusal.getReplyCode())).isPresent()) {
				return false;
			}
			throw ex;
		}
	}

	static ProblemException conflict(String detail) {
		return new ProblemException(ProblemType.CONFLICT, detail, "name");
	}

}
