package dev.warren.broker.rabbitmq.connection;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

import org.jspecify.annotations.Nullable;

/**
 * The addresses of both sides of a connection.
 *
 * @param host the broker's
 * @param peerHost the client's
 * @param loopback whether the client is on this machine
 */
public record Endpoints(String host, int port, String peerHost, int peerPort, boolean loopback) {

	private static final String UNKNOWN = "unknown";

	public static Endpoints of(@Nullable SocketAddress local, @Nullable SocketAddress remote) {
		return new Endpoints(host(local), port(local), host(remote), port(remote),
				remote instanceof InetSocketAddress inet && inet.getAddress().isLoopbackAddress());
	}

	private static String host(@Nullable SocketAddress address) {
		@Nullable InetAddress host = (address instanceof InetSocketAddress inet) ? inet.getAddress() : null;
		return (host != null) ? host.getHostAddress() : UNKNOWN;
	}

	private static int port(@Nullable SocketAddress address) {
		return (address instanceof InetSocketAddress inet) ? inet.getPort() : 0;
	}

	/**
	 * The client's address and port.
	 */
	public String peer() {
		return this.peerHost + ":" + this.peerPort;
	}

	/**
	 * What RabbitMQ's management calls a connection.
	 */
	public String connectionName() {
		return peer() + " -> " + this.host + ":" + this.port;
	}

}
