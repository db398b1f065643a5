package dev.warren.broker.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The embedded broker. A property that does not exist, such as a misspelt one, is
 * refused.
 *
 * @param enabled whether to start the embedded broker
 * @param version the RabbitMQ to behave as, 3.10, 4.0 or 4.3; by default the newest
 * @param port the TCP port for AMQP; 0 takes a free one, -1 is none
 * @param ssl AMQP over TLS, beside AMQP
 * @param bindAddress the address to listen on; '*' is all
 * @param store where queues and messages are kept
 * @param dataDir the directory of the disk store
 * @param consumerTimeout how long a consumer may take to acknowledge a delivery
 * @param handshakeTimeout how long a client may take to log in
 * @param timeline whether to note what happens to messages, for tests
 * @param operatorLog whether to log what a server logs: connections, channels closed for
 * an error, late consumers, alarms
 * @param faults whether an administrator may have things go wrong over the management
 * API, to see how applications bear it
 * @param users passwords by user name; clients of this application use the first
 * @param virtualHosts names of the virtual hosts
 * @param permissions what users may do where; without any, every user may do everything
 * @param topicPermissions what users may do with the routing keys of topic exchanges;
 * without any for an exchange, a user may use all
 * @param limits how much users, virtual hosts and the broker may have
 * @param definitions a file of definitions, as RabbitMQ exports them, to import at each
 * start
 */
@ConfigurationProperties(prefix = "warren.broker", ignoreUnknownFields = false)
record WarrenBrokerProperties(@DefaultValue("true") boolean enabled, @Nullable String version,
		@DefaultValue("0") int port, @DefaultValue Ssl ssl, @DefaultValue("127.0.0.1") String bindAddress,
		@DefaultValue("memory") Store store, @DefaultValue("./data") Path dataDir,
		@DefaultValue("30m") Duration consumerTimeout, @DefaultValue("10s") Duration handshakeTimeout, boolean timeline,
		boolean operatorLog, boolean faults, @DefaultValue Map<String, String> users,
		@DefaultValue("/") List<String> virtualHosts, @DefaultValue List<Permission> permissions,
		@DefaultValue List<TopicPermission> topicPermissions, @DefaultValue Limits limits, @Nullable Path definitions) {

	/**
	 * AMQP over TLS.
	 *
	 * @param bundle the SSL bundle with the broker's certificate, and with those of the
	 * authorities whose client certificates it trusts; without one there is no TLS
	 * @param port the TCP port; 0 takes a free one
	 * @param clientAuth whether clients may or have to show a certificate, to log in with
	 * the mechanism EXTERNAL as the user in its common name
	 */
	record Ssl(@Nullable String bundle, @DefaultValue("0") int port, @DefaultValue("none") ClientAuth clientAuth) {

	}

	/**
	 * Whether clients show a certificate.
	 */
	enum ClientAuth {

		/**
		 * They are not asked for one.
		 */
		NONE,

		/**
		 * They may show one.
		 */
		WANT,

		/**
		 * They have to show one.
		 */
		NEED

	}

	/**
	 * What a user may do in a virtual host, in regular expressions on names.
	 *
	 * @param virtualHost the virtual host
	 * @param user the user
	 * @param configure what may be declared and deleted
	 * @param write what may be published to and bound from
	 * @param read what may be consumed from, purged and bound to
	 */
	record Permission(@DefaultValue("/") String virtualHost, String user, @DefaultValue("") String configure,
			@DefaultValue("") String write, @DefaultValue("") String read) {

	}

	/**
	 * What a user may do with the routing keys of a topic exchange, in regular
	 * expressions in which {username} and {vhost} stand for the names.
	 *
	 * @param virtualHost the virtual host
	 * @param user the user
	 * @param exchange the name of the exchange
	 * @param write the routing keys to publish with
	 * @param read the keys to bind with
	 */
	record TopicPermission(@DefaultValue("/") String virtualHost, String user, String exchange,
			@DefaultValue("") String write, @DefaultValue("") String read) {

	}

	/**
	 * How much there may be; a number below 0 is no limit.
	 *
	 * @param connectionMax the most connections of all users together
	 * @param connectionsPerSecond the most connections that one address begins in a
	 * second
	 * @param failedLoginsPerMinute the most logins of one address that are refused in a
	 * minute before the next have to wait
	 * @param users the limits of users
	 * @param virtualHosts the limits of virtual hosts
	 */
	record Limits(@DefaultValue("-1") int connectionMax, @DefaultValue("-1") int connectionsPerSecond,
			@DefaultValue("-1") int failedLoginsPerMinute, @DefaultValue List<UserLimits> users,
			@DefaultValue List<VirtualHostLimits> virtualHosts) {

	}

	/**
	 * The limits of a user, in all virtual hosts together.
	 *
	 * @param user the user
	 * @param maxConnections the most connections
	 * @param maxChannels the most channels
	 */
	record UserLimits(String user, @DefaultValue("-1") int maxConnections, @DefaultValue("-1") int maxChannels) {

	}

	/**
	 * The limits of a virtual host, of all users together.
	 *
	 * @param virtualHost the virtual host
	 * @param maxConnections the most connections
	 * @param maxQueues the most queues
	 */
	record VirtualHostLimits(@DefaultValue("/") String virtualHost, @DefaultValue("-1") int maxConnections,
			@DefaultValue("-1") int maxQueues) {

	}

	/**
	 * Where queues and messages are kept.
	 */
	enum Store {

		/**
		 * In memory: gone when the broker stops.
		 */
		MEMORY,

		/**
		 * In the data directory: what is durable survives.
		 */
		DISK

	}

}
