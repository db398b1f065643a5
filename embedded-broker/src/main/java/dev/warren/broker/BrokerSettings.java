package dev.warren.broker;

import java.util.List;
import java.util.Map;

/**
 * What a broker is started with.
 *
 * @param port the TCP port for AMQP, 0 for a free one
 * @param bindAddress the address to listen on
 * @param users passwords by user name
 * @param virtualHosts the virtual hosts' names
 */
record BrokerSettings(int port, String bindAddress, Map<String, String> users, List<String> virtualHosts) {

	BrokerSettings {
		users = Map.copyOf(users);
		virtualHosts = List.copyOf(virtualHosts);
	}

}
