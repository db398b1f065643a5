package dev.warren.broker.assertj;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;

import dev.warren.broker.BrokerMessage;
import org.jspecify.annotations.Nullable;

/**
 * What a message is to be like.
 *
 * @see BrokerAssertions#message()
 */
public final class ExpectedMessage {

	/** As many are in the text of a failure. */
	private static final int MOST_OCTETS = 100;

	private static final ExpectedMessage ANY = new ExpectedMessage(List.of());

	private final List<Condition> conditions;

	private ExpectedMessage(List<Condition> conditions) {
		this.conditions = conditions;
	}

	static ExpectedMessage any() {
		return ANY;
	}

	public ExpectedMessage withText(String text) {
		return withProperty("text", text, BrokerMessage::text);
	}

	public ExpectedMessage withTextContaining(String part) {
		return with("text containing \"" + part + '"', (message) -> message.text().contains(part),
				(message) -> "text " + quote(message.text()));
	}

	/**
	 * With that body, which is compared as far as the broker shows it to tests, 1 MiB.
	 */
	public ExpectedMessage withBody(byte[] body) {
		return with(octets(body.length, body), (message) -> isBodyOf(message, body),
				(message) -> octets(message.bodySize(), message.body()));
	}

	private static boolean isBodyOf(BrokerMessage message, byte[] body) {
		byte[] shown = message.body();
		return message.bodySize() == body.length && Arrays.equals(shown, 0, shown.length, body, 0, shown.length);
	}

	private static String octets(long size, byte[] body) {
		String first = Arrays.toString(Arrays.copyOf(body, Math.min(body.length, MOST_OCTETS)));
		return size + " octets " + ((body.length > MOST_OCTETS) ? first.replace("]", ", …]") : first);
	}

	/**
	 * With a header of that value. Integers are equal whatever their type.
	 */
	public ExpectedMessage withHeader(String name, @Nullable Object value) {
		return with("header " + name + " = " + quote(value),
				(message) -> message.headers().containsKey(name) && areEqual(value, message.header(name)),
				(message) -> message.headers().containsKey(name)
						? "header " + name + " = " + quote(message.header(name)) : "no header " + name);
	}

	public ExpectedMessage withoutHeader(String name) {
		return with("no header " + name, (message) -> !message.headers().containsKey(name),
				(message) -> "header " + name + " = " + quote(message.header(name)));
	}

	public ExpectedMessage withExchange(String exchange) {
		return withProperty("exchange", exchange, BrokerMessage::exchange);
	}

	public ExpectedMessage withRoutingKey(String routingKey) {
		return withProperty("routing key", routingKey, BrokerMessage::routingKey);
	}

	public ExpectedMessage withContentType(String contentType) {
		return withProperty("content type", contentType, BrokerMessage::contentType);
	}

	public ExpectedMessage withCorrelationId(String correlationId) {
		return withProperty("correlation id", correlationId, BrokerMessage::correlationId);
	}

	public ExpectedMessage withReplyTo(String replyTo) {
		return withProperty("reply to", replyTo, BrokerMessage::replyTo);
	}

	public ExpectedMessage withMessageId(String messageId) {
		return withProperty("message id", messageId, BrokerMessage::messageId);
	}

	public ExpectedMessage withType(String type) {
		return withProperty("type", type, BrokerMessage::type);
	}

	public ExpectedMessage withPriority(int priority) {
		return withProperty("priority", priority, BrokerMessage::priority);
	}

	public ExpectedMessage persistent() {
		return with("delivery mode 2", BrokerMessage::isPersistent, (message) -> "another delivery mode");
	}

	/**
	 * With anything that can be found out.
	 * @param description what it is, for the text of a failure
	 */
	public ExpectedMessage matching(String description, Predicate<BrokerMessage> condition) {
		return with(description, condition, (message) -> "not " + description);
	}

	private ExpectedMessage withProperty(String name, Object value, Function<BrokerMessage, @Nullable Object> actual) {
		return with(name + " " + quote(value), (message) -> Objects.equals(value, actual.apply(message)),
				(message) -> (actual.apply(message) != null) ? name + " " + quote(actual.apply(message))
						: "no " + name);
	}

	private ExpectedMessage with(String description, Predicate<BrokerMessage> condition,
			Function<BrokerMessage, String> actual) {
		List<Condition> more = new ArrayList<>(this.conditions);
		more.add(new Condition(description, condition, actual));
		return new ExpectedMessage(List.copyOf(more));
	}

	boolean matches(BrokerMessage message) {
		return this.conditions.stream().allMatch((condition) -> condition.test().test(message));
	}

	/**
	 * How much of it the message has.
	 */
	int likeness(BrokerMessage message) {
		return (int) this.conditions.stream().filter((condition) -> condition.test().test(message)).count();
	}

	/**
	 * What the message has instead of what it is to have.
	 */
	String differences(BrokerMessage message) {
		return String.join(", ",
				this.conditions.stream()
					.filter((condition) -> !condition.test().test(message))
					.map((condition) -> condition.actual().apply(message) + " instead of " + condition.description())
					.toList());
	}

	private static boolean areEqual(@Nullable Object expected, @Nullable Object actual) {
		return (isInteger(expected) && isInteger(actual)) ? ((Number) Objects.requireNonNull(expected))
			.longValue() == ((Number) Objects.requireNonNull(actual)).longValue()
				: Objects.deepEquals(expected, actual);
	}

	private static boolean isInteger(@Nullable Object value) {
		return value instanceof Number && !(value instanceof Float || value instanceof Double
				|| value instanceof BigDecimal || value instanceof BigInteger);
	}

	private static String quote(@Nullable Object value) {
		return (value instanceof String) ? "\"" + value + '"' : String.valueOf(value);
	}

	@Override
	public String toString() {
		return this.conditions.isEmpty() ? "a message"
				: "a message with " + String.join(", ", this.conditions.stream().map(Condition::description).toList());
	}

	private record Condition(String description, Predicate<BrokerMessage> test,
			Function<BrokerMessage, String> actual) {

	}

}
