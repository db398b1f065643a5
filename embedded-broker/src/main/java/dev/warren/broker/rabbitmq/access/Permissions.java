package dev.warren.broker.rabbitmq.access;

import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What a user may do in a virtual host: three regular expressions on the names of queues
 * and exchanges, and for topic exchanges two on routing keys.
 *
 * @see <a href="https://www.rabbitmq.com/docs/access-control#authorisation">Access
 * control</a>
 */
public final class Permissions {

	private static final String ANYTHING = ".*";

	private static final NamePattern EVERYTHING = new NamePattern(ANYTHING);

	private static final Permissions ALL = new Permissions(EVERYTHING, EVERYTHING, EVERYTHING, Map.of());

	/** Of a user who has none, and may not even enter. */
	public static final Permissions NONE = new Permissions(null, null, null, Map.of());

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
	 * @param topics by the names of topic exchanges
	 * @throws java.util.regex.PatternSyntaxException if one is not a regular expression
	 */
	public static Permissions of(String configure, String write, String read, Map<String, Topics> topics) {
		boolean all = Stream.of(configure, write, read).allMatch(ANYTHING::equals) && topics.isEmpty();
		return all ? ALL : new Permissions(pattern(configure), pattern(write), pattern(read), topics);
	}

	private static NamePattern pattern(String expression) {
		return expression.equals(ANYTHING) ? EVERYTHING : new NamePattern(expression);
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
	 * What a user may do with the routing keys of a topic exchange.
	 */
	public static final class Topics {

		private final NamePattern write;

		private final NamePattern read;

		/**
		 * @param write an expression, in which <code>{username}</code> and
		 * <code>{vhost}</code> stand for the names
		 * @param read another
		 * @param user the user
		 * @param virtualHost what clients call the virtual host
		 */
		public Topics(String write, String read, String user, String virtualHost) {
			this.write = new NamePattern(expand(write, user, virtualHost));
			this.read = new NamePattern(expand(read, user, virtualHost));
		}

	}

}
