package dev.warren.broker.rabbitmq.connection;

import dev.warren.broker.rabbitmq.definitions.Grant;
import dev.warren.broker.rabbitmq.wire.ProtocolException;

/**
 * A virtual host that a connection may enter.
 */
public interface HostedVirtualHost {

	/**
	 * Checks that the limits of broker, virtual host and user leave room for a
	 * connection.
	 * @throws ProtocolException if they do not
	 */
	void checkLimits(String user);

	/**
	 * What the user may do there.
	 */
	Grant grant(String user);

	/**
	 * Counts the connection as one of the virtual host's, which is started if this is the
	 * first.
	 * @throws ProtocolException if the virtual host takes no connection now, or a limit
	 * leaves no room for it
	 */
	RunningVirtualHost enter(String user);

}
