package dev.warren.messaging.broker;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.CustomExchange;
import org.springframework.amqp.core.Exchange;
import org.springframework.amqp.core.Queue;

/**
 * What a broker says when a queue or an exchange is there with another argument than
 * declared, such as <code>inequivalent arg 'x-queue-type' for queue 'hello' in vhost '/':
 * received none but current is the value 'quorum' of type 'longstr'</code>. It names the
 * first argument that differs; the others become known when the declaration is repeated
 * with that one put right.
 *
 * @param argument the argument that differs
 * @param current its value on the broker, {@code null} if it has none there
 */
record Inequivalence(String argument, @Nullable Object current) {

	private static final Pattern TEXT = Pattern.compile(
			"inequivalent arg '([^']+)' .* but current is (?:none|(?:the value )?'([^']*)'(?: of type '(\\w+)')?).*",
			Pattern.DOTALL);

	static Optional<Inequivalence> in(String replyText) {
		Matcher matcher = TEXT.matcher(replyText);
		return matcher.find()
				? Optional.of(new Inequivalence(matcher.group(1), value(matcher.group(2), matcher.group(3))))
				: Optional.empty();
	}

	private static @Nullable Object value(@Nullable String text, @Nullable String type) {
		if (text == null || type == null || type.endsWith("str")) {
			return text;
		}
		if (type.startsWith("bool")) {
			return Boolean.valueOf(text);
		}
		try {
			return Long.valueOf(text);
		}
		catch (NumberFormatException ex) {
			return text;
		}
	}

	/**
	 * The queue with this argument as it is on the broker.
	 */
	Queue correct(Queue declared) {
		boolean set = Boolean.parseBoolean(String.valueOf(this.current));
		Map<String, Object> arguments = new LinkedHashMap<>(declared.getArguments());
		arguments.remove(this.argument);
		if (this.argument.startsWith("x-") && this.current != null) {
			arguments.put(this.argument, this.current);
		}
		return new Queue(declared.getName(), "durable".equals(this.argument) ? set : declared.isDurable(),
				"exclusive".equals(this.argument) ? set : declared.isExclusive(),
				"auto_delete".equals(this.argument) ? set : declared.isAutoDelete(), arguments);
	}

	/**
	 * The exchange with this argument as it is on the broker.
	 */
	Exchange correct(Exchange declared) {
		boolean set = Boolean.parseBoolean(String.valueOf(this.current));
		return new CustomExchange(declared.getName(),
				"type".equals(this.argument) ? String.valueOf(this.current) : declared.getType(),
				"durable".equals(this.argument) ? set : declared.isDurable(),
				"auto_delete".equals(this.argument) ? set : declared.isAutoDelete(), declared.getArguments());
	}

}
