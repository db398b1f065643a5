package dev.warren.broker;

import java.util.List;

/**
 * How much there may be. A number below 0 is no limit, as in RabbitMQ.
 *
 * @param connectionMax the connections of all users together
 * @param connectionsPerSecond the connections that one address begins in a second
 * @param failedLoginsPerMinute the logins of one address that are refused in a minute
 * @param users the limits of users
 * @param virtualHosts the limits of virtual hosts
 */
record BrokerLimits(int connectionMax, int connectionsPerSecond, int failedLoginsPerMinute, List<OfUser> users,
		List<OfVirtualHost> virtualHosts) {

	static final int NONE = -1;

	BrokerLimits {
		users = List.copyOf(users);
		virtualHosts = List.copyOf(virtualHosts);
	}

	/**
	 * The limits of a user, in all virtual hosts together.
	 *
	 * @param user the user
	 * @param maxConnections the most connections
	 * @param maxChannels the most channels
	 */
	record OfUser(String user, int maxConnections, int maxChannels) {

	}

	/**
	 * The limits of a virtual host, of all users together.
	 *
	 * @param virtualHost the virtual host
	 * @param maxConnections the most connections
	 * @param maxQueues the most queues
	 */
	record OfVirtualHost(String virtualHost, int maxConnections, int maxQueues) {

	}

}
