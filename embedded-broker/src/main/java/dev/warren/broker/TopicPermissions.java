package dev.warren.broker;

/**
 * What a user may do with the routing keys of a topic exchange, as regular expressions,
 * as <a href=
 * "https://www.rabbitmq.com/docs/access-control#topic-authorisation">RabbitMQ's</a>.
 *
 * @param virtualHost the virtual host
 * @param user the user
 * @param exchange the name of the exchange
 * @param write the routing keys to publish with
 * @param read the keys to bind with
 */
record TopicPermissions(String virtualHost, String user, String exchange, String write, String read) {

	TopicPermissions {
		UserPermissions.check(write, user, virtualHost, "warren.broker.topic-permissions");
		UserPermissions.check(read, user, virtualHost, "warren.broker.topic-permissions");
	}

}
