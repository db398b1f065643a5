package dev.warren.rpc.web;

import dev.warren.messaging.broker.Topology;
import dev.warren.messaging.web.QueueEndpoint;
import dev.warren.rpc.ConditionalOnRole;
import dev.warren.rpc.RpcProperties;
import io.swagger.v3.oas.annotations.tags.Tag;

import org.springframework.amqp.core.Queue;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The queue of the requests, which the servers declare.
 */
@Tag(name = "Queue", description = "That of the requests, as it is on the broker")
@RestController
@RequestMapping("/queue")
@ConditionalOnRole(RpcProperties.Role.SERVER)
class QueueController extends QueueEndpoint {

	QueueController(Topology topology, Queue requests) {
		super(topology, requests);
	}

}
