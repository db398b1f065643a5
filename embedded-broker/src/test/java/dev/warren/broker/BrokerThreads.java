package dev.warren.broker;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The live threads that belong to Qpid and to its store.
 */
final class BrokerThreads {

	private static final Pattern NAMES = Pattern.compile("Broker-Config|broker-.*|VirtualHostNode-.*|virtualhost-.*"
			+ "|Selector-.*|IO-pool-.*|Commit-Thread-.*|Checkpointer|Cleaner-.*|INCompressor|LogFlusher|timers-.*|blocked-.*");

	private BrokerThreads() {
	}

	static void awaitNone() {
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(live()).as("live broker threads").isEmpty());
	}

	private static List<String> live() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> NAMES.matcher(name).matches())
			.toList();
	}

}
