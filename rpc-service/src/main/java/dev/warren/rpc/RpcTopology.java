package dev.warren.rpc;

import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What tutorial 6 has on the broker: the queue {@code rpc_queue}, declared as the
 * tutorial does, whenever a connection opens. The replies' queue is the client's own.
 */
@Configuration(proxyBeanMethods = false)
class RpcTopology {

	/**
	 * The queue the requests go to.
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
	 * The header of a request that counts the servers it has taken down.
	 */
	static final String ATTEMPTS_HEADER = "x-attempts";

	@Bean
	Queue rpcQueue() {
		return QueueBuilder.nonDurable(REQUESTS).build();
	}

}
