package dev.warren.broker.rabbitmq.wire;

/**
 * The properties of messages that are short texts.
 */
public enum TextProperty {

	CONTENT_TYPE(0),

	CONTENT_ENCODING(1),

	CORRELATION_ID(5),

	REPLY_TO(6),

	EXPIRATION(7),

	MESSAGE_ID(8),

	TYPE(10),

	USER_ID(11),

	APP_ID(12);

	private final int index;

	TextProperty(int index) {
		this.index = index;
	}

	/**
	 * Its place among the properties on the wire.
	 */
	int index() {
		return this.index;
	}

}
