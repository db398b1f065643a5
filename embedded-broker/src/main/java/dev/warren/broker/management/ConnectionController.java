package dev.warren.broker.management;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import dev.warren.broker.management.ConnectionView.OfConnection;
import dev.warren.broker.rabbitmq.channel.ChannelSnapshot;
import dev.warren.broker.rabbitmq.connection.ConnectionSnapshot;
import dev.warren.broker.rabbitmq.queue.Consumer;
import org.jspecify.annotations.Nullable;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * Connections, their channels and their consumers.
 */
@RestController
final class ConnectionController {

	private static final String REASON = "Closed via management plugin";

	private final Connections connections;

	private final ConnectionView view;

	private final Resources resources;

	ConnectionController(Connections connections, ConnectionView view, Resources resources) {
		this.connections = connections;
		this.view = view;
		this.resources = resources;
	}

	// Connections

	@GetMapping("/api/connections")
	Object connections(Caller caller, Listing listing) {
		return list(this.connections.visible(caller), listing);
	}

	@GetMapping("/api/vhosts/{virtualHost}/connections")
	Object connections(Caller caller, Listing listing, @PathVariable String virtualHost) {
		String name = this.resources.virtualHost(caller, virtualHost).name();
		return list(only(this.connections.visible(caller), (one) -> one.virtualHost().equals(name)), listing);
	}

	private Object list(List<ConnectionSnapshot> connections, Listing listing) {
		return listing.of(connections, ConnectionSnapshot::name, (one) -> this.view.connection(one, listing));
	}

	private static List<ConnectionSnapshot> only(List<ConnectionSnapshot> connections,
			Predicate<ConnectionSnapshot> condition) {
		return connections.stream().filter(condition).toList();
	}

	@GetMapping("/api/connections/{connection}")
	Map<String, @Nullable Object> connection(Caller caller, Listing listing, @PathVariable String connection) {
		return listing.of(this.view.connection(this.connections.find(caller, connection), listing));
	}

	@DeleteMapping("/api/connections/{connection}")
	ResponseEntity<Void> close(Caller caller, @PathVariable String connection,
			@RequestHeader(name = "X-Reason", defaultValue = REASON) String reason) {
		ConnectionSnapshot found = this.connections.find(caller, connection);
		caller.checkMayCloseConnectionsOf(found.user());
		this.connections.close((one) -> one.name().equals(found.name()), reason);
		return ResponseEntity.noContent().build();
	}

	@GetMapping("/api/connections/username/{user}")
	Object connectionsOf(Caller caller, Listing listing, @PathVariable String user) {
		caller.checkMaySeeConnectionsOf(user);
		return listing.of(only(this.connections.visible(caller), (one) -> one.user().equals(user)),
				ConnectionSnapshot::name, ConnectionView::brief);
	}

	@DeleteMapping("/api/connections/username/{user}")
	ResponseEntity<Void> closeAllOf(Caller caller, @PathVariable String user,
			@RequestHeader(name = "X-Reason", defaultValue = REASON) String reason) {
		caller.checkMayCloseConnectionsOf(user);
		this.connections.close((one) -> one.user().equals(user), reason);
		return ResponseEntity.noContent().build();
	}

	@GetMapping("/api/connections/{connection}/sessions")
	Object sessions(Caller caller, @PathVariable String connection) {
		this.connections.find(caller, connection);
		throw ApiException.badRequest("connection does not use AMQP 1.0");
	}

	// Channels

	@GetMapping("/api/connections/{connection}/channels")
	Object channelsOf(Caller caller, Listing listing, @PathVariable String connection) {
		return channels(List.of(this.connections.find(caller, connection)), listing);
	}

	@GetMapping("/api/channels")
	Object channels(Caller caller, Listing listing) {
		return channels(this.connections.visible(caller), listing);
	}

	@GetMapping("/api/vhosts/{virtualHost}/channels")
	Object channels(Caller caller, Listing listing, @PathVariable String virtualHost) {
		String name = this.resources.virtualHost(caller, virtualHost).name();
		return channels(only(this.connections.visible(caller), (one) -> one.virtualHost().equals(name)), listing);
	}

	private Object channels(List<ConnectionSnapshot> connections, Listing listing) {
		List<OfConnection<ChannelSnapshot>> channels = connections.stream()
			.flatMap((one) -> one.channels().stream().map((channel) -> new OfConnection<>(one, channel)))
			.toList();
		return listing.of(channels, (one) -> ConnectionView.channelName(one.connection(), one.part().number()),
				(one) -> this.view.channel(one, listing));
	}

	@GetMapping("/api/channels/{channel}")
	Map<String, @Nullable Object> channel(Caller caller, Listing listing, @PathVariable String channel) {
		int end = channel.lastIndexOf(" (");
		ConnectionSnapshot connection = this.connections.find(caller, (end > 0) ? channel.substring(0, end) : "");
		return connection.channels()
			.stream()
			.filter((one) -> ConnectionView.channelName(connection, one.number()).equals(channel))
			.findFirst()
			.map((one) -> listing.of(this.view.fullChannel(new OfConnection<>(connection, one), listing)))
			.orElseThrow(ApiException::notFound);
	}

	// Consumers

	@GetMapping("/api/consumers")
	Object consumers(Caller caller, Listing listing) {
		return consumers(this.connections.visible(caller), listing);
	}

	@GetMapping("/api/consumers/{virtualHost}")
	Object consumers(Caller caller, Listing listing, @PathVariable String virtualHost) {
		String name = this.resources.virtualHost(caller, virtualHost).name();
		return consumers(only(this.connections.visible(caller), (one) -> one.virtualHost().equals(name)), listing);
	}

	private static Object consumers(List<ConnectionSnapshot> connections, Listing listing) {
		List<OfConnection<Consumer>> consumers = connections.stream()
			.flatMap((one) -> one.channels()
				.stream()
				.flatMap(
						(channel) -> channel.consumers().stream().map((consumer) -> new OfConnection<>(one, consumer))))
			.toList();
		return listing.of(consumers, (one) -> one.part().tag(), ConnectionView::consumer);
	}

}
