package dev.warren.broker.rabbitmq;

/**
 * How error texts name things.
 */
final class Names {

	static final String RESERVED_PREFIX = "amq.";

	private Names() {
	}

	static String queue(String queue, String virtualHost) {
		return "queue '" + queue + "' in vhost '" + virtualHost + "'";
	}

	static String exchange(String exchange, String virtualHost) {
		return "exchange '" + exchange + "' in vhost '" + virtualHost + "'";
	}

}
