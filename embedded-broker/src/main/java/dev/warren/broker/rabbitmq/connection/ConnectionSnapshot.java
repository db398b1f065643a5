package dev.warren.broker.rabbitmq.connection;

import java.util.List;
import java.util.Map;

import javax.net.ssl.SSLSession;

import dev.warren.broker.rabbitmq.channel.ChannelSnapshot;
import dev.warren.broker.rabbitmq.stats.Traffic;
import org.jspecify.annotations.Nullable;

/**
 * A connection as somebody else sees it.
 *
 * @param user as whom it came
 * @param virtualHost the name clients have for it
 * @param tls the session of TLS, null without TLS
 * @param client what was agreed on with the client
 * @param state {@code running}, {@code blocking} or {@code blocked}
 */
public record ConnectionSnapshot(Endpoints endpoints, String user, String virtualHost, @Nullable SSLSession tls,
		Negotiated client, String state, Traffic traffic, List<ChannelSnapshot> channels) {

	/**
	 * What RabbitMQ's management calls it.
	 */
	public String name() {
		return this.endpoints.connectionName();
	}

	/**
	 * What client and broker agreed on when the connection was opened.
	 *
	 * @param protocol such as {@code AMQP 0-9-1}
	 * @param mechanism the SASL mechanism
	 * @param properties what the client says about itself
	 * @param heartbeat seconds, 0 for none
	 * @param connectedAt milliseconds since the epoch
	 */
	public record Negotiated(String protocol, String mechanism, Map<String, ? extends @Nullable Object> properties,
			int channelMax, long frameMax, int heartbeat, long connectedAt) {

	}

}
