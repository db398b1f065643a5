package dev.warren.broker.rabbitmq.access;

import java.util.Map;

/**
 * What a user, a virtual host or the broker may have only so many of. The numbers are
 * kept in the context of Qpid's broker and virtual hosts.
 *
 * @see <a href="https://www.rabbitmq.com/docs/user-limits">Per-user limits</a>
 * @see <a href="https://www.rabbitmq.com/docs/vhosts#limits">Limits of virtual hosts</a>
 */
public enum Limit {

	CONNECTIONS, CHANNELS, QUEUES;

	private static final String CONTEXT_PREFIX = "rabbitmq.limits.";

	private static final String NONE = "-1";

	/**
	 * A context variable of the broker or a virtual host, that limits what it has.
	 * @param most a number; one below 0 is no limit
	 */
	public Map.Entry<String, String> contextVariable(int most) {
		return Map.entry(CONTEXT_PREFIX + name(), Integer.toString(most));
	}

	/**
	 * A context variable of the broker, that limits what a user has.
	 * @param most a number; one below 0 is no limit
	 */
	public Map.Entry<String, String> contextVariable(String user, int most) {
		return Map.entry(CONTEXT_PREFIX + name() + "." + user, Integer.toString(most));
	}

	/**
	 * Whether a context variable is a limit.
	 */
	public static boolean isContextVariable(String name) {
		return name.startsWith(CONTEXT_PREFIX);
	}

	/**
	 * How many there may be; below 0 is any number.
	 * @param context the context variables of the broker or the virtual host
	 */
	public int of(Map<String, String> context) {
		return Integer.parseInt(context.getOrDefault(CONTEXT_PREFIX + name(), NONE));
	}

	/**
	 * How many a user may have; below 0 is any number.
	 * @param context the context variables of the broker
	 */
	public int of(Map<String, String> context, String user) {
		return Integer.parseInt(context.getOrDefault(CONTEXT_PREFIX + name() + "." + user, NONE));
	}

}
