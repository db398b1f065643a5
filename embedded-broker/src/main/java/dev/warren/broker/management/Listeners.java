package dev.warren.broker.management;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.warren.broker.EmbeddedBroker;

import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

/**
 * Where the broker can be reached, and by which protocols.
 */
final class Listeners implements ApplicationListener<WebServerInitializedEvent> {

	private final EmbeddedBroker broker;

	private final ServerProperties server;

	private final MetricsPort metricsPort;

	private volatile int httpPort;

	Listeners(EmbeddedBroker broker, ServerProperties server, MetricsPort metricsPort) {
		this.broker = broker;
		this.server = server;
		this.metricsPort = metricsPort;
	}

	@Override
	public void onApplicationEvent(WebServerInitializedEvent event) {
		// The management endpoints may have a server of their own.
		if (event.getApplicationContext().getServerNamespace() == null) {
			this.httpPort = event.getWebServer().getPort();
		}
	}

	List<Listener> all() {
		List<Listener> all = new ArrayList<>();
		all.add(new Listener("amqp", this.broker.host(), this.broker.port(), false));
		all.add(new Listener("amqp/ssl", this.broker.host(), this.broker.sslPort(), true));
		boolean tls = this.server.getSsl() != null && this.server.getSsl().isEnabled();
		all.add(new Listener(tls ? "https" : "http", httpAddress(), this.httpPort, tls));
		all.add(new Listener("http/prometheus", httpAddress(), this.metricsPort.number(), false));
		all.removeIf((one) -> one.port() <= 0);
		return all;
	}

	/**
	 * The management API's URL for programs on this machine.
	 */
	String url() {
		Listener http = all().stream().filter((one) -> one.protocol().startsWith("http")).findFirst().orElseThrow();
		InetAddress address = this.server.getAddress();
		String host = (address != null && !address.isAnyLocalAddress()) ? address.getHostAddress() : "127.0.0.1";
		return http.protocol() + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + http.port();
	}

	private String httpAddress() {
		InetAddress address = this.server.getAddress();
		return (address != null) ? address.getHostAddress() : "::";
	}

	/**
	 * What is served over HTTP, as RabbitMQ describes it.
	 */
	List<Map<String, Object>> contexts() {
		return all().stream().filter((one) -> one.protocol().startsWith("http")).map(Listener::context).toList();
	}

	/**
	 * A port that is open.
	 *
	 * @param protocol as RabbitMQ calls it
	 */
	record Listener(String protocol, String address, int port, boolean tls) {

		Map<String, Object> toMap() {
			Map<String, Object> map = new LinkedHashMap<>();
			map.put("node", OverviewController.NODE);
			map.put("protocol", this.protocol);
			map.put("ip_address", this.address);
			map.put("port", this.port);
			map.put("socket_opts", Map.of());
			map.put("tls", this.tls);
			return map;
		}

		private Map<String, Object> context() {
			Map<String, Object> map = new LinkedHashMap<>();
			map.put("ssl_opts", List.of());
			map.put("node", OverviewController.NODE);
			map.put("description", this.protocol.endsWith("prometheus") ? "Metrics" : "Management");
			map.put("path", "/");
			map.put("ip", this.address);
			map.put("port", Integer.toString(this.port));
			return map;
		}

	}

}
