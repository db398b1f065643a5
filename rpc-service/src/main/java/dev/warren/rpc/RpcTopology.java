package dev.warren.rpc;

/**
 * What there is on the broker, by the names the two sides agree on. The servers declare
 * the queue of the requests, as in tutorial 6; the replies' queue is the client's own.
 */
final class RpcTopology {

	/**
	 * The queue the requests go to: the tutorial's, not durable.
	 */
	static final String REQUESTS = "rpc_queue";

	/**
	 * RabbitMQ's pseudo-queue for replies on the channel a request was published on
	 * (<a href="https://www.rabbitmq.com/docs/direct-reply-to">direct reply-to</a>).
	 */
	static final String DIRECT_REPLY_TO = "amq.rabbitmq.reply-to";

	/**
	 * The header of a reply that names the server it is from.
	 */
	static final String SERVER_HEADER = "x-server";

	/**
	 * The header of a reply that is an error: one of {@link RpcError}'s names. The body
	 * says more.
	 */
	static final String ERROR_HEADER = "x-error";

	/**
	 * The header of a request that says until when its caller waits, in milliseconds
	 * since 1970, as a text: clients of AMQP 0-8 cannot read a table with a 64-bit number
	 * in it. A server cannot see how long a request has been in the queue: the property
	 * {@code expiration} is what it was when the request was published.
	 */
	static final String DEADLINE_HEADER = "x-deadline";

	/**
	 * The header of a request that counts the servers it has taken down.
	 */
	static final String CRASHES_HEADER = "x-crashes";

	private RpcTopology() {
	}

}
