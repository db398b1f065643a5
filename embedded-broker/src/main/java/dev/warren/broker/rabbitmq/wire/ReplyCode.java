package dev.warren.broker.rabbitmq.wire;

/**
 * The reply codes of AMQP 0-9-1, section 1.2. A soft error closes the channel, a hard one
 * the connection.
 */
public enum ReplyCode {

	CONTENT_TOO_LARGE(311, false),

	NO_ROUTE(312, false),

	CONNECTION_FORCED(320, true),

	ACCESS_REFUSED(403, false),

	NOT_FOUND(404, false),

	RESOURCE_LOCKED(405, false),

	PRECONDITION_FAILED(406, false),

	FRAME_ERROR(501, true),

	SYNTAX_ERROR(502, true),

	COMMAND_INVALID(503, true),

	CHANNEL_ERROR(504, true),

	UNEXPECTED_FRAME(505, true),

	RESOURCE_ERROR(506, true),

	NOT_ALLOWED(530, true),

	NOT_IMPLEMENTED(540, true),

	INTERNAL_ERROR(541, true);

	private final int code;

	private final boolean hard;

	ReplyCode(int code, boolean hard) {
		this.code = code;
		this.hard = hard;
	}

	public int code() {
		return this.code;
	}

	boolean isHard() {
		return this.hard;
	}

	public ProtocolException error(String message, Object... arguments) {
		return new ProtocolException(this, this.hard, message.formatted(arguments));
	}

	/**
	 * The error that closes the connection even where the code alone would only close the
	 * channel.
	 */
	public ProtocolException connectionError(String message, Object... arguments) {
		return new ProtocolException(this, true, message.formatted(arguments));
	}

}
