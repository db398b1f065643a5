package dev.warren.workqueue;

import java.util.concurrent.ThreadLocalRandom;

/**
 * One of the processes that run the service.
 *
 * @param id tells it from the others
 */
record Instance(String id) {

	static Instance create() {
		return new Instance("%08x".formatted(ThreadLocalRandom.current().nextInt()));
	}

}
