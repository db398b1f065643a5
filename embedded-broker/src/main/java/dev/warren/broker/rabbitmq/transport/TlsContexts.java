package dev.warren.broker.rabbitmq.transport;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

import org.apache.qpid.server.model.Broker;

/**
 * What each of the brokers in this JVM encrypts new connections with.
 */
public final class TlsContexts {

	private static final Map<Broker<?>, Tls> CONTEXTS = Collections.synchronizedMap(new WeakHashMap<>());

	private TlsContexts() {
	}

	/**
	 * Sets it, in place of what there was. May be called by anybody.
	 * @param parameters protocols, cipher suites, and whether clients need a certificate
	 */
	public static void put(Broker<?> broker, SSLContext context, SSLParameters parameters) {
		CONTEXTS.put(broker, new Tls(context, parameters));
	}

	static SSLEngine engine(Broker<?> broker) {
		return Objects.requireNonNull(CONTEXTS.get(broker)).engine();
	}

	private record Tls(SSLContext context, SSLParameters parameters) {

		SSLEngine engine() {
			SSLEngine engine = this.context.createSSLEngine();
			engine.setUseClientMode(false);
			engine.setSSLParameters(this.parameters);
			return engine;
		}

	}

}
