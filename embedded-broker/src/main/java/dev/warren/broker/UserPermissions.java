package dev.warren.broker;

import java.util.regex.PatternSyntaxException;

import dev.warren.broker.rabbitmq.access.Permissions;

/**
 * What a user may do in a virtual host, as regular expressions on the names of queues and
 * exchanges, as
 * <a href="https://www.rabbitmq.com/docs/access-control#authorisation">RabbitMQ's</a>.
 *
 * @param virtualHost the virtual host
 * @param user the user
 * @param configure what may be declared and deleted
 * @param write what may be published to and bound from
 * @param read what may be consumed from, purged and bound to
 */
record UserPermissions(String virtualHost, String user, String configure, String write, String read) {

	UserPermissions {
		check(configure, user, virtualHost, "warren.broker.permissions");
		check(write, user, virtualHost, "warren.broker.permissions");
		check(read, user, virtualHost, "warren.broker.permissions");
	}

	static void check(String expression, String user, String virtualHost, String property) {
		try {
			Permissions.check(expression, user, virtualHost);
		}
		catch (PatternSyntaxException ex) {
			throw new BrokerStartException("The permission '" + expression + "' is not a regular expression.",
					"Correct it in '" + property + "'.");
		}
	}

}
