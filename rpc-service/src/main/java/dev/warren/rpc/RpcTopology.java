package dev.warren.rpc;

import java.util.UUID;

import dev.warren.messaging.broker.QueueProperties;

import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What tutorial 6 has on the broker: the queue of the requests, which the servers
 * declare, and a queue of each client's own for the replies.
 */
@Configuration(proxyBeanMethods = false)
public class RpcTopology {

	/** The tutorial's queue. */
	public static final String REQUESTS = "rpc_queue";

	/**
	 * The header of a request that says until when its caller waits, in ms since 1970.
	 */
	public static final String DEADLINE_HEADER = "x-deadline";

	/** The header of a reply that names its server. */
	public static final String SERVER_HEADER = "x-server";

	/** The header of a reply that is an error: the name of an {@link RpcError}. */
	public static final String ERROR_HEADER = "x-error";

	@Bean
	@ConditionalOnRole(RpcProperties.Role.SERVER)
	Queue requests(QueueProperties queues, RpcProperties properties) {
		return queues.declared(REQUESTS, "warren.rpc.durable", properties.durable()).build();
	}

	@Bean
	@ConditionalOnRole(RpcProperties.Role.CLIENT)
	Queue replies() {
		return QueueBuilder.nonDurable("rpc_replies_" + UUID.randomUUID()).exclusive().build();
	}

}
