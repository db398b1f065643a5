package dev.warren.logs.subscriptions;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.warren.test.BrokerUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class TopicPatternTests {

	private static final int PATTERNS = 300;

	private static final int KEYS = 3000;

	private static final String END = "end";

	@ParameterizedTest
	@CsvSource({ "*.orange.*, quick.orange.rabbit", "*.*.rabbit, quick.orange.rabbit", "lazy.#, lazy.orange.elephant",
			"lazy.#, lazy", "#, a.b.c", "#, ''", "#.a, a", "a.#.b, a.b", "a.#.b, a.x.y.b", "#.#, ''", "#.*, a",
			"a.*, a.", "*.*, .", "#.a.#.a, a.b.a.a", "'', ''", "*, a", "a..b, a..b" })
	void matches(String pattern, String key) {
		assertThat(TopicPattern.matches(pattern, key)).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "*.orange.*, orange", "*.orange.*, quick.orange.new.rabbit", "lazy.#, lazier", "*, ''", "*, a.b",
			"#.*, ''", "a.*, a", "*.*, a", "a.#.b, a", "a, a.", "A, a", "a.#.b.c, a.b.b", "'', a" })
	void doesNotMatch(String pattern, String key) {
		assertThat(TopicPattern.matches(pattern, key)).isFalse();
	}

	@Test
	void manyHashesTakeNoTime() {
		String pattern = "#.a.".repeat(60) + "b";

		assertThat(TopicPattern.matches(pattern, "a.".repeat(127))).isFalse();
	}

	@Test
	void matchesWhateverTheBrokerMatches() throws Exception {
		Random random = new Random(20261121);
		List<String> patterns = generate(random, PATTERNS, List.of("*", "#", "a", "b", ""));
		List<String> keys = generate(random, KEYS, List.of("a", "b", "c", "ab", ""));
		Map<String, Set<String>> expected = patterns.stream()
			.collect(Collectors.toMap((pattern) -> pattern,
					(pattern) -> keys.stream()
						.filter((key) -> TopicPattern.matches(pattern, key))
						.collect(Collectors.toSet())));

		assertThat(routedByTheBroker(patterns, keys)).isEqualTo(expected);
	}

	private static List<String> generate(Random random, int count, List<String> words) {
		return IntStream.iterate(0, (i) -> i + 1)
			.mapToObj((i) -> IntStream.range(0, random.nextInt(6))
				.mapToObj((word) -> words.get(random.nextInt(words.size())))
				.collect(Collectors.joining(".")))
			// RabbitMQ 4.3 refuses more.
			.filter((key) -> key.chars().filter((character) -> character == '#').count() <= 2)
			.distinct()
			.limit(count)
			.toList();
	}

	/**
	 * The keys that reach a queue bound by each of the patterns.
	 */
	private static Map<String, Set<String>> routedByTheBroker(List<String> patterns, List<String> keys)
			throws Exception {
		Map<String, Set<String>> routed = new ConcurrentHashMap<>();
		CountDownLatch ended = new CountDownLatch(patterns.size());
		try (BrokerUnderTest broker = BrokerUnderTest.start();
				Connection connection = broker.connect();
				Channel channel = connection.createChannel();
				Channel consuming = connection.createChannel()) {
			channel.exchangeDeclare("patterns", BuiltinExchangeType.TOPIC, false, true, null);
			List<String> queues = new ArrayList<>();
			for (String pattern : patterns) {
				String queue = channel.queueDeclare().getQueue();
				channel.queueBind(queue, "patterns", pattern);
				Set<String> received = ConcurrentHashMap.newKeySet();
				routed.put(pattern, received);
				consuming.basicConsume(queue, true, (tag, delivery) -> {
					if (delivery.getEnvelope().getExchange().isEmpty()) {
						ended.countDown();
					}
					else {
						assertThat(received.add(new String(delivery.getBody(), StandardCharsets.UTF_8))).isTrue();
					}
				}, (tag) -> {
				});
				queues.add(queue);
			}
			for (String key : keys) {
				channel.basicPublish("patterns", key, null, key.getBytes(StandardCharsets.UTF_8));
			}
			// Through the same channel: where this arrives, all before it has.
			for (String queue : queues) {
				channel.basicPublish("", queue, null, END.getBytes(StandardCharsets.UTF_8));
			}
			assertThat(ended.await(2, TimeUnit.MINUTES)).isTrue();
		}
		return routed;
	}

}
