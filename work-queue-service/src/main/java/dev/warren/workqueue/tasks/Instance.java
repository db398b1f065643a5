package dev.warren.workqueue.tasks;

import java.util.concurrent.ThreadLocalRandom;

/**
 * One of the processes that run the service.
 *
 * @param id tells it from the others
 */
public record Instance(String id) {

	static Instance create() {
		return new Instance("%08x".formatted(ThreadLocalRandom.current().nextInt()));
	}

}
