package dev.warren.broker.rabbitmq.host;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import dev.warren.broker.rabbitmq.store.Address;
import dev.warren.broker.rabbitmq.store.MessageHeader;
import dev.warren.broker.rabbitmq.wire.MessageProperties;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReceivedBytes;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import dev.warren.broker.rabbitmq.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way in: basic.publish, then the content header, then the body in any
 * number of frames.
 */
public final class IncomingMessage {

	private static final int HEADER_SIZE = 14;

	private final String exchange;

	private final String routingKey;

	private final boolean mandatory;

	private final boolean immediate;

	private final List<byte[]> body = new ArrayList<>(1);

	private boolean hasHeader;

	private long missing;

	private long bodySize;

	private int flags;

	private byte[] properties = {};

	public IncomingMessage(String exchange, String routingKey, boolean mandatory, boolean immediate) {
		this.exchange = exchange;
		this.routingKey = routingKey;
		this.mandatory = mandatory;
		this.immediate = immediate;
	}

	public String exchange() {
		return this.exchange;
	}

	public String routingKey() {
		return this.routingKey;
	}

	public boolean isMandatory() {
		return this.mandatory;
	}

	public boolean isImmediate() {
		return this.immediate;
	}

	public long bodySize() {
		return this.bodySize;
	}

	public List<byte[]> body() {
		return this.body;
	}

	/**
	 * How much of the body has come.
	 */
	public long received() {
		return this.bodySize - this.missing;
	}

	public boolean isComplete() {
		return this.hasHeader && this.missing == 0;
	}

	public boolean hasHeader() {
		return this.hasHeader;
	}

	public void header(ReceivedBytes source, int size) {
		if (this.hasHeader) {
			throw ReplyCode.UNEXPECTED_FRAME.error("expected content body, got non content body frame instead");
		}
		if (size < HEADER_SIZE) {
			throw ReplyCode.SYNTAX_ERROR.error("malformed content header");
		}
		byte[] fixed = new byte[HEADER_SIZE];
		source.read(fixed, 0, HEADER_SIZE);
		ByteBuffer fields = ByteBuffer.wrap(fixed);
		int classId = fields.getShort() & 0xffff;
		if (classId != Wire.BASIC) {
			throw ReplyCode.UNEXPECTED_FRAME.error("expected content header for class %d, got one for class %d instead",
					Wire.BASIC, classId);
		}
		fields.getShort();
		this.bodySize = fields.getLong();
		this.missing = this.bodySize;
		this.flags = fields.getShort() & 0xffff;
		this.properties = new byte[size - HEADER_SIZE];
		source.read(this.properties, 0, this.properties.length);
		this.hasHeader = true;
	}

	public void body(ReceivedBytes source, int size) {
		if (!this.hasHeader) {
			throw ReplyCode.UNEXPECTED_FRAME
				.error("expected content header for class %d, got non content header frame instead", Wire.BASIC);
		}
		if (size > this.missing) {
			throw ReplyCode.FRAME_ERROR.error("content body longer than its header says");
		}
		// A copy, so that a message that waits does not hold on to a network buffer.
		byte[] bytes = new byte[size];
		source.read(bytes, 0, size);
		this.body.add(bytes);
		this.missing -= size;
	}

	public boolean hasProperty(int mask) {
		return (this.flags & mask) != 0;
	}

	/**
	 * Refuses properties that could not be read later.
	 * @throws ProtocolException if they are malformed
	 */
	public void checkProperties() {
		MessageProperties.check(this.flags, this.properties);
	}

	/**
	 * The properties taken apart.
	 */
	public MessageProperties properties() {
		return MessageProperties.read(this.flags, this.properties, 0, this.properties.length);
	}

	/**
	 * Whether the headers could contain one of the names; not all that say so do.
	 */
	public boolean mayMention(byte[] name) {
		for (int i = this.properties.length - name.length; i >= 0; i--) {
			int matched = 0;
			while (matched < name.length && this.properties[i + matched] == name[matched]) {
				matched++;
			}
			if (matched == name.length) {
				return true;
			}
		}
		return false;
	}

	/**
	 * @param changed the properties to use instead of the publisher's, or null
	 */
	public MessageHeader toHeader(Address address, @Nullable MessageProperties changed, long arrivalTime) {
		return (changed != null)
				? new MessageHeader(address, this.mandatory, changed.propertyFlags(), changed.toBytes(), this.bodySize,
						arrivalTime)
				: new MessageHeader(address, this.mandatory, this.flags, this.properties, this.bodySize, arrivalTime);
	}

}
