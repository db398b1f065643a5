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

	private final String subject;

	/**
	 * @param subject what is redeclared, as error texts name it
	 */
	public Equivalence(String subject) {
		this.subject = subject;
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
			// A queue declared without a type is a classic queue.
			if (same((received != null) ? received : "classic", (current != null) ? current : "classic")) {
				return;
			}
		}
		if (!same(received, current)) {
			boolean sameType = received != null && current != null
					&& ArgumentTable.typeName(received).equals(ArgumentTable.typeName(current));
			throw sameType ? inequivalent(name, "'" + received + "'", "'" + current + "'")
					: inequivalent(name, describe(received), describe(current));
		}
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
