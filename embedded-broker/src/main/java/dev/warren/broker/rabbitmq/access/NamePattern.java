package dev.warren.broker.rabbitmq.access;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * A permission: a regular expression on names or routing keys, which remembers its
 * answers, since it is asked for each message published. Thread-safe.
 */
public final class NamePattern {

	private static final int CACHE_SIZE = 4096;

	/**
	 * A brace that begins neither a quantifier nor what belongs to an escape. RabbitMQ's
	 * regular expressions take it for a character, Java's refuse it.
	 */
	private static final Pattern LONE_BRACE = Pattern.compile("(?<!\\\\)(?<!\\\\[pPxkN])\\{(?![0-9]+(,[0-9]*)?\\})");

	private final Pattern pattern;

	private final Map<String, Boolean> answers = new ConcurrentHashMap<>();

	/**
	 * @throws java.util.regex.PatternSyntaxException if it is not a regular expression
	 */
	NamePattern(String expression) {
		// To RabbitMQ an empty expression is one that matches the empty name only.
		this.pattern = compile(expression.isEmpty() ? "^$" : expression);
	}

	/**
	 * A regular expression of RabbitMQ's as one of Java's.
	 * @throws java.util.regex.PatternSyntaxException if it is not a regular expression
	 */
	public static Pattern compile(String expression) {
		return Pattern.compile(LONE_BRACE.matcher(expression).replaceAll("\\\\{"));
	}

	boolean matches(String name) {
		Boolean known = this.answers.get(name);
		if (known == null) {
			if (this.answers.size() >= CACHE_SIZE) {
				this.answers.clear();
			}
			known = BoundedMatching.find(this.pattern, name);
			this.answers.put(name, known);
		}
		return known;
	}

}
