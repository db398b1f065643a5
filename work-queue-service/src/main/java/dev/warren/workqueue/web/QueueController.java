package dev.warren.workqueue.web;

import dev.warren.messaging.broker.Topology;
import dev.warren.messaging.web.QueueEndpoint;

import org.springframework.amqp.core.Queue;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The queue of tasks.
 */
@RestController
@RequestMapping("/queue")
class QueueController extends QueueEndpoint {

	QueueController(Topology topology, @Qualifier("taskQueue") Queue taskQueue) {
		super(topology, taskQueue);
	}

}
