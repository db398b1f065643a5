package dev.warren.broker.rabbitmq;

/**
 * An error the client is told about, by closing its channel or its connection.
 */
final class ProtocolException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final ReplyCode code;

	private final boolean closesConnection;

	ProtocolException(ReplyCode code, boolean closesConnection, String message) {
		// The client's mistake, not ours: nobody looks at the stack.
		super(code.name() + " - " + message, null, false, false);
		this.code = code;
		this.closesConnection = closesConnection;
	}

	ReplyCode code() {
		return this.code;
	}

	boolean closesConnection() {
		return this.closesConnection;
	}

	/**
	 * The reply text, which is cut to what fits into a short string.
	 */
	String replyText() {
		String text = String.valueOf(getMessage());
		return (text.length() > 200) ? text.substring(0, 197) + "..." : text;
	}

}
