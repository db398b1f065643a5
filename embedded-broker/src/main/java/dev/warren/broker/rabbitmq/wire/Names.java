package dev.warren.broker.rabbitmq.wire;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The names the broker gives, and how error texts name things.
 */
public final class Names {

	public static final String RESERVED_PREFIX = "amq.";

	/** What the names of queues begin with that the broker named. */
	public static final String SERVER_NAMED = "amq.gen-";

	private static final int LONGEST = 255;

	private static final SecureRandom random = new SecureRandom();

	private Names() {
	}

	/**
	 * A name that nobody has or guesses, as long as RabbitMQ's: error texts that quote it
	 * still fit into the 255 octets they may have.
	 * @return the prefix and 22 more characters, 128 random bits in URL-safe Base64
	 */
	public static String generate(String prefix) {
		byte[] bits = new byte[16];
		random.nextBytes(bits);
		return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
	}

	/**
	 * Checks that a name or routing key, which did not come over AMQP, is short enough
	 * for AMQP.
	 * @throws ProtocolException if it is not
	 */
	public static void checkLength(String text) {
		if (!isShort(text)) {
			throw ReplyCode.SYNTAX_ERROR.error("a name or routing key is longer than %d bytes", LONGEST);
		}
	}

	public static boolean isShort(String text) {
		return text.getBytes(StandardCharsets.UTF_8).length <= LONGEST;
	}

	/**
	 * A client's text as the log shows it: in one line and cut. Control characters, line
	 * ends, and what is invisible or changes the direction of writing are escaped as in
	 * Java.
	 * @param most how many characters of the text are shown
	 */
	public static String printable(String text, int most) {
		StringBuilder printable = new StringBuilder();
		text.codePoints().limit(most).forEach((codePoint) -> {
			switch (Character.getType(codePoint)) {
				case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
						Character.SURROGATE ->
					Character.toString(codePoint)
						.chars()
						.forEach((unit) -> printable.append("\\u%04x".formatted(unit)));
				default -> printable.appendCodePoint(codePoint);
			}
		});
		return (text.codePointCount(0, text.length()) > most) ? printable.append('\u2026').toString()
				: printable.toString();
	}

	public static String queue(String queue, String virtualHost) {
		return "queue '" + queue + "' in vhost '" + virtualHost + "'";
	}

	public static String exchange(String exchange, String virtualHost) {
		return "exchange '" + exchange + "' in vhost '" + virtualHost + "'";
	}

	/**
	 * Names that differ only in line breaks are the same name.
	 */
	public static String withoutLineBreaks(String name) {
		return (name.indexOf('\n') < 0 && name.indexOf('\r') < 0) ? name : name.replace("\n", "").replace("\r", "");
	}

}
