package dev.warren.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Brokers that come and go in one JVM, as in a large test suite.
 */
class ManyBrokersTests {

	private static final int BROKERS = Integer.getInteger("warren.test.brokers", 50);

	/** How often eight are started at once. */
	private static final int ROUNDS = Integer.getInteger("warren.test.brokers.rounds", 2);

	/** Their heaps are compared; what a single broker leaves would be twice this. */
	private static final long LEFT_BY_A_BROKER = 50_000;

	@Test
	void theyLeaveNoThreadsAndNoMemory() throws Exception {
		openUseAndClose(10);
		int threads = liveThreads();
		long heap = heapInUse();

		openUseAndClose(BROKERS - 10);

		int threadsLeft = liveThreads();
		long heapLeft = heapInUse();
		System.out.printf("Threads and heap after 10 brokers: %d, %d; after %d: %d, %d%n", threads, heap, BROKERS,
				threadsLeft, heapLeft);
		assertThat(threadsLeft).isLessThanOrEqualTo(threads);
		assertThat(heapLeft).isLessThan(heap + (BROKERS - 10) * LEFT_BY_A_BROKER);
	}

	@Test
	void eightAtOnceWorkAndLeaveNoThreads() throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(8);
		try {
			for (int round = 0; round < ROUNDS; round++) {
				List<Future<?>> brokers = new ArrayList<>();
				for (int i = 0; i < 8; i++) {
					brokers.add(executor.submit(() -> {
						openUseAndClose(1);
						return null;
					}));
				}
				for (Future<?> broker : brokers) {
					broker.get(120, TimeUnit.SECONDS);
				}
			}
		}
		finally {
			executor.shutdownNow();
		}

		BrokerThreads.awaitNone();
	}

	private static void openUseAndClose(int times) throws Exception {
		for (int i = 0; i < times; i++) {
			try (EmbeddedBroker broker = EmbeddedBroker.builder().start();
					AmqpClient client = AmqpClient.connect(broker.uri())) {
				client.declare("hello");
				client.publishConfirmed("", "hello", List.of("Hello World!", "Again"));
				assertThat(client.drain("hello")).containsExactly("Hello World!", "Again");
			}
		}
	}

	private static int liveThreads() {
		BrokerThreads.awaitNone();
		return BrokerThreads.allInJvm();
	}

	static long heapInUse() {
		Runtime runtime = Runtime.getRuntime();
		// More than one collection: what has a finalizer or a cleaner goes in the second.
		for (int i = 0; i < 3; i++) {
			System.gc();
		}
		return runtime.totalMemory() - runtime.freeMemory();
	}

}
