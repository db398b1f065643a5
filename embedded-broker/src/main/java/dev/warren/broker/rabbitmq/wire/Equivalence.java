package dev.warren.broker.rabbitmq.wire;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Whether a redeclaration asks for what is there already.
 */
public final class Equivalence {

	private static final String QUEUE_TYPE = "x-queue-type";

	private static final String CLASSIC = "classic";

	private final String subject;

	private final Dialect dialect;

	/**
	 * @param subject what is redeclared, as error texts name it
	 */
	public Equivalence(String subject, Dialect dialect) {
		this.subject = subject;
		this.dialect = dialect;
	}

	public Equivalence check(String property, Object received, Object current) {
		if (!received.equals(current)) {
			throw inequivalent(property, "'" + received + "'", "'" + current + "'");
		}
		return this;
	}

	public Equivalence checkArguments(Collection<String> names, Map<String, ? extends @Nullable Object> received,
			Map<String, ? extends @Nullable Object> current) {
		for (String name : names) {
			checkArgument(name, received.get(name), current.get(name));
		}
		return this;
	}

	private void checkArgument(String name, @Nullable Object received, @Nullable Object current) {
		if (name.equals(QUEUE_TYPE)) {
			checkType(received, current);
		}
		else if (!same(received, current)) {
			throw different(name, received, current);
		}
	}

	/**
	 * A queue declared without a type is a classic queue.
	 */
	private void checkType(@Nullable Object received, @Nullable Object current) {
		Object wanted = (received != null) ? received : CLASSIC;
		Object there = (current != null) ? current : CLASSIC;
		if (!same(wanted, there)) {
			boolean written = this.dialect.writesQueueType();
			throw different(QUEUE_TYPE, written ? wanted : received, written ? there : current);
		}
	}

	private ProtocolException different(String name, @Nullable Object received, @Nullable Object current) {
		boolean sameType = received != null && current != null
				&& ArgumentTable.typeName(received).equals(ArgumentTable.typeName(current));
		return sameType ? inequivalent(name, "'" + received + "'", "'" + current + "'")
				: inequivalent(name, describe(received), describe(current));
	}

	/**
	 * Integers are equal whatever their size, anything else only to its own type.
	 */
	static boolean same(@Nullable Object received, @Nullable Object current) {
		if (ArgumentTable.isInteger(received) && ArgumentTable.isInteger(current)) {
			return ((Number) Objects.requireNonNull(received)).longValue() == ((Number) Objects.requireNonNull(current))
				.longValue();
		}
		return Objects.equals(received, current);
	}

	private static String describe(@Nullable Object value) {
		return (value == null) ? "none" : "the value '" + value + "' of type '" + ArgumentTable.typeName(value) + "'";
	}

	private ProtocolException inequivalent(String name, String received, String current) {
		return ReplyCode.PRECONDITION_FAILED.error("inequivalent arg '%s' for %s: received %s but current is %s", name,
				this.subject, received, current);
	}

}
