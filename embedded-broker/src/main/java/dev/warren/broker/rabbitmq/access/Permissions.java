package dev.warren.broker.rabbitmq.access;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import dev.warren.broker.rabbitmq.wire.ArgumentTable;
import org.jspecify.annotations.Nullable;

/**
 * What a user may do in a virtual host: three regular expressions on the names of queues
 * and exchanges. They are kept in the context of Qpid's virtual host, which is closed to
 * a user for whom there are none.
 *
 * @see <a href="https://www.rabbitmq.com/docs/access-control#authorisation">Access
 * control</a>
 */
public final class Permissions {

	private static final String CONTEXT_PREFIX = "rabbitmq.permissions.";

	private static final Permissions ALL = new Permissions(".*", ".*", ".*");

	private static final Permissions NONE = new Permissions(null, null, null);

	/** The default exchange has no name of its own to match. */
	public static final String DEFAULT_EXCHANGE = "amq.default";

	private static final int CACHE_SIZE = 4096;

	private final @Nullable Pattern configure;

	private final @Nullable Pattern write;

	private final @Nullable Pattern read;

	private final Map<String, Boolean> writable = new ConcurrentHashMap<>();

	private Permissions(@Nullable String configure, @Nullable String write, @Nullable String read) {
		this.configure = compile(configure);
		this.write = compile(write);
		this.read = compile(read);
	}

	private static @Nullable Pattern compile(@Nullable String expression) {
		// To RabbitMQ an empty expression is one that matches the empty name only.
		return (expression == null) ? null : Pattern.compile(expression.isEmpty() ? "^$" : expression);
	}

	/**
	 * A context variable for a virtual host, that gives a user permissions there.
	 */
	public static Map.Entry<String, String> contextVariable(String user, String configure, String write, String read) {
		return Map.entry(CONTEXT_PREFIX + user,
				ArgumentTable.toText(Map.of("configure", configure, "write", write, "read", read)));
	}

	/**
	 * Whether a context variable of a virtual host gives a user permissions.
	 */
	public static boolean isContextVariable(String name) {
		return name.startsWith(CONTEXT_PREFIX);
	}

	/**
	 * @param context the context variables of the virtual host
	 */
	public static Permissions of(Map<String, String> context, String user) {
		String own = context.get(CONTEXT_PREFIX + user);
		if (own == null) {
			return NONE;
		}
		Map<String, @Nullable Object> table = ArgumentTable.fromText(own);
		return table.values().stream().allMatch(".*"::equals) ? ALL
				: new Permissions(text(table, "configure"), text(table, "write"), text(table, "read"));
	}

	private static String text(Map<String, @Nullable Object> table, String name) {
		return Objects.requireNonNull(table.get(name)).toString();
	}

	public boolean isNone() {
		return this == NONE;
	}

	public boolean mayConfigure(String name) {
		return matches(this.configure, name);
	}

	public boolean mayWrite(String name) {
		if (this == ALL) {
			return true;
		}
		// Asked for each message published.
		Boolean known = this.writable.get(name);
		if (known == null) {
			if (this.writable.size() >= CACHE_SIZE) {
				this.writable.clear();
			}
			known = matches(this.write, name);
			this.writable.put(name, known);
		}
		return known;
	}

	public boolean mayRead(String name) {
		return matches(this.read, name);
	}

	private boolean matches(@Nullable Pattern pattern, String name) {
		if (this == ALL) {
			return true;
		}
		return pattern != null && pattern.matcher(name.isEmpty() ? DEFAULT_EXCHANGE : name).find();
	}

}
