package dev.warren.broker.rabbitmq.access;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import dev.warren.broker.rabbitmq.wire.ArgumentTable;
import org.jspecify.annotations.Nullable;

/**
 * What a user may do in a virtual host: three regular expressions on the names of queues
 * and exchanges, and for topic exchanges two on routing keys. They are kept in the
 * context of Qpid's virtual host, which is closed to a user for whom there are none.
 *
 * @see <a href="https://www.rabbitmq.com/docs/access-control#authorisation">Access
 * control</a>
 */
public final class Permissions {

	private static final String CONTEXT_PREFIX = "rabbitmq.permissions.";

	private static final String CONFIGURE = "configure";

	private static final String WRITE = "write";

	private static final String READ = "read";

	private static final String TOPICS = "topics";

	private static final NamePattern EVERYTHING = new NamePattern(".*");

	private static final Permissions ALL = new Permissions(EVERYTHING, EVERYTHING, EVERYTHING, Map.of());

	private static final Permissions NONE = new Permissions(null, null, null, Map.of());

	/** The default exchange has no name of its own to match. */
	public static final String DEFAULT_EXCHANGE = "amq.default";

	private final @Nullable NamePattern configure;

	private final @Nullable NamePattern write;

	private final @Nullable NamePattern read;

	/** By the names of exchanges. */
	private final Map<String, Topics> topics;

	private Permissions(@Nullable NamePattern configure, @Nullable NamePattern write, @Nullable NamePattern read,
			Map<String, Topics> topics) {
		this.configure = configure;
		this.write = write;
		this.read = read;
		this.topics = topics;
	}

	/**
	 * A context variable for a virtual host, that gives a user permissions there.
	 * @param topics by the names of topic exchanges, expressions for {@code write} and
	 * {@code read}
	 */
	public static Map.Entry<String, String> contextVariable(String user, String configure, String write, String read,
			Map<String, Map<String, String>> topics) {
		return Map.entry(CONTEXT_PREFIX + user,
				ArgumentTable.toText(Map.of(CONFIGURE, configure, WRITE, write, READ, read, TOPICS, topics)));
	}

	/**
	 * Whether a context variable of a virtual host gives a user permissions.
	 */
	public static boolean isContextVariable(String name) {
		return name.startsWith(CONTEXT_PREFIX);
	}

	/**
	 * Checks an expression for names or, with what stands for the user and the virtual
	 * host, for routing keys.
	 * @throws java.util.regex.PatternSyntaxException if it is not a regular expression
	 */
	public static void check(String expression, String user, String virtualHost) {
		new NamePattern(expand(expression, user, virtualHost));
	}

	private static String expand(String expression, String user, String virtualHost) {
		return expression.replace("{username}", user).replace("{vhost}", virtualHost);
	}

	/**
	 * @param context the context variables of the virtual host
	 * @param virtualHost what clients call it
	 */
	public static Permissions of(Map<String, String> context, String user, String virtualHost) {
		String own = context.get(CONTEXT_PREFIX + user);
		if (own == null) {
			return NONE;
		}
		Map<String, @Nullable Object> table = ArgumentTable.fromText(own);
		Map<String, Topics> topics = new HashMap<>();
		if (table.get(TOPICS) instanceof Map<?, ?> byExchange) {
			byExchange.forEach((exchange, pair) -> topics.put(String.valueOf(exchange),
					Topics.of((Map<?, ?>) pair, user, virtualHost)));
		}
		NamePattern configure = pattern(table, CONFIGURE);
		NamePattern write = pattern(table, WRITE);
		NamePattern read = pattern(table, READ);
		boolean all = configure == EVERYTHING && write == EVERYTHING && read == EVERYTHING && topics.isEmpty();
		return all ? ALL : new Permissions(configure, write, read, topics);
	}

	private static NamePattern pattern(Map<?, ?> table, String name) {
		String expression = text(table, name);
		return expression.equals(".*") ? EVERYTHING : new NamePattern(expression);
	}

	private static String text(Map<?, ?> table, String name) {
		return Objects.requireNonNull(table.get(name)).toString();
	}

	public boolean isNone() {
		return this == NONE;
	}

	public boolean mayConfigure(String name) {
		return matches(this.configure, name);
	}

	public boolean mayWrite(String name) {
		return matches(this.write, name);
	}

	public boolean mayRead(String name) {
		return matches(this.read, name);
	}

	private static boolean matches(@Nullable NamePattern pattern, String name) {
		return pattern == EVERYTHING || pattern != null && pattern.matches(name.isEmpty() ? DEFAULT_EXCHANGE : name);
	}

	public boolean mayWriteTopic(String exchange, String routingKey) {
		Topics own = this.topics.get(exchange);
		return own == null || own.write.matches(routingKey);
	}

	public boolean mayReadTopic(String exchange, String routingKey) {
		Topics own = this.topics.get(exchange);
		return own == null || own.read.matches(routingKey);
	}

	/**
	 * What the user may do with the routing keys of a topic exchange.
	 */
	private record Topics(NamePattern write, NamePattern read) {

		static Topics of(Map<?, ?> table, String user, String virtualHost) {
			return new Topics(new NamePattern(expand(text(table, WRITE), user, virtualHost)),
					new NamePattern(expand(text(table, READ), user, virtualHost)));
		}

	}

}
