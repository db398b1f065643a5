package dev.warren.logs;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.warren.test.BrokerUnderTest;
import dev.warren.test.EventReader;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two hundred subscriptions, each with a live reader. As many lines are under way as the
 * feeds hold; with the system property {@code warren.test.load-seconds} a thousand lines
 * a second come for so long instead, whatever the readers do. The web server has a tenth
 * of the readers' number of threads.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
		"spring.config.name=logs-service", "server.tomcat.threads.max=20", "warren.logs.max-subscriptions=201" })
class LiveStreamsTests {

	private static final int DIRECT_READERS = 40;

	/** Those that get every line of the topic exchange. */
	private static final int READERS_OF_ALL = Integer.getInteger("warren.test.readers-of-all", 3);

	private static final int FANOUT_READERS = 7;

	private static final int READERS = 200;

	private static final int TOPIC_READERS = READERS - DIRECT_READERS - READERS_OF_ALL - FANOUT_READERS;

	private static final int LOAD_SECONDS = Integer.getInteger("warren.test.load-seconds", 0);

	private static final int RATE = Integer.getInteger("warren.test.rate", 1000);

	private static final int LINES = (LOAD_SECONDS > 0) ? LOAD_SECONDS * RATE : 4000;

	private static final int WINDOW = 400;

	private final LogsClient logs;

	private final BrokerUnderTest broker;

	private final Map<String, List<String>> expected = new HashMap<>();

	private final Map<String, EventReader> readers = new HashMap<>();

	private final List<String> readersOfAll = new ArrayList<>();

	private final List<String> topicReaders = new ArrayList<>();

	private final List<String> directReaders = new ArrayList<>();

	private final List<String> fanoutReaders = new ArrayList<>();

	LiveStreamsTests(@LocalServerPort int port, @Autowired RabbitConnectionDetails broker) {
		this.logs = new LogsClient(port);
		this.broker = BrokerUnderTest.at(broker.getFirstAddress().host(), broker.getFirstAddress().port());
	}

	@DynamicPropertySource
	static void broker(DynamicPropertyRegistry registry) {
		BrokerUnderTest.register(registry);
	}

	@Test
	void everyReaderGetsEveryLineInOrderButTheOneThatStopsReading() throws Exception {
		this.logs.awaitReady();
		long threads = threadsOfTheService();
		for (int i = 0; i < TOPIC_READERS; i++) {
			this.topicReaders.add(this.logs.subscribe("topic", List.of("app" + i + ".*", "*.*.app" + i)));
		}
		for (int i = 0; i < READERS_OF_ALL; i++) {
			this.readersOfAll.add(this.logs.subscribe("topic", List.of((i % 2 == 0) ? "#" : "*.#")));
		}
		for (int i = 0; i < DIRECT_READERS; i++) {
			this.directReaders.add(this.logs.subscribe("direct", List.of("severity" + i, "all")));
		}
		for (int i = 0; i < FANOUT_READERS; i++) {
			this.fanoutReaders.add(this.logs.subscribe("{\"type\":\"fanout\"}"));
		}
		String stopped = this.logs.subscribe("direct", List.of("large"));
		for (List<String> kind : List.of(this.topicReaders, this.readersOfAll, this.directReaders,
				this.fanoutReaders)) {
			for (String id : kind) {
				this.expected.put(id, new ArrayList<>());
				this.readers.put(id, this.logs.open(id).start());
			}
		}
		EventReader sleeper = EventReader.open(this.logs, LogsClient.stream(stopped), 4096);
		try (Connection connection = this.broker.connect()) {
			long started = System.nanoTime();
			int large = emit(connection.createChannel());
			long emitted = System.nanoTime();

			awaitReaders();
			report(started, emitted);
			this.readers.forEach((id, reader) -> assertThat(messages(reader)).as(id).isEqualTo(this.expected.get(id)));
			assertThat(threadsOfTheService() - threads).isLessThan(READERS / 4);

			// It begins to read: what it got and what it is told it lost is everything.
			sleeper.start();
			await().atMost(1, TimeUnit.MINUTES).until(() -> got(sleeper) + lost(sleeper) == large);
			assertThat(lost(sleeper)).isPositive();
			assertThat(got(sleeper)).isPositive();
		}
		finally {
			sleeper.close();
			for (EventReader reader : this.readers.values()) {
				reader.close();
			}
		}
	}

	/**
	 * Sends the lines, to all of the exchanges, in turns.
	 * @return how many were for the reader that does not read
	 */
	private int emit(Channel channel) throws Exception {
		byte[] largeBody = "x".repeat(16 * 1024).getBytes(StandardCharsets.US_ASCII);
		long begin = System.nanoTime();
		int large = 0;
		for (int i = 0; i < LINES; i++) {
			String line = "line " + i;
			List<String> receivers = new ArrayList<>();
			if (i % 4 == 0) {
				int number = (i / 4) % DIRECT_READERS;
				channel.basicPublish("direct_logs", "severity" + number, null,
						line.getBytes(StandardCharsets.US_ASCII));
				receivers.add(this.directReaders.get(number));
			}
			else if (i % 100 == 1) {
				channel.basicPublish("logs", "", null, line.getBytes(StandardCharsets.US_ASCII));
				receivers.addAll(this.fanoutReaders);
			}
			else {
				int number = i % TOPIC_READERS;
				channel.basicPublish("topic_logs", "app" + number + ".info", null,
						line.getBytes(StandardCharsets.US_ASCII));
				receivers.add(this.topicReaders.get(number));
				receivers.addAll(this.readersOfAll);
			}
			receivers.forEach((id) -> this.expected.getOrDefault(id, new ArrayList<>()).add(line));
			if (i % 4 == 2 && large < 1500) {
				channel.basicPublish("direct_logs", "large", null, largeBody);
				large++;
			}
			if (LOAD_SECONDS > 0) {
				long due = begin + TimeUnit.SECONDS.toNanos(1) * i / RATE;
				while (System.nanoTime() < due) {
					LockSupport.parkNanos(due - System.nanoTime());
				}
			}
			else if (i % WINDOW == WINDOW - 1) {
				awaitReaders();
			}
		}
		return large;
	}

	private void awaitReaders() {
		await().pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.atMost(1, TimeUnit.MINUTES)
			.until(() -> this.readers.entrySet()
				.stream()
				.allMatch((reader) -> reader.getValue()
					.count() >= this.expected.getOrDefault(reader.getKey(), List.of()).size()));
	}

	private void report(long started, long emitted) {
		long deliveries = this.expected.values().stream().mapToLong(List::size).sum();
		double seconds = (emitted - started) / 1e9;
		Runtime runtime = Runtime.getRuntime();
		System.gc();
		System.out.printf(
				"%d lines and %d deliveries in %.1f s (%.0f and %.0f a second), the last one after %.1f s more, "
						+ "%d MiB of heap in use, %d threads%n",
				LINES, deliveries, seconds, LINES / seconds, deliveries / seconds, (System.nanoTime() - emitted) / 1e9,
				(runtime.totalMemory() - runtime.freeMemory()) >> 20, threadsOfTheService());
	}

	private static List<String> messages(EventReader reader) {
		return reader.events()
			.stream()
			.map((event) -> event.name().equals("message") ? event.json().get("message").asString()
					: event.name() + event.data())
			.toList();
	}

	private static long got(EventReader reader) {
		return reader.events("message").size();
	}

	private static long lost(EventReader reader) {
		return reader.events("lost").stream().mapToLong((event) -> event.json().get("count").asLong()).sum();
	}

	private static long threadsOfTheService() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !thread.getName().equals(EventReader.THREAD_NAME))
			.count();
	}

}
