package dev.warren.broker;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The live threads that belong to Qpid and to its store.
 */
public final class BrokerThreads {

	private static final Pattern NAMES = Pattern.compile("Broker-Config|broker-.*|VirtualHostNode-.*|virtualhost-.*"
			+ "|Selector-.*|IO-pool-.*|Commit-Thread-.*|Checkpointer|Cleaner-.*|INCompressor|LogFlusher|timers-.*|blocked-.*");

	private BrokerThreads() {
	}

	static void awaitNone() {
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(live()).as("live broker threads").isEmpty());
	}

	/**
	 * Waits until no thread has this in its name.
	 */
	static void awaitNoneOf(String virtualHost) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(names()).noneMatch((name) -> name.contains(virtualHost)));
	}

	/**
	 * How many threads of any kind there are, but for those of a test that waits.
	 */
	public static int allInJvm() {
		return (int) names().filter((name) -> !name.startsWith("awaitility")).count();
	}

	private static List<String> live() {
		return names().filter((name) -> NAMES.matcher(name).matches()).toList();
	}

	private static Stream<String> names() {
		return Thread.getAllStackTraces().keySet().stream().map(Thread::getName);
	}

}
