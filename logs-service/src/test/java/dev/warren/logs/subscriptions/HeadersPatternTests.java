package dev.warren.logs.subscriptions;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.warren.test.BrokerUnderTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HeadersPatternTests {

	private static final int PATTERNS = 200;

	private static final int MESSAGES = 2000;

	private static final List<String> NAMES = List.of("a", "b", "c", "x-d");

	/** Without 1.0, which is 1 for RabbitMQ 3 and is not for RabbitMQ 4. */
	private static final List<@Nullable Object> VALUES = Arrays.asList(1, 1L, 2, Long.MAX_VALUE,
			(double) Long.MAX_VALUE, 1.5, "1", "text", "", true, false, null);

	@Test
	void aWholeNumberIsTheSameHoweverItIsWritten() {
		assertThat(HeadersPattern.matches(Map.of("pages", 3), Map.of("pages", 3L))).isTrue();
		assertThat(HeadersPattern.matches(Map.of("pages", 3), Map.of("pages", 3.0))).isTrue();
		assertThat(HeadersPattern.matches(Map.of("pages", 3), Map.of("pages", 3.1))).isFalse();
		assertThat(HeadersPattern.matches(Map.of("pages", 3), Map.of("pages", "3"))).isFalse();
	}

	@Test
	void matchesWhateverTheBrokerMatches() throws Exception {
		Random random = new Random(20261121);
		List<Map<String, @Nullable Object>> patterns = IntStream.range(0, PATTERNS).mapToObj((i) -> {
			Map<String, @Nullable Object> pattern = headers(random);
			if (random.nextBoolean()) {
				pattern.put("x-match", random.nextBoolean() ? "any" : "all");
			}
			return pattern;
		}).toList();
		List<Map<String, @Nullable Object>> messages = IntStream.range(0, MESSAGES)
			.mapToObj((i) -> headers(random))
			.toList();
		List<Set<Integer>> expected = patterns.stream()
			.map((pattern) -> IntStream.range(0, MESSAGES)
				.filter((i) -> HeadersPattern.matches(pattern, messages.get(i)))
				.boxed()
				.collect(Collectors.toSet()))
			.toList();

		List<Set<Integer>> routed = routedByTheBroker(patterns, messages);

		for (int i = 0; i < PATTERNS; i++) {
			assertThat(routed.get(i)).as("%s", patterns.get(i)).isEqualTo(expected.get(i));
		}
	}

	private static Map<String, @Nullable Object> headers(Random random) {
		Map<String, @Nullable Object> headers = new HashMap<>();
		for (String name : NAMES) {
			if (random.nextBoolean()) {
				headers.put(name, VALUES.get(random.nextInt(VALUES.size())));
			}
		}
		return headers;
	}

	/**
	 * The messages, by their numbers, that reach a queue bound by each of the patterns.
	 */
	private static List<Set<Integer>> routedByTheBroker(List<Map<String, @Nullable Object>> patterns,
			List<Map<String, @Nullable Object>> messages) throws Exception {
		List<Set<Integer>> routed = new ArrayList<>();
		CountDownLatch ended = new CountDownLatch(patterns.size());
		try (BrokerUnderTest broker = BrokerUnderTest.start();
				Connection connection = broker.connect();
				Channel channel = connection.createChannel();
				Channel consuming = connection.createChannel()) {
			channel.exchangeDeclare("patterns_of_headers", BuiltinExchangeType.HEADERS, false, true, null);
			List<String> queues = new ArrayList<>();
			for (Map<String, @Nullable Object> pattern : patterns) {
				String queue = channel.queueDeclare().getQueue();
				channel.queueBind(queue, "patterns_of_headers", "", pattern);
				Set<Integer> received = ConcurrentHashMap.newKeySet();
				routed.add(received);
				consuming.basicConsume(queue, true, (tag, delivery) -> {
					if (delivery.getEnvelope().getExchange().isEmpty()) {
						ended.countDown();
					}
					else {
						received.add(Integer.valueOf(new String(delivery.getBody(), StandardCharsets.US_ASCII)));
					}
				}, (tag) -> {
				});
				queues.add(queue);
			}
			for (int i = 0; i < messages.size(); i++) {
				channel.basicPublish("patterns_of_headers", "",
						new AMQP.BasicProperties.Builder().headers(messages.get(i)).build(),
						String.valueOf(i).getBytes(StandardCharsets.US_ASCII));
			}
			// Through the same channel: where this arrives, all before it has.
			for (String queue : queues) {
				channel.basicPublish("", queue, null, new byte[0]);
			}
			assertThat(ended.await(2, TimeUnit.MINUTES)).isTrue();
		}
		return routed;
	}

}
