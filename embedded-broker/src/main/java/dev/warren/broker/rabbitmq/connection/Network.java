package dev.warren.broker.rabbitmq.connection;

import java.util.Collection;

import javax.net.ssl.SSLSession;

import dev.warren.broker.rabbitmq.wire.Dialect;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * What a connection needs of the side that has the socket, knows the users and hosts the
 * virtual hosts.
 */
public interface Network {

	/**
	 * Whether the client asked for AMQP 0-8, which has some methods otherwise.
	 */
	boolean isAmqp08();

	/**
	 * Which RabbitMQ is played.
	 */
	Dialect dialect();

	/**
	 * The session of TLS, in which the client may have shown a certificate; null without
	 * TLS.
	 */
	@Nullable SSLSession tlsSession();

	Endpoints endpoints();

	/**
	 * How fast the client may come.
	 */
	Admission admission();

	/**
	 * Where the broker says what becomes of its clients.
	 */
	OperatorLog log();

	/**
	 * The SASL mechanisms there are.
	 */
	Collection<String> mechanisms();

	/**
	 * Starts to find out who the client is; null if there is no such mechanism.
	 */
	@Nullable Login login(String mechanism);

	/**
	 * Notes what the client says about itself, for logs.
	 */
	void introduce(String product, String version, String id);

	/**
	 * The virtual host a client means by that name; null if there is none that is active.
	 */
	@Nullable HostedVirtualHost virtualHost(String name);

	/**
	 * Counts a channel as one of the user's.
	 * @throws ProtocolException if the user may have no more
	 */
	void addChannel();

	/**
	 * Counts a channel no longer.
	 */
	void removeChannel();

	/**
	 * Sends heartbeats, and expects them.
	 * @param seconds as negotiated, more than 0
	 */
	void startHeartbeats(int seconds);

	/**
	 * Reads nothing more from the client until {@link #resumeReading()}.
	 */
	void stopReading();

	void resumeReading();

	/**
	 * Has the I/O thread ask the connection for its work. May be called by anybody.
	 */
	void askForWork();

	void close();

	/**
	 * Has something done on the I/O thread, unless the socket is closed by then.
	 */
	void after(long millis, Runnable task);

}
