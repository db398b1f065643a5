package dev.warren.broker.rabbitmq.wire;

/**
 * The expiration property: milliseconds, as text.
 *
 * @see <a href=
 * "https://www.rabbitmq.com/docs/ttl#per-message-ttl-in-publishers">Per-message TTL</a>
 */
public final class Expiration {

	/** Milliseconds, about ten years: Erlang's timers do not count further. */
	public static final long LONGEST = 315_360_000_000L;

	private static final int MOST_DIGITS = 18;

	private Expiration() {
	}

	/**
	 * @throws ProtocolException if the text is no number of milliseconds
	 */
	public static void check(String text) {
		int digits = (text.startsWith("-") || text.startsWith("+")) ? 1 : 0;
		int end = digits;
		while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
			end++;
		}
		if (end == digits) {
			throw invalid(text, "no_integer");
		}
		if (end < text.length()) {
			throw invalid(text, "{leftover_string,\"" + text.substring(end) + "\"}");
		}
		if (text.startsWith("-")) {
			throw invalid(text, "{value_negative," + text + "}");
		}
		if (end - digits > MOST_DIGITS || Long.parseLong(text) > LONGEST) {
			throw invalid(text, "{value_too_big," + text + "}");
		}
	}

	private static ProtocolException invalid(String text, String reason) {
		return ReplyCode.PRECONDITION_FAILED.error("invalid expiration '%s': %s", text, reason);
	}

}
