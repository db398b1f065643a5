package dev.warren.broker.rabbitmq.store;

import java.util.Collections;
import java.util.Map;

import dev.warren.broker.rabbitmq.wire.Content;
import dev.warren.broker.rabbitmq.wire.MessageProperties;
import org.apache.qpid.server.bytebuffer.QpidByteBuffer;
import org.apache.qpid.server.message.MessageReference;
import org.apache.qpid.server.protocol.v0_8.AMQMessage;
import org.apache.qpid.server.protocol.v0_8.AMQShortString;
import org.apache.qpid.server.protocol.v0_8.transport.BasicContentHeaderProperties;
import org.apache.qpid.server.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A message that the store has, in memory or on disk, for as long as somebody holds it.
 */
public final class Message implements Content {

	private static final Logger logger = LoggerFactory.getLogger(Message.class);

	private static final byte[] NO_BYTES = {};

	private final AMQMessage stored;

	private final long number;

	Message(AMQMessage stored) {
		this(stored, stored.getMessageNumber());
	}

	/**
	 * A message that the broker made of another.
	 */
	Message(AMQMessage stored, Message original) {
		this(stored, original.number);
	}

	private Message(AMQMessage stored, long number) {
		this.stored = stored;
		this.number = number;
	}

	AMQMessage stored() {
		return this.stored;
	}

	@Override
	public long size() {
		return this.stored.getSize();
	}

	boolean isPersistent() {
		return this.stored.isPersistent();
	}

	/**
	 * When it was published, in milliseconds since the epoch.
	 */
	public long arrivalTime() {
		return this.stored.getArrivalTime();
	}

	/**
	 * The name of the exchange it was published to.
	 */
	public String exchange() {
		return text(this.stored.getMessagePublishInfo().getExchange());
	}

	public String routingKey() {
		return text(this.stored.getMessagePublishInfo().getRoutingKey());
	}

	@Override
	public byte[] exchangeBytes() {
		return bytes(this.stored.getMessagePublishInfo().getExchange());
	}

	@Override
	public byte[] routingKeyBytes() {
		return bytes(this.stored.getMessagePublishInfo().getRoutingKey());
	}

	// Qpid has null for an empty string.
	private static String text(@Nullable AMQShortString text) {
		return (text == null) ? "" : text.toString();
	}

	private static byte[] bytes(@Nullable AMQShortString text) {
		return (text == null) ? NO_BYTES : text.getBytes();
	}

	private BasicContentHeaderProperties storedProperties() {
		return this.stored.getContentHeaderBody().getProperties();
	}

	/**
	 * The message's priority.
	 * @param without what it has if it does not say
	 */
	public int priority(int without) {
		return ((propertyFlags() & MessageProperties.PRIORITY_FLAG) != 0) ? storedProperties().getPriority() & 0xff
				: without;
	}

	/**
	 * Whether the broker dead-lettered it, and not a client published it.
	 */
	public boolean isDeadLetter() {
		return this.stored.getMessagePublishInfo().isImmediate();
	}

	/**
	 * Whether it is a dead letter that somebody had before it died.
	 */
	public boolean wasDelivered() {
		return isDeadLetter() && this.stored.getMessagePublishInfo().isMandatory();
	}

	/**
	 * How many milliseconds the message lives in a queue, -1 if it does not say.
	 */
	public long expiration() {
		BasicContentHeaderProperties properties = storedProperties();
		return properties.hasExpiration() ? properties.getExpiration() : -1;
	}

	/**
	 * The properties taken apart, to be changed.
	 */
	public MessageProperties properties() {
		byte[] bytes = new byte[propertiesLength()];
		writeProperties(bytes, 0);
		return MessageProperties.read(propertyFlags(), bytes, 0, bytes.length);
	}

	/**
	 * The headers, for reading.
	 */
	public Map<String, @Nullable Object> headers() {
		MessageProperties properties = properties();
		return properties.hasHeaders() ? properties.headers() : Collections.emptyMap();
	}

	/**
	 * Reads all but the body, to find out whether it can be read.
	 * @throws RuntimeException if not
	 */
	void check() {
		headers();
		priority(0);
		expiration();
	}

	@Override
	public int propertyFlags() {
		return storedProperties().getPropertyFlags();
	}

	@Override
	public int propertiesLength() {
		return storedProperties().getPropertyListSize();
	}

	@Override
	public void writeProperties(byte[] target, int offset) {
		BasicContentHeaderProperties properties = storedProperties();
		try (QpidByteBuffer buffer = QpidByteBuffer.wrap(target, offset, properties.getPropertyListSize())) {
			properties.writePropertyListPayload(buffer);
		}
	}

	/**
	 * The header of the same message, with other properties, that arrives then.
	 */
	public MessageHeader header(MessageProperties changed, long arrivalTime) {
		Address address = Address.EMPTY.to(exchange(), routingKey());
		return isDeadLetter()
				? MessageHeader.ofDeadLetter(address, wasDelivered(), changed.propertyFlags(), changed.toBytes(),
						size(), arrivalTime)
				: new MessageHeader(address, false, changed.propertyFlags(), changed.toBytes(), size(), arrivalTime);
	}

	/**
	 * Which message of the virtual host it is. What the broker makes of a message, such
	 * as a dead letter, has the same number.
	 */
	public long number() {
		return this.number;
	}

	/**
	 * A copy, for those who look at it when the store may have forgotten it. To be called
	 * while the message is held.
	 * @param mostOfBody how many octets of the body, at most
	 */
	public MessageSnapshot snapshot(int mostOfBody) {
		return new MessageSnapshot(this, mostOfBody);
	}

	@Override
	public StoredBody body() {
		return new StoredBody(this.stored.getContent());
	}

	/**
	 * Keeps the message until the hold is closed.
	 */
	public Hold hold() {
		MessageReference<?> reference = this.stored.newReference();
		return () -> release(reference);
	}

	/**
	 * Lets go of a message. If the store cannot be written just then, what it has of the
	 * message goes when it is opened the next time.
	 */
	static void release(MessageReference<?> reference) {
		try {
			reference.release();
		}
		catch (StoreException | IllegalStateException ex) {
			logger.debug("A message that nobody has is still in the store", ex);
		}
	}

	/**
	 * Keeps a message from being forgotten.
	 */
	@FunctionalInterface
	public interface Hold extends AutoCloseable {

		@Override
		void close();

	}

}
