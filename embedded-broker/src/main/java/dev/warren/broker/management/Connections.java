package dev.warren.broker.management;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.warren.broker.Administration;
import dev.warren.broker.management.ConnectionView.OfConnection;
import dev.warren.broker.rabbitmq.channel.Channel;
import dev.warren.broker.rabbitmq.connection.ClientConnection;
import dev.warren.broker.rabbitmq.connection.ConnectionSnapshot;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.queue.Consumer;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.queue.Outlet;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * The connections of a broker, by their names and if a caller may see them.
 */
@Component
final class Connections {

	private final Administration broker;

	Connections(Administration broker) {
		this.broker = broker;
	}

	private Stream<ClientConnection> all() {
		return this.broker.virtualHosts().stream().flatMap((one) -> this.broker.connections(one).stream());
	}

	/**
	 * Those to a virtual host.
	 */
	List<ConnectionSnapshot> to(VirtualHost virtualHost) {
		return snapshots(this.broker.connections(virtualHost).stream()).toList();
	}

	private static Stream<ConnectionSnapshot> snapshots(Stream<ClientConnection> connections) {
		return connections.map(ClientConnection::snapshot).flatMap(Stream::ofNullable);
	}

	/**
	 * Those that the caller may see, in the order in which they were made.
	 */
	List<ConnectionSnapshot> visible(Caller caller) {
		return snapshots(all()).filter((one) -> caller.maySeeConnectionOf(one.user()))
			.sorted(Comparator.comparingLong((one) -> one.client().connectedAt()))
			.toList();
	}

	ConnectionSnapshot find(Caller caller, String name) {
		ConnectionSnapshot found = snapshots(all()).filter((one) -> one.name().equals(name))
			.findFirst()
			.orElseThrow(ApiException::notFound);
		caller.checkMaySeeConnectionsOf(found.user());
		return found;
	}

	/**
	 * Those who consume from a queue.
	 */
	Stream<OfConnection<Consumer>> consumersOf(MessageQueue queue) {
		Map<Outlet, ConnectionSnapshot> connections = new HashMap<>();
		return queue.consumers().stream().flatMap((consumer) -> {
			ConnectionSnapshot known = connections.computeIfAbsent(consumer.outlet(), Connections::of);
			return (known != null) ? Stream.of(new OfConnection<>(known, consumer)) : Stream.empty();
		});
	}

	private static @Nullable ConnectionSnapshot of(Outlet outlet) {
		return (outlet instanceof Channel channel && channel.client() instanceof ClientConnection connection)
				? connection.snapshot() : null;
	}

	/**
	 * Closes connections, and tells their clients why.
	 */
	void close(Predicate<ConnectionSnapshot> condition, String reason) {
		all().forEach((connection) -> {
			ConnectionSnapshot snapshot = connection.snapshot();
			if (snapshot != null && condition.test(snapshot)) {
				connection.execute(() -> connection.close(ReplyCode.CONNECTION_FORCED.error("%s", reason)));
			}
		});
	}

}
