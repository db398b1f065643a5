package dev.warren.workqueue.web;

import dev.warren.messaging.broker.Topology;
import dev.warren.messaging.web.QueueEndpoint;
import io.swagger.v3.oas.annotations.tags.Tag;

import org.springframework.amqp.core.Queue;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The queue of tasks.
 */
@Tag(name = "Queue", description = "As it is on the broker")
@RestController
@RequestMapping("/queue")
class QueueController extends QueueEndpoint {

	QueueController(Topology topology, @Qualifier("taskQueue") Queue taskQueue) {
		super(topology, taskQueue);
	}

}
