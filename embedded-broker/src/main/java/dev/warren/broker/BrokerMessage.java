package dev.warren.broker;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import dev.warren.broker.rabbitmq.store.MessageSnapshot;
import dev.warren.broker.rabbitmq.wire.Expiration;
import dev.warren.broker.rabbitmq.wire.MessageProperties;
import dev.warren.broker.rabbitmq.wire.TextProperty;
import org.jspecify.annotations.Nullable;

/**
 * A message, to be published by a test or as a test found it.
 *
 * <pre>{@code
 * BrokerMessage.of("{\"id\": 7}").withContentType("application/json").withHeader("carrier", "dhl")
 * }</pre>
 */
public final class BrokerMessage {

	private static final int LONGEST_SHORT_STRING = 255;

	private static final int HIGHEST_PRIORITY = 255;

	private static final int PERSISTENT = 2;

	private final String exchange;

	private final String routingKey;

	private final MessageProperties properties;

	private final byte[] body;

	private final long bodySize;

	private BrokerMessage(String exchange, String routingKey, MessageProperties properties, byte[] body,
			long bodySize) {
		this.exchange = exchange;
		this.routingKey = routingKey;
		this.properties = properties;
		this.body = body;
		this.bodySize = bodySize;
	}

	BrokerMessage(MessageSnapshot snapshot) {
		this(snapshot.exchange(), snapshot.routingKey(), snapshot.properties(), snapshot.body(), snapshot.bodySize());
	}

	/**
	 * A message with that text, in UTF-8, and no properties.
	 */
	public static BrokerMessage of(String text) {
		return of(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * A message with that body and no properties.
	 */
	public static BrokerMessage of(byte[] body) {
		return new BrokerMessage("", "", MessageProperties.none(), body.clone(), body.length);
	}

	/**
	 * The exchange it was published to; empty for the default exchange and for what was
	 * not published yet.
	 */
	public String exchange() {
		return this.exchange;
	}

	public String routingKey() {
		return this.routingKey;
	}

	/**
	 * The body as text, in UTF-8.
	 */
	public String text() {
		return new String(this.body, StandardCharsets.UTF_8);
	}

	/**
	 * The body. Of what a test found it is at most the first 1 MiB.
	 */
	public byte[] body() {
		return this.body.clone();
	}

	/**
	 * The size of the whole body, in octets.
	 */
	public long bodySize() {
		return this.bodySize;
	}

	public Map<String, @Nullable Object> headers() {
		return Collections.unmodifiableMap(this.properties.headers());
	}

	/**
	 * The header of that name, or null.
	 */
	public @Nullable Object header(String name) {
		return this.properties.headers().get(name);
	}

	public @Nullable String contentType() {
		return this.properties.text(TextProperty.CONTENT_TYPE);
	}

	public @Nullable String contentEncoding() {
		return this.properties.text(TextProperty.CONTENT_ENCODING);
	}

	public @Nullable String correlationId() {
		return this.properties.text(TextProperty.CORRELATION_ID);
	}

	public @Nullable String replyTo() {
		return this.properties.text(TextProperty.REPLY_TO);
	}

	/**
	 * The milliseconds it may wait in a queue, as a text.
	 */
	public @Nullable String expiration() {
		return this.properties.text(TextProperty.EXPIRATION);
	}

	public @Nullable String messageId() {
		return this.properties.text(TextProperty.MESSAGE_ID);
	}

	public @Nullable String type() {
		return this.properties.text(TextProperty.TYPE);
	}

	public @Nullable String userId() {
		return this.properties.text(TextProperty.USER_ID);
	}

	public @Nullable String appId() {
		return this.properties.text(TextProperty.APP_ID);
	}

	/**
	 * From 0 to 255, or null if it has none.
	 */
	public @Nullable Integer priority() {
		return this.properties.priority();
	}

	/**
	 * When its publisher says it was made, to the second, or null.
	 */
	public @Nullable Instant timestamp() {
		Long seconds = this.properties.timestamp();
		return (seconds != null) ? Instant.ofEpochSecond(seconds) : null;
	}

	/**
	 * Whether its delivery mode is 2.
	 */
	public boolean isPersistent() {
		return Objects.equals(this.properties.deliveryMode(), PERSISTENT);
	}

	/**
	 * The same message with one header more.
	 * @param value a text, a number, a boolean, a {@link java.util.Date}, a byte array,
	 * or a list or a map of these
	 * @throws IllegalArgumentException if AMQP has no such header, such as a decimal
	 * number of more than 32 bits
	 */
	public BrokerMessage withHeader(String name, @Nullable Object value) {
		HeaderValues.check(name, value);
		MessageProperties copy = copy();
		Map<String, @Nullable Object> headers = new LinkedHashMap<>(copy.headers());
		headers.put(name, value);
		copy.headers(headers);
		return with(copy);
	}

	public BrokerMessage withContentType(String contentType) {
		return with(TextProperty.CONTENT_TYPE, contentType);
	}

	public BrokerMessage withContentEncoding(String contentEncoding) {
		return with(TextProperty.CONTENT_ENCODING, contentEncoding);
	}

	public BrokerMessage withCorrelationId(String correlationId) {
		return with(TextProperty.CORRELATION_ID, correlationId);
	}

	public BrokerMessage withReplyTo(String replyTo) {
		return with(TextProperty.REPLY_TO, replyTo);
	}

	/**
	 * The same message, which may wait in a queue for so many milliseconds.
	 * @param millis about ten years at most
	 */
	public BrokerMessage withExpiration(long millis) {
		if (millis < 0 || millis > Expiration.LONGEST) {
			throw new IllegalArgumentException("A message cannot expire in " + millis + " ms");
		}
		return with(TextProperty.EXPIRATION, Long.toString(millis));
	}

	public BrokerMessage withMessageId(String messageId) {
		return with(TextProperty.MESSAGE_ID, messageId);
	}

	public BrokerMessage withType(String type) {
		return with(TextProperty.TYPE, type);
	}

	public BrokerMessage withAppId(String appId) {
		return with(TextProperty.APP_ID, appId);
	}

	/**
	 * The same message with that priority.
	 * @param priority from 0 to 255
	 */
	public BrokerMessage withPriority(int priority) {
		if (priority < 0 || priority > HIGHEST_PRIORITY) {
			throw new IllegalArgumentException("The priority " + priority + " is not between 0 and 255");
		}
		MessageProperties copy = copy();
		copy.priority(priority);
		return with(copy);
	}

	public BrokerMessage withTimestamp(Instant timestamp) {
		MessageProperties copy = copy();
		copy.timestamp(timestamp.getEpochSecond());
		return with(copy);
	}

	/**
	 * The same message, which outlives a restart of the broker in a durable queue.
	 */
	public BrokerMessage persistent() {
		MessageProperties copy = copy();
		copy.deliveryMode(PERSISTENT);
		return with(copy);
	}

	private BrokerMessage with(TextProperty property, String text) {
		if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST_SHORT_STRING) {
			throw new IllegalArgumentException("A " + property.name().toLowerCase(Locale.ROOT).replace('_', ' ')
					+ " has at most 255 octets: " + text);
		}
		MessageProperties copy = copy();
		copy.text(property, text);
		return with(copy);
	}

	private BrokerMessage with(MessageProperties changed) {
		return new BrokerMessage(this.exchange, this.routingKey, changed, this.body, this.bodySize);
	}

	private MessageProperties copy() {
		byte[] bytes = this.properties.toBytes();
		return MessageProperties.read(this.properties.propertyFlags(), bytes, 0, bytes.length);
	}

	/**
	 * The body, to be published.
	 * @throws IllegalArgumentException if there is only the beginning of it
	 */
	byte[] wholeBody() {
		if (this.body.length != this.bodySize) {
			throw new IllegalArgumentException("Of this message's %d octets only the first %d are known"
				.formatted(this.bodySize, this.body.length));
		}
		return body();
	}

	/**
	 * A copy of its properties, which may be changed.
	 */
	MessageProperties properties() {
		return copy();
	}

	/**
	 * What it is, in a line: the beginning of its text, its key and its headers.
	 */
	@Override
	public String toString() {
		return MessageText.of(this);
	}

}
