package dev.warren.broker.rabbitmq.arguments;

import java.util.Map;
import java.util.Objects;

import dev.warren.broker.rabbitmq.wire.ArgumentTable;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.jspecify.annotations.Nullable;

/**
 * Reads arguments, and refuses those that are not what they should be.
 */
class ArgumentReader {

	private final Map<String, @Nullable Object> arguments;

	private final String subject;

	/**
	 * @param subject what they are for, such as {@code queue 'a' in vhost '/'}
	 */
	ArgumentReader(Map<String, @Nullable Object> arguments, String subject) {
		this.arguments = arguments;
		this.subject = subject;
	}

	boolean has(String name) {
		return this.arguments.containsKey(name);
	}

	@Nullable Object value(String name) {
		return this.arguments.get(name);
	}

	@Nullable Long number(String name, long least, long most) {
		if (!has(name)) {
			return null;
		}
		Object value = value(name);
		if (!ArgumentTable.isInteger(value)) {
			throw invalid(name, "\"expected integer, got " + ArgumentTable.typeName(value) + "\"");
		}
		long number = ((Number) Objects.requireNonNull(value)).longValue();
		if (number < 0 && number < least) {
			throw invalid(name, "{value_negative," + number + "}");
		}
		if (number < least) {
			throw invalid(name, "{value_zero," + number + "}");
		}
		if (number > most) {
			throw invalid(name, name.equals(QueueArguments.MAX_PRIORITY) ? "{max_value_exceeded," + number + "}"
					: "{value_too_large," + number + "}");
		}
		return number;
	}

	@Nullable String text(String name) {
		if (!has(name)) {
			return null;
		}
		if (!(value(name) instanceof String text)) {
			throw ReplyCode.PRECONDITION_FAILED.error("invalid type '%s' for arg '%s' in %s",
					ArgumentTable.typeName(value(name)), name, this.subject);
		}
		return text;
	}

	boolean flag(String name) {
		if (!has(name)) {
			return false;
		}
		if (!(value(name) instanceof Boolean flag)) {
			throw unacceptableType(name);
		}
		return flag;
	}

	ProtocolException unacceptableType(String name) {
		return invalid(name, "{unacceptable_type," + ArgumentTable.typeName(value(name)) + "}");
	}

	ProtocolException invalid(String argument, String reason) {
		return ReplyCode.PRECONDITION_FAILED.error("invalid arg '%s' for %s: %s", argument, this.subject, reason);
	}

	ProtocolException notOfType(String argument, boolean quorum) {
		return ReplyCode.PRECONDITION_FAILED.error("invalid arg '%s' for %s of queue type %s", argument, this.subject,
				quorum ? "rabbit_quorum_queue" : "rabbit_classic_queue");
	}

	ProtocolException invalidProperty(String property) {
		return ReplyCode.PRECONDITION_FAILED.error("invalid property '%s' for %s", property, this.subject);
	}

}
