package dev.warren.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an open page costs the broker, and how the page fares, at 1,000 messages a second:
 * run with {@code -Dwarren.test.browser=true -Dwarren.test.load=PT10M}, which says how
 * long. It prints what it measured.
 */
@InBrowser
@EnabledIfSystemProperty(named = "warren.test.load", matches = ".+")
class ConsoleUnderLoadTests {

	private static final int RATE = 1000;

	private static final String EXCHANGE = "load";

	private static final String QUEUE = "load";

	@TempDir
	Path directory;

	@Test
	void aPageKeepsUpAndIsKeptOutOfTheBrokersWay() throws Exception {
		Duration duration = Duration.parse(System.getProperty("warren.test.load"));
		try (SuiteProcess suite = SuiteProcess.onFreePorts(this.directory).awaitReady();
				Browser browser = new Browser()) {
			long[] warmUp = offer(suite.amqp(), Duration.ofSeconds(15), () -> {
			});
			long[] without = offer(suite.amqp(), duration, () -> {
			});
			browser.open(suite.url("console") + "/playground");
			List<Double> clicks = new ArrayList<>();
			List<Long> heap = new ArrayList<>();
			long[] with = offer(suite.amqp(), duration, () -> {
				clicks.add(click(browser));
				heap.add(((Number) browser.async("arguments[0](performance.memory.usedJSHeapSize)")).longValue());
			});

			assertThat(warmUp).isNotEmpty();
			System.out.printf("without the page: %s%nwith it: %s%n", latencies(without), latencies(with));
			System.out.printf("a click is answered within %.0f ms (median), %.0f ms (90 %%), %.0f ms (most), of %d%n",
					share(clicks, 0.5), share(clicks, 0.9), share(clicks, 1), clicks.size());
			System.out.printf("JavaScript's heap, in MB, by tenths of the time: %s%n", tenths(heap));
			System.out.printf("lost events: %s%n", browser.attribute("[data-lost]", "data-lost"));
		}
	}

	/**
	 * Offers messages, whatever becomes of those before, and acts every second.
	 * @return how long each took from when it was due to when it was received, in
	 * nanoseconds
	 */
	private static long[] offer(String uri, Duration duration, Runnable eachSecond) throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(uri);
		int count = (int) (duration.toSeconds() * RATE);
		ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
		try (Connection publisher = factory.newConnection("load"); Connection consumer = factory.newConnection()) {
			Channel publishing = publisher.createChannel();
			Channel consuming = consumer.createChannel();
			publishing.exchangeDeclare(EXCHANGE, "topic", false, true, Map.of());
			consuming.queueDeclare(QUEUE, false, true, true, Map.of());
			consuming.queueBind(QUEUE, EXCHANGE, "load.#");
			consuming.basicQos(200);
			consuming.basicConsume(QUEUE, false, (tag, delivery) -> {
				latencies.add(System.nanoTime() - ByteBuffer.wrap(delivery.getBody()).getLong());
				consuming.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
			}, (tag) -> {
			});
			Thread sender = new Thread(() -> send(publishing, count), "load");
			sender.start();
			while (sender.isAlive()) {
				eachSecond.run();
				sender.join(TimeUnit.SECONDS.toMillis(1));
			}
			await().atMost(Duration.ofSeconds(30)).until(() -> latencies.size() == count);
		}
		return latencies.stream().mapToLong(Long::longValue).sorted().toArray();
	}

	private static void send(Channel channel, int count) {
		long start = System.nanoTime();
		AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder().messageId("load").build();
		for (int i = 0; i < count; i++) {
			long due = start + i * TimeUnit.SECONDS.toNanos(1) / RATE;
			for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
				LockSupport.parkNanos(due - now);
			}
			try {
				channel.basicPublish(EXCHANGE, "load.one", properties, ByteBuffer.allocate(256).putLong(due).array());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	/**
	 * Stops the drawing, or lets it go on.
	 * @return how long it took until that was seen, in milliseconds
	 */
	private static double click(Browser browser) {
		return ((Number) browser.async("""
				const done = arguments[arguments.length - 1];
				const button = document.querySelector('.time button');
				const before = button.textContent;
				const began = performance.now();
				const look = () => (document.querySelector('.time button').textContent === before
					? requestAnimationFrame(look) : done(performance.now() - began));
				// As a click does: in a task of its own, behind what is waiting.
				setTimeout(() => { button.click(); requestAnimationFrame(look); });
				""")).doubleValue();
	}

	private static String latencies(long[] sorted) {
		return "p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms of %d".formatted(millis(sorted, 0.5), millis(sorted, 0.99),
				millis(sorted, 0.999), sorted.length);
	}

	private static double millis(long[] sorted, double share) {
		return sorted[(int) Math.min(sorted.length - 1, share * sorted.length)] / 1e6;
	}

	private static double share(List<Double> values, double share) {
		double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
		return sorted[(int) Math.min(sorted.length - 1, share * sorted.length)];
	}

	private static String tenths(List<Long> values) {
		long[] all = values.stream().mapToLong((value) -> value / 1_000_000).toArray();
		long[] tenths = new long[10];
		for (int i = 0; i < tenths.length; i++) {
			tenths[i] = Arrays
				.stream(all, i * all.length / 10, Math.max(i * all.length / 10 + 1, (i + 1) * all.length / 10))
				.max()
				.orElse(0);
		}
		return Arrays.toString(tenths);
	}

}
