package dev.warren.broker.rabbitmq.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An error the client is told about, by closing its channel or its connection.
 */
public final class ProtocolException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private static final int LONGEST_TEXT = 255;

	private final ReplyCode code;

	private final boolean closesConnection;

	ProtocolException(ReplyCode code, boolean closesConnection, String message) {
		// The client's mistake, not ours: nobody looks at the stack.
		super(code.name() + " - " + message, null, false, false);
		this.code = code;
		this.closesConnection = closesConnection;
	}

	public ReplyCode code() {
		return this.code;
	}

	public boolean closesConnection() {
		return this.closesConnection;
	}

	/**
	 * The reply text, which is cut to what fits into a short string.
	 */
	public byte[] replyText() {
		byte[] text = String.valueOf(getMessage()).getBytes(StandardCharsets.UTF_8);
		if (text.length <= LONGEST_TEXT) {
			return text;
		}
		byte[] cut = Arrays.copyOf(text, LONGEST_TEXT);
		Arrays.fill(cut, LONGEST_TEXT - 3, LONGEST_TEXT, (byte) '.');
		return cut;
	}

}
