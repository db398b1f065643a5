package dev.warren.broker.management;

import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

import dev.warren.broker.definitions.AmqpJson;
import dev.warren.broker.management.sample.Sampler;
import dev.warren.broker.rabbitmq.channel.Channel;
import dev.warren.broker.rabbitmq.channel.ChannelSnapshot;
import dev.warren.broker.rabbitmq.connection.ConnectionSnapshot;
import dev.warren.broker.rabbitmq.queue.Consumer;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * What is to be seen of connections, their channels and consumers.
 */
@Component
final class ConnectionView {

	private final Sampler sampler;

	ConnectionView(Sampler sampler) {
		this.sampler = sampler;
	}

	Map<String, @Nullable Object> connection(ConnectionSnapshot connection, Listing listing) {
		ConnectionSnapshot.Negotiated client = connection.client();
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("auth_mechanism", client.mechanism());
		map.put("channel_max", client.channelMax());
		map.put("channels", connection.channels().size());
		map.put("client_properties", AmqpJson.toJson(client.properties()));
		map.put("connected_at", client.connectedAt());
		map.put("frame_max", client.frameMax());
		map.put("host", connection.endpoints().host());
		map.put("name", connection.name());
		map.put("node", OverviewController.NODE);
		map.put("peer_host", connection.endpoints().peerHost());
		map.put("peer_port", connection.endpoints().peerPort());
		map.put("port", connection.endpoints().port());
		map.put("protocol", client.protocol());
		MessageStats.put(map, connection.traffic(), this.sampler.of(connection.traffic()), listing);
		putTls(map, connection.tls());
		map.put("state", connection.state());
		map.put("timeout", client.heartbeat());
		map.put("type", "network");
		map.put("user", connection.user());
		Object name = client.properties().get("connection_name");
		if (name != null) {
			map.put("user_provided_name", name.toString());
		}
		map.put("user_who_performed_action", connection.user());
		map.put("vhost", connection.virtualHost());
		return map;
	}

	private static void putTls(Map<String, @Nullable Object> map, @Nullable SSLSession session) {
		map.put("ssl", session != null);
		map.put("ssl_cipher", (session != null) ? session.getCipherSuite() : null);
		map.put("ssl_hash", null);
		map.put("ssl_key_exchange", null);
		map.put("ssl_protocol", (session != null) ? session.getProtocol() : null);
		X509Certificate certificate = (session != null) ? certificate(session) : null;
		map.put("peer_cert_issuer", (certificate != null) ? certificate.getIssuerX500Principal().getName() : null);
		map.put("peer_cert_subject", (certificate != null) ? certificate.getSubjectX500Principal().getName() : null);
		map.put("peer_cert_serial_number", (certificate != null) ? certificate.getSerialNumber().toString(16) : null);
		map.put("peer_cert_validity", (certificate != null)
				? certificate.getNotBefore().toInstant() + " - " + certificate.getNotAfter().toInstant() : null);
	}

	/**
	 * What the client showed, or null if it showed none.
	 */
	private static @Nullable X509Certificate certificate(SSLSession session) {
		try {
			return (session.getPeerCertificates()[0] instanceof X509Certificate certificate) ? certificate : null;
		}
		catch (SSLPeerUnverifiedException ex) {
			return null;
		}
	}

	/**
	 * As in the list of a user's connections.
	 */
	static Map<String, @Nullable Object> brief(ConnectionSnapshot connection) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("name", connection.name());
		map.put("vhost", connection.virtualHost());
		map.put("user", connection.user());
		map.put("node", OverviewController.NODE);
		return map;
	}

	Map<String, @Nullable Object> channel(OfConnection<ChannelSnapshot> channel, Listing listing) {
		ConnectionSnapshot connection = channel.connection();
		ChannelSnapshot one = channel.part();
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("acks_uncommitted", one.acksUncommitted());
		map.put("confirm", one.confirms());
		map.put("connection_details", Map.of("name", connection.name(), "peer_host", connection.endpoints().peerHost(),
				"peer_port", connection.endpoints().peerPort()));
		map.put("consumer_count", one.consumers().size());
		if (one.globalPrefetch() > 0) {
			map.put("global_prefetch_count", one.globalPrefetch());
		}
		MessageStats.put(map, one.stats().counters(), this.sampler.of(one.stats()), listing);
		map.put("messages_unacknowledged", one.unacknowledged());
		map.put("messages_uncommitted", one.uncommitted());
		map.put("messages_unconfirmed", one.unconfirmed());
		map.put("name", channelName(connection, one.number()));
		map.put("node", OverviewController.NODE);
		map.put("number", one.number());
		map.put("prefetch_count", one.prefetch());
		map.put("state", "running");
		map.put("transactional", one.transactional());
		map.put("user", connection.user());
		map.put("user_who_performed_action", connection.user());
		map.put("vhost", connection.virtualHost());
		return map;
	}

	/**
	 * As of a single channel. By queue and by exchange nothing is counted, as in
	 * RabbitMQ's "basic" mode.
	 */
	Map<String, @Nullable Object> fullChannel(OfConnection<ChannelSnapshot> channel, Listing listing) {
		Map<String, @Nullable Object> map = channel(channel, listing);
		map.put("consumer_details",
				channel.part()
					.consumers()
					.stream()
					.map((consumer) -> consumer(new OfConnection<>(channel.connection(), consumer)))
					.toList());
		map.put("deliveries", List.of());
		map.put("publishes", List.of());
		return map;
	}

	static String channelName(ConnectionSnapshot connection, int number) {
		return connection.name() + " (" + number + ")";
	}

	static Map<String, @Nullable Object> consumer(OfConnection<Consumer> consumer) {
		ConnectionSnapshot connection = consumer.connection();
		Consumer one = consumer.part();
		int channel = (one.outlet() instanceof Channel itsChannel) ? itsChannel.id() : 0;
		Map<String, @Nullable Object> channelDetails = new LinkedHashMap<>();
		channelDetails.put("connection_name", connection.name());
		channelDetails.put("name", channelName(connection, channel));
		channelDetails.put("node", OverviewController.NODE);
		channelDetails.put("number", channel);
		channelDetails.put("peer_host", connection.endpoints().peerHost());
		channelDetails.put("peer_port", connection.endpoints().peerPort());
		channelDetails.put("user", connection.user());
		boolean single = one.queue().arguments().singleActiveConsumer();
		boolean active = !single || one.queue().consumers().stream().findFirst().orElse(one) == one;
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("arguments", AmqpJson.toJson(one.arguments().shown()));
		map.put("ack_required", !one.isNoAck());
		map.put("active", active);
		map.put("activity_status", !single ? "up" : active ? "single_active" : "waiting");
		map.put("channel_details", channelDetails);
		map.put("consumer_tag", one.tag());
		if (one.timeout() < Long.MAX_VALUE) {
			map.put("consumer_timeout", one.timeout());
		}
		map.put("exclusive", one.isExclusive());
		map.put("prefetch_count", one.prefetch());
		map.put("queue", Map.of("name", one.queue().name(), "vhost", connection.virtualHost()));
		return map;
	}

	/**
	 * Something with the connection it is of.
	 */
	record OfConnection<T>(ConnectionSnapshot connection, T part) {

	}

}
