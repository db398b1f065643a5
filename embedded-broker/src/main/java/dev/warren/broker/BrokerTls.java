package dev.warren.broker;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * AMQP over TLS.
 *
 * @param port the TCP port, 0 for a free one
 * @param context the broker's key, and whose client certificates it trusts
 * @param parameters protocols, cipher suites, and whether clients need a certificate
 */
record BrokerTls(int port, SSLContext context, SSLParameters parameters) {

	BrokerTls {
		if (port < 0 || port > 65535) {
			throw new BrokerStartException("Port " + port + " does not exist.",
					"Set 'warren.broker.ssl.port' to 0 (any free port) or to a value from 1 to 65535.");
		}
	}

}
