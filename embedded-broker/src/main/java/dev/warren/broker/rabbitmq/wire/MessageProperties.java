package dev.warren.broker.rabbitmq.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The properties of a message as their bytes on the wire, taken apart property by
 * property, so that one can be changed and all others stay as the publisher wrote them.
 */
public final class MessageProperties implements PropertyList {

	private static final int HEADERS = 2;

	private static final int DELIVERY_MODE = 3;

	private static final int PRIORITY = 4;

	private static final int EXPIRATION = 7;

	private static final int TIMESTAMP = 9;

	private static final int CORRELATION_ID = 5;

	private static final int REPLY_TO = 6;

	private static final int MESSAGE_ID = 8;

	private static final int USER_ID = 11;

	public static final int HEADERS_FLAG = flag(HEADERS);

	public static final int DELIVERY_MODE_FLAG = flag(DELIVERY_MODE);

	public static final int PRIORITY_FLAG = flag(PRIORITY);

	/** The properties that a publisher may get wrong, or that the broker replaces. */
	public static final int CHECKED_FLAGS = flag(EXPIRATION) | flag(USER_ID) | flag(REPLY_TO);

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
	public static MessageProperties read(int flags, byte[] bytes, int offset, int length) {
		byte[] @Nullable [] fields = new byte[COUNT][];
		int end = offset + length;
		int position = offset;
		if ((flags & 0b11) != 0) {
			throw malformed();
		}
		for (int property = 0; property < COUNT; property++) {
			if ((flags & flag(property)) != 0) {
				int size = size(property, bytes, position, end);
				if (size > end - position || size < 0) {
					throw malformed();
				}
				fields[property] = Arrays.copyOfRange(bytes, position, position + size);
				position += size;
			}
		}
		if (position != end) {
			throw malformed();
		}
		return new MessageProperties(fields);
	}

	/**
	 * Refuses what could not be read later, when the message is no longer its
	 * publisher's.
	 * @throws ProtocolException if flags and properties are malformed
	 */
	public static void check(int flags, byte[] bytes) {
		if ((flags & 0b11) != 0) {
			throw malformed();
		}
		int position = 0;
		for (int property = 0; property < COUNT; property++) {
			if ((flags & flag(property)) != 0) {
				int size = size(property, bytes, position, bytes.length);
				if (size > bytes.length - position || size < 0) {
					throw malformed();
				}
				if (property == HEADERS && !TableSyntax.isWellFormed(ByteBuffer.wrap(bytes, position, size))) {
					throw malformed();
				}
				position += size;
			}
		}
		if (position != bytes.length) {
			throw malformed();
		}
	}

	// As RabbitMQ, which is not prepared for it.
	private static ProtocolException malformed() {
		return ReplyCode.INTERNAL_ERROR.error("malformed message properties");
	}

	private static int size(int property, byte[] bytes, int position, int end) {
		return switch (property) {
			case HEADERS -> (end - position < 4) ? -1 : 4 + ByteBuffer.wrap(bytes).getInt(position);
			case DELIVERY_MODE, PRIORITY -> 1;
			case TIMESTAMP -> 8;
			default -> (end - position < 1) ? -1 : 1 + (bytes[position] & 0xff);
		};
	}

	/**
	 * No properties at all.
	 */
	public static MessageProperties none() {
		byte[] @Nullable [] fields = new byte[COUNT][];
		return new MessageProperties(fields);
	}

	/**
	 * The property, or null if the message has no such property.
	 */
	public @Nullable String text(TextProperty property) {
		return shortString(property.index());
	}

	/**
	 * Sets the property.
	 * @param text 255 octets at most
	 */
	public void text(TextProperty property, String text) {
		shortString(property.index(), text);
	}

	public @Nullable Integer deliveryMode() {
		return octet(DELIVERY_MODE);
	}

	public void deliveryMode(int mode) {
		this.fields[DELIVERY_MODE] = new byte[] { (byte) mode };
	}

	public @Nullable Integer priority() {
		return octet(PRIORITY);
	}

	public void priority(int priority) {
		this.fields[PRIORITY] = new byte[] { (byte) priority };
	}

	private @Nullable Integer octet(int property) {
		byte[] field = this.fields[property];
		return (field == null) ? null : Integer.valueOf(field[0] & 0xff);
	}

	/**
	 * Sets the timestamp, in seconds since the epoch.
	 */
	public void timestamp(long seconds) {
		this.fields[TIMESTAMP] = ByteBuffer.allocate(Long.BYTES).putLong(seconds).array();
	}

	public @Nullable String expiration() {
		return shortString(EXPIRATION);
	}

	public @Nullable String userId() {
		return shortString(USER_ID);
	}

	public @Nullable String replyTo() {
		return shortString(REPLY_TO);
	}

	public @Nullable String correlationId() {
		return shortString(CORRELATION_ID);
	}

	public @Nullable String messageId() {
		return shortString(MESSAGE_ID);
	}

	/**
	 * In seconds since the epoch.
	 */
	public @Nullable Long timestamp() {
		byte[] field = this.fields[TIMESTAMP];
		return (field == null) ? null : Long.valueOf(ByteBuffer.wrap(field).getLong());
	}

	public void replyTo(String replyTo) {
		shortString(REPLY_TO, replyTo);
	}

	private void shortString(int property, String value) {
		byte[] text = value.getBytes(StandardCharsets.UTF_8);
		this.fields[property] = ByteBuffer.allocate(1 + text.length).put((byte) text.length).put(text).array();
	}

	private @Nullable String shortString(int property) {
		byte[] field = this.fields[property];
		return (field == null) ? null : Wire.text(field, 1, field.length - 1);
	}

	public void removeExpiration() {
		this.fields[EXPIRATION] = null;
	}

	/**
	 * The headers, in a map that may be changed and then set.
	 */
	public Map<String, @Nullable Object> headers() {
		byte[] field = this.fields[HEADERS];
		return (field == null) ? new LinkedHashMap<>()
				: new LinkedHashMap<>(ArgumentTable.read(ByteBuffer.wrap(field)));
	}

	public boolean hasHeaders() {
		return this.fields[HEADERS] != null;
	}

	public void headers(Map<String, @Nullable Object> headers) {
		this.fields[HEADERS] = headers.isEmpty() ? null : ArgumentTable.write(headers);
	}

	@Override
	public int propertyFlags() {
		int flags = 0;
		for (int property = 0; property < COUNT; property++) {
			if (this.fields[property] != null) {
				flags |= flag(property);
			}
		}
		return flags;
	}

	@Override
	public int propertiesLength() {
		int length = 0;
		for (byte[] field : this.fields) {
			if (field != null) {
				length += field.length;
			}
		}
		return length;
	}

	@Override
	public void writeProperties(byte[] target, int offset) {
		int position = offset;
		for (byte[] field : this.fields) {
			if (field != null) {
				System.arraycopy(field, 0, target, position, field.length);
				position += field.length;
			}
		}
	}

	/**
	 * The properties as they are on the wire, without the flags.
	 */
	public byte[] toBytes() {
		byte[] bytes = new byte[propertiesLength()];
		writeProperties(bytes, 0);
		return bytes;
	}

}
