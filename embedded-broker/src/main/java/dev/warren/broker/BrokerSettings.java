package dev.warren.broker;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a broker is started with.
 *
 * @param version the RabbitMQ to behave as
 * @param port the TCP port for AMQP, 0 for a free one, -1 for none
 * @param tls AMQP over TLS, or {@code null} for none
 * @param bindAddress the address to listen on, {@code *} for all
 * @param dataDir where the disk store is, or {@code null} for the memory store
 * @param consumerTimeout how long a consumer may take to acknowledge a delivery
 * @param handshakeTimeout how long a client may take to log in
 * @param timeline whether to note what happens
 * @param operatorLog whether to log what a server logs
 * @param users passwords by user name, in the order given
 * @param virtualHosts the virtual hosts' names, in the order given
 * @param permissions what users may do; without any, every user may do everything
 * @param topicPermissions what users may do with routing keys; without any for an
 * exchange, a user may use all
 * @param limits how much there may be
 */
record BrokerSettings(RabbitMqVersion version, int port, @Nullable BrokerTls tls, String bindAddress,
		@Nullable Path dataDir, Duration consumerTimeout, Duration handshakeTimeout, boolean timeline,
		boolean operatorLog, Map<String, String> users, List<String> virtualHosts, List<UserPermissions> permissions,
		List<TopicPermissions> topicPermissions, BrokerLimits limits) {

	/** The length of an AMQP short string, in which these names travel. */
	private static final int MAX_NAME_BYTES = 255;

	private static final Duration LONGEST_HANDSHAKE = Duration.ofDays(1);

	private static final Duration ANY_TIME = Duration.ofMillis(Long.MAX_VALUE);

	/** The port of a broker that takes AMQP over TLS only. */
	static final int NO_PORT = -1;

	BrokerSettings {
		if (port < ((tls != null) ? NO_PORT : 0) || port > 65535) {
			throw new BrokerStartException("Port " + port + " does not exist.",
					"Set 'warren.broker.port' to 0 (any free port) or to a value from 1 to 65535; with TLS, -1 is none.");
		}
		if (tls != null && port > 0 && port == tls.port()) {
			throw new BrokerStartException("AMQP with and without TLS cannot share port " + port + ".",
					"Set 'warren.broker.port' or 'warren.broker.ssl.port' to another port.");
		}
		if (consumerTimeout.compareTo(Duration.ofMillis(1)) < 0) {
			throw new BrokerStartException("A consumer timeout of " + consumerTimeout + " leaves no time.",
					"Set 'warren.broker.consumer-timeout' to at least a millisecond, such as '30m'.");
		}
		if (handshakeTimeout.compareTo(Duration.ofMillis(1)) < 0 || handshakeTimeout.compareTo(LONGEST_HANDSHAKE) > 0) {
			throw new BrokerStartException("A handshake timeout of " + handshakeTimeout + " is none.",
					"Set 'warren.broker.handshake-timeout' to something from a millisecond to a day, such as '10s'.");
		}
		if (consumerTimeout.compareTo(ANY_TIME) > 0) {
			consumerTimeout = ANY_TIME;
		}
		users = Collections.unmodifiableMap(new LinkedHashMap<>(users));
		virtualHosts = Collections.unmodifiableList(new ArrayList<>(virtualHosts));
		permissions = List.copyOf(permissions);
		topicPermissions = List.copyOf(topicPermissions);
		if (users.isEmpty()) {
			throw new BrokerStartException("The broker has no users.",
					"Give 'warren.broker.users' at least one name and password.");
		}
		users.keySet().forEach((name) -> checkName("user name", name, "warren.broker.users"));
		if (virtualHosts.isEmpty()) {
			throw new BrokerStartException("The broker has no virtual host.",
					"Give 'warren.broker.virtual-hosts' at least one name, as a rule '/'.");
		}
		virtualHosts.forEach(BrokerSettings::checkVirtualHostName);
		if (virtualHosts.stream().map(BrokerSettings::withoutLeadingSlash).distinct().count() < virtualHosts.size()) {
			throw new BrokerStartException(
					"The virtual hosts " + virtualHosts + " are not all different, a leading slash not counted.",
					"Remove the duplicates from 'warren.broker.virtual-hosts'.");
		}
		for (UserPermissions one : permissions) {
			checkKnown(users, virtualHosts, one.user(), one.virtualHost(), "permissions");
		}
		for (TopicPermissions one : topicPermissions) {
			checkKnown(users, virtualHosts, one.user(), one.virtualHost(), "topic-permissions");
		}
		for (BrokerLimits.OfUser one : limits.users()) {
			if (!users.containsKey(one.user())) {
				throw new BrokerStartException(
						"There are limits for the user '" + one.user() + "', but there is no such user.",
						"Correct 'warren.broker.limits.users', or add to 'warren.broker.users'.");
			}
		}
		for (BrokerLimits.OfVirtualHost one : limits.virtualHosts()) {
			if (!virtualHosts.contains(one.virtualHost())) {
				throw new BrokerStartException(
						"There are limits for the virtual host '" + one.virtualHost()
								+ "', but there is no such virtual host.",
						"Correct 'warren.broker.limits.virtual-hosts', or add to 'warren.broker.virtual-hosts'.");
			}
		}
	}

	private static void checkKnown(Map<String, String> users, List<String> virtualHosts, String user,
			String virtualHost, String property) {
		if (!virtualHosts.contains(virtualHost) || !users.containsKey(user)) {
			throw new BrokerStartException(
					"There are %s for the user '%s' in the virtual host '%s', but there is no such user or virtual host."
						.formatted(property.replace('-', ' '), user, virtualHost),
					"Correct 'warren.broker.%s', or add to 'warren.broker.users' or 'warren.broker.virtual-hosts'."
						.formatted(property));
		}
	}

	/**
	 * Qpid takes the leading slash from the virtual host a client asks for: {@code /} is
	 * the default virtual host, and {@code /a} is {@code a}.
	 */
	static String withoutLeadingSlash(String virtualHost) {
		return virtualHost.startsWith("/") ? virtualHost.substring(1) : virtualHost;
	}

	static void checkVirtualHostName(String name) {
		checkName("virtual host name", name, "warren.broker.virtual-hosts");
	}

	private static void checkName(String what, String name, String property) {
		if (name.isBlank() || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
			throw new BrokerStartException(
					"The %s '%s' is empty or longer than %d bytes.".formatted(what, name, MAX_NAME_BYTES),
					"Change it in '%s'.".formatted(property));
		}
	}

}
