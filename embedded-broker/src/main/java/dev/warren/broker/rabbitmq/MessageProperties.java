package dev.warren.broker.rabbitmq;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.apache.qpid.server.bytebuffer.QpidByteBuffer;
import org.apache.qpid.server.protocol.v0_8.AMQFrameDecodingException;
import org.apache.qpid.server.protocol.v0_8.AMQMessage;
import org.apache.qpid.server.protocol.v0_8.transport.BasicContentHeaderProperties;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a message as their bytes on the wire, taken apart property by
 * property, so that one can be changed and all others stay as the publisher wrote them.
 */
final class MessageProperties {

	private static final int HEADERS = 2;

	private static final int DELIVERY_MODE = 3;

	private static final int PRIORITY = 4;

	private static final int EXPIRATION = 7;

	private static final int TIMESTAMP = 9;

	private static final int REPLY_TO = 6;

	private static final int USER_ID = 11;

	static final int HEADERS_FLAG = flag(HEADERS);

	static final int DELIVERY_MODE_FLAG = flag(DELIVERY_MODE);

	/** The properties that a publisher may get wrong, or that the broker replaces. */
	static final int CHECKED_FLAGS = flag(EXPIRATION) | flag(USER_ID) | flag(REPLY_TO);

	private static final int COUNT = 14;

	/** In the order of the wire; null where the message has no such property. */
	private final byte[] @Nullable [] fields;

	private MessageProperties(byte[] @Nullable [] fields) {
		this.fields = fields;
	}

	private static int flag(int property) {
		return 1 << (15 - property);
	}

	/**
	 * Reads flags and properties.
	 * @throws ProtocolException if they are malformed
	 */
	static MessageProperties read(int flags, byte[] bytes, int offset, int length) {
		byte[] @Nullable [] fields = new byte[COUNT][];
		int end = offset + length;
		int position = offset;
		if ((flags & 0b11) != 0) {
			throw ReplyCode.SYNTAX_ERROR.error("malformed message properties");
		}
		for (int property = 0; property < COUNT; property++) {
			if ((flags & flag(property)) != 0) {
				int size = size(property, bytes, position, end);
				if (size > end - position || size < 0) {
					throw ReplyCode.SYNTAX_ERROR.error("malformed message properties");
				}
				fields[property] = Arrays.copyOfRange(bytes, position, position + size);
				position += size;
			}
		}
		if (position != end) {
			throw ReplyCode.SYNTAX_ERROR.error("malformed message properties");
		}
		return new MessageProperties(fields);
	}

	private static int size(int property, byte[] bytes, int position, int end) {
		return switch (property) {
			case HEADERS -> (end - position < 4) ? -1 : 4 + ByteBuffer.wrap(bytes).getInt(position);
			case DELIVERY_MODE, PRIORITY -> 1;
			case TIMESTAMP -> 8;
			default -> (end - position < 1) ? -1 : 1 + (bytes[position] & 0xff);
		};
	}

	static MessageProperties of(AMQMessage message) {
		BasicContentHeaderProperties properties = message.getContentHeaderBody().getProperties();
		byte[] bytes = new byte[properties.getPropertyListSize()];
		try (QpidByteBuffer buffer = QpidByteBuffer.wrap(bytes)) {
			properties.writePropertyListPayload(buffer);
		}
		return read(properties.getPropertyFlags(), bytes, 0, bytes.length);
	}

	/**
	 * The message's priority, 0 if it has none.
	 */
	static int priority(AMQMessage message) {
		return message.getContentHeaderBody().getProperties().getPriority() & 0xff;
	}

	/**
	 * How many milliseconds the message lives in a queue, -1 if it does not say.
	 */
	static long expiration(AMQMessage message) {
		BasicContentHeaderProperties properties = message.getContentHeaderBody().getProperties();
		return properties.hasExpiration() ? properties.getExpiration() : -1;
	}

	@Nullable String expiration() {
		return shortString(EXPIRATION);
	}

	@Nullable String userId() {
		return shortString(USER_ID);
	}

	@Nullable String replyTo() {
		return shortString(REPLY_TO);
	}

	void replyTo(String replyTo) {
		byte[] text = replyTo.getBytes(StandardCharsets.UTF_8);
		this.fields[REPLY_TO] = ByteBuffer.allocate(1 + text.length).put((byte) text.length).put(text).array();
	}

	private @Nullable String shortString(int property) {
		byte[] field = this.fields[property];
		return (field == null) ? null : Wire.text(field, 1, field.length - 1);
	}

	void removeExpiration() {
		this.fields[EXPIRATION] = null;
	}

	/**
	 * The headers, in a map that may be changed and then set.
	 */
	Map<String, @Nullable Object> headers() {
		byte[] field = this.fields[HEADERS];
		return (field == null) ? new LinkedHashMap<>()
				: new LinkedHashMap<>(ArgumentTable.read(ByteBuffer.wrap(field)));
	}

	boolean hasHeaders() {
		return this.fields[HEADERS] != null;
	}

	void headers(Map<String, @Nullable Object> headers) {
		this.fields[HEADERS] = headers.isEmpty() ? null : ArgumentTable.write(headers);
	}

	/**
	 * The headers of a message, for reading.
	 */
	static Map<String, @Nullable Object> headers(AMQMessage message) {
		MessageProperties properties = of(message);
		return properties.hasHeaders() ? properties.headers() : Collections.emptyMap();
	}

	BasicContentHeaderProperties toQpid() {
		int flags = 0;
		int size = 0;
		for (int property = 0; property < COUNT; property++) {
			byte[] field = this.fields[property];
			if (field != null) {
				flags |= flag(property);
				size += field.length;
			}
		}
		ByteBuffer bytes = ByteBuffer.allocate(size);
		for (byte[] field : this.fields) {
			if (field != null) {
				bytes.put(field);
			}
		}
		bytes.flip();
		return toQpid(flags, QpidByteBuffer.wrap(bytes), size);
	}

	static BasicContentHeaderProperties toQpid(int flags, QpidByteBuffer bytes, int size) {
		try {
			return new BasicContentHeaderProperties(bytes, flags, size);
		}
		catch (AMQFrameDecodingException ex) {
			throw ReplyCode.SYNTAX_ERROR.error("malformed message properties");
		}
	}

}
