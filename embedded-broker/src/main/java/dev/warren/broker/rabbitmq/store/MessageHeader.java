package dev.warren.broker.rabbitmq.store;

import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.apache.qpid.server.bytebuffer.QpidByteBuffer;
import org.apache.qpid.server.protocol.v0_8.AMQFrameDecodingException;
import org.apache.qpid.server.protocol.v0_8.MessageMetaData;
import org.apache.qpid.server.protocol.v0_8.transport.BasicContentHeaderProperties;
import org.apache.qpid.server.protocol.v0_8.transport.ContentHeaderBody;
import org.apache.qpid.server.protocol.v0_8.transport.MessagePublishInfo;

/**
 * All of a message but its body, in the form the store keeps it in.
 */
public final class MessageHeader {

	private final MessageMetaData metaData;

	private MessageHeader(MessagePublishInfo published, int propertyFlags, byte[] properties, long bodySize,
			long arrivalTime) {
		this.metaData = new MessageMetaData(published, new ContentHeaderBody(read(propertyFlags, properties), bodySize),
				arrivalTime);
	}

	/**
	 * @param properties the properties as they are on the wire
	 * @param arrivalTime in milliseconds since the epoch
	 * @throws ProtocolException if flags and properties do not agree
	 */
	public MessageHeader(Address address, boolean mandatory, int propertyFlags, byte[] properties, long bodySize,
			long arrivalTime) {
		this(new MessagePublishInfo(address.exchangeBytes(), false, mandatory, address.keyBytes()), propertyFlags,
				properties, bodySize, arrivalTime);
	}

	/**
	 * The header of a dead letter. The store knows it by {@code immediate}, which nothing
	 * that a client publishes is.
	 * @param delivered whether somebody had the message before it died
	 */
	public static MessageHeader ofDeadLetter(Address address, boolean delivered, int propertyFlags, byte[] properties,
			long bodySize, long arrivalTime) {
		return new MessageHeader(new MessagePublishInfo(address.exchangeBytes(), true, delivered, address.keyBytes()),
				propertyFlags, properties, bodySize, arrivalTime);
	}

	private static BasicContentHeaderProperties read(int flags, byte[] properties) {
		try {
			return new BasicContentHeaderProperties(QpidByteBuffer.wrap(properties), flags, properties.length);
		}
		catch (AMQFrameDecodingException ex) {
			throw ReplyCode.SYNTAX_ERROR.error("malformed message properties");
		}
	}

	MessageMetaData metaData() {
		return this.metaData;
	}

	/**
	 * The delivery mode, 0 if the publisher gave none.
	 */
	public int deliveryMode() {
		return this.metaData.getContentHeaderBody().getProperties().getDeliveryMode();
	}

}
