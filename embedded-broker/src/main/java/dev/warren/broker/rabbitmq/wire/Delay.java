package dev.warren.broker.rabbitmq.wire;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The header {@code x-delay}: for how many milliseconds an exchange of the type
 * {@code x-delayed-message} keeps a message.
 *
 * @see <a href=
 * "https://github.com/rabbitmq/rabbitmq-delayed-message-exchange">RabbitMQ's plugin</a>
 */
public final class Delay {

	private static final String HEADER = "x-delay";

	/** The longest that Erlang's timers count. */
	private static final long LONGEST = 4_294_967_295L;

	private Delay() {
	}

	/**
	 * How long a message is to be kept, 0 if not at all: it does not say, or the plugin
	 * would not delay it.
	 * @throws ProtocolException if the header is a text that is not a number
	 */
	public static long of(Map<String, ? extends @Nullable Object> headers) {
		Object value = headers.get(HEADER);
		long delay = 0;
		if (value instanceof String text) {
			delay = parse(text);
		}
		else if (value instanceof Number number && !(value instanceof BigDecimal)) {
			delay = number.longValue();
		}
		return (delay > 0 && delay <= LONGEST) ? delay : 0;
	}

	private static long parse(String text) {
		try {
			BigInteger number = new BigInteger(text);
			return (number.bitLength() < Long.SIZE) ? number.longValue() : 0;
		}
		catch (NumberFormatException ex) {
			// As with the plugin, which does not expect that.
			throw ReplyCode.INTERNAL_ERROR.error("the header '%s' is not a number", HEADER);
		}
	}

	/**
	 * Notes that a message has been kept: the delay becomes negative, so that no other
	 * exchange keeps it again.
	 */
	public static void end(MessageProperties properties) {
		Map<String, @Nullable Object> headers = properties.headers();
		long delay = -of(headers);
		headers.put(HEADER, (delay < Integer.MIN_VALUE) ? delay : (Object) (int) delay);
		properties.headers(headers);
	}

}
