package dev.warren.broker.rabbitmq.transport;

import java.util.function.LongSupplier;
import java.util.stream.Stream;

import dev.warren.broker.rabbitmq.definitions.DefinitionStore;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.VirtualHostNode;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;

/**
 * Holds connections and channels to the limits of the broker, its users and its virtual
 * hosts. It counts what is there whenever one more is wanted, so what has died needs no
 * bookkeeping, and nothing is counted where there is no limit.
 */
public final class Limits {

	/**
	 * The context variable of a broker with the number of connections it takes; below 0
	 * is any number.
	 */
	public static final String CONNECTION_MAX = "warren.connectionMax";

	/** Only its holder adds anything. It is never held for long. */
	private static final Object LOCK = new Object();

	private final Broker<?> broker;

	private final DefinitionStore definitions;

	Limits(Broker<?> broker, DefinitionStore definitions) {
		this.broker = broker;
		this.definitions = definitions;
	}

	/**
	 * @param name what clients call the virtual host
	 */
	void checkConnections(String user, QueueManagingVirtualHost<?> virtualHost, String name) {
		int most = this.broker.getContextValue(Integer.class, CONNECTION_MAX);
		if (isReached(most, () -> connections().count())) {
			throw ReplyCode.NOT_ALLOWED.error("connection refused: node connection limit (%d) is reached", most);
		}
		most = this.definitions.current().limitOfVirtualHost(name, "max-connections");
		if (isReached(most, () -> connections(virtualHost).count())) {
			throw ReplyCode.NOT_ALLOWED.error(
					"access to vhost '%s' refused for user '%s': connection limit (%d) is reached", name, user, most);
		}
		most = this.definitions.current().limitOfUser(user, "max-connections");
		if (isReached(most, () -> connections(user).count())) {
			throw ReplyCode.NOT_ALLOWED.error("connection refused for user '%s': user connection limit (%d) is reached",
					user, most);
		}
	}

	/**
	 * Adds a connection if there may be one more.
	 */
	void addConnection(String user, QueueManagingVirtualHost<?> virtualHost, String name, Runnable addition) {
		synchronized (LOCK) {
			checkConnections(user, virtualHost, name);
			addition.run();
		}
	}

	/**
	 * Adds a channel if the user may have one more.
	 */
	void addChannel(QpidConnection connection, Runnable addition) {
		String user = connection.user();
		int most = this.definitions.current().limitOfUser(user, "max-channels");
		if (most < 0) {
			addition.run();
			return;
		}
		synchronized (LOCK) {
			if (isReached(most, () -> connections(user).mapToLong(QpidConnection::channelCount).sum())) {
				throw ReplyCode.NOT_ALLOWED.connectionError(
						"number of channels opened for user '%s' has reached the maximum allowed user limit of "
								+ (connection.dialect().bracketsChannelLimit() ? "(%d)" : "%d"),
						user, most);
			}
			addition.run();
		}
	}

	private static boolean isReached(int most, LongSupplier count) {
		return most >= 0 && count.getAsLong() >= most;
	}

	private Stream<QpidConnection> connections() {
		return this.broker.getChildren(VirtualHostNode.class)
			.stream()
			.flatMap((node) -> (node.getVirtualHost() instanceof QueueManagingVirtualHost<?> virtualHost)
					? connections(virtualHost) : Stream.empty());
	}

	private Stream<QpidConnection> connections(String user) {
		return connections().filter((connection) -> connection.user().equals(user));
	}

	private static Stream<QpidConnection> connections(QueueManagingVirtualHost<?> virtualHost) {
		return virtualHost.getConnections()
			.stream()
			.filter((connection) -> connection instanceof QpidConnection ours && !ours.isClosing())
			.map(QpidConnection.class::cast);
	}

}
