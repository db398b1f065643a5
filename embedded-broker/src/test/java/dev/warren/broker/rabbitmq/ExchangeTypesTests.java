package dev.warren.broker.rabbitmq;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Stream;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.warren.broker.RabbitMqVersion;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.warren.broker.rabbitmq.Refusals.assertClosesChannel;
import static dev.warren.broker.rabbitmq.Refusals.assertClosesConnection;
import static dev.warren.broker.rabbitmq.Refusals.assertClosesConnectionMatching;
import static dev.warren.broker.rabbitmq.TestClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * The types of exchange that not every RabbitMQ has. The RabbitMQ of the tests has the
 * plugin {@code rabbitmq_consistent_hash_exchange}.
 */
@CompatibilityTests
@DisplayName("Exchange types that not every RabbitMQ has")
class ExchangeTypesTests {

	private static final String HASH = "x-consistent-hash";

	private static final String RANDOM = "x-local-random";

	private static final BasicProperties NONE = new BasicProperties();

	@Test
	@DisplayName("`x-consistent-hash` sends a routing key always to the same queue")
	void aKeyStays(TestClient client) throws Exception {
		String exchange = client.exchange(HASH);
		List<String> queues = bind(client, exchange, "1", "1", "1");

		publish(client, exchange, 50, (i) -> "same", (i) -> NONE);

		assertThat(ready(client, queues)).containsExactlyInAnyOrder(50, 0, 0);
	}

	@Test
	@DisplayName("`x-consistent-hash` gives each queue a share of the keys by its weight, the binding key")
	void weights(TestClient client) throws Exception {
		String exchange = client.exchange(HASH);
		List<String> queues = bind(client, exchange, "1", "2", "3");

		publish(client, exchange, 3000, (i) -> "key" + i, (i) -> NONE);

		List<Integer> ready = ready(client, queues);
		assertThat(ready.get(0)).isBetween(400, 600);
		assertThat(ready.get(1)).isBetween(880, 1120);
		assertThat(ready.get(2)).isBetween(1370, 1630);
	}

	@Test
	@DisplayName("`x-consistent-hash`: a queue that is added takes its share of the keys, and no others move")
	void anotherQueueMovesFew(TestClient client) throws Exception {
		String exchange = client.exchange(HASH);
		List<String> queues = bind(client, exchange, "1", "1", "1");
		publish(client, exchange, 1000, (i) -> "key" + i, (i) -> NONE);
		List<Set<String>> before = List.of(take(client, queues.get(0)), take(client, queues.get(1)),
				take(client, queues.get(2)));

		String another = bind(client, exchange, "1").get(0);
		publish(client, exchange, 1000, (i) -> "key" + i, (i) -> NONE);

		assertThat(client.ready(another)).isBetween(180, 320);
		for (int i = 0; i < 3; i++) {
			assertThat(before.get(i)).containsAll(take(client, queues.get(i)));
		}
	}

	@Test
	@DisplayName("`x-consistent-hash`: the keys of the queue bound last go to the others when it goes")
	void aQueueLessMovesFew(TestClient client) throws Exception {
		String exchange = client.exchange(HASH);
		List<String> queues = bind(client, exchange, "1", "1", "1", "1");
		publish(client, exchange, 1000, (i) -> "key" + i, (i) -> NONE);
		List<Set<String>> before = List.of(take(client, queues.get(0)), take(client, queues.get(1)),
				take(client, queues.get(2)));

		client.channel().queueDelete(queues.get(3));
		publish(client, exchange, 1000, (i) -> "key" + i, (i) -> NONE);

		for (int i = 0; i < 3; i++) {
			assertThat(take(client, queues.get(i))).containsAll(before.get(i));
		}
	}

	@Test
	@DisplayName("`x-consistent-hash`: of several bindings of a queue only the first has a weight")
	void theFirstBindingCounts(TestClient client) throws Exception {
		String exchange = client.exchange(HASH);
		List<String> queues = bind(client, exchange, "1", "4");
		client.channel().queueBind(queues.get(0), exchange, "3");

		publish(client, exchange, 3000, (i) -> "key" + i, (i) -> NONE);

		assertThat(client.ready(queues.get(0))).isBetween(480, 720);
	}

	@Test
	@DisplayName("`x-consistent-hash`: a queue that loses one of its bindings gets nothing any more")
	void anyBindingTakesTheQueueAway(TestClient client) throws Exception {
		String exchange = client.exchange(HASH);
		List<String> queues = bind(client, exchange, "1", "1");
		Channel channel = client.channel();
		channel.queueBind(queues.get(0), exchange, "3");
		channel.queueUnbind(queues.get(0), exchange, "3");

		publish(client, exchange, 100, (i) -> "key" + i, (i) -> NONE);

		assertThat(ready(client, queues)).containsExactly(0, 100);
	}

	@Test
	@DisplayName("`x-consistent-hash` routes to exchanges, too")
	void exchangesHaveShares(TestClient client) throws Exception {
		String exchange = client.exchange(HASH);
		String fanout = client.exchange("fanout");
		String behind = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.queueBind(behind, fanout, "");
		channel.exchangeBind(fanout, exchange, "1");
		String queue = bind(client, exchange, "1").get(0);

		publish(client, exchange, 400, (i) -> "key" + i, (i) -> NONE);

		assertThat(client.ready(behind)).isBetween(140, 260);
		assertThat(client.ready(behind) + client.ready(queue)).isEqualTo(400);
	}

	@Test
	@DisplayName("`x-consistent-hash` looks at the routing key only, not at `CC`")
	void carbonCopiesAreNotHashed(TestClient client) throws Exception {
		String exchange = client.exchange(HASH);
		List<String> queues = bind(client, exchange, "1", "1", "1");

		publish(client, exchange, 50, (i) -> "same",
				(i) -> headers(Map.of("CC", List.of("first" + i, "second" + i, "third" + i))));

		assertThat(ready(client, queues)).containsExactlyInAnyOrder(50, 0, 0);
	}

	@Test
	@DisplayName("`x-consistent-hash` without bindings returns what is mandatory")
	void nothingIsBound(TestClient client) throws Exception {
		assertThat(client.returned(client.exchange(HASH), "key")).isTrue();
	}

	@ParameterizedTest(quoteTextArguments = false, name = "`hash-header` takes {0}")
	@MethodSource("headerValues")
	void theHeaderIsHashed(String type, IntFunction<Object> value, TestClient client) throws Exception {
		String exchange = client.exchange(HASH, Map.of("hash-header", "hash-on"));
		List<String> queues = bind(client, exchange, "1", "1");

		publish(client, exchange, 50, (i) -> "key" + i, (i) -> headers(Map.of("hash-on", value.apply(7), "i", i)));
		assertThat(ready(client, queues)).as("the same value").containsExactlyInAnyOrder(50, 0);

		publish(client, exchange, 200, (i) -> "same", (i) -> headers(Map.of("hash-on", value.apply(i))));
		assertThat(ready(client, queues)).as("other values").allMatch((ready) -> ready > 50);
	}

	static Stream<Arguments> headerValues() {
		return Stream.of(arguments("texts", (IntFunction<Object>) (i) -> "value " + i),
				arguments("integers", (IntFunction<Object>) (i) -> i),
				arguments("doubles", (IntFunction<Object>) (i) -> i + 0.5),
				arguments("tables", (IntFunction<Object>) (i) -> Map.of("value", i)));
	}

	@Test
	@DisplayName("`hash-header` takes integers of all sizes for the same number")
	@From(RabbitMqVersion.V4_0)
	void integersAreHashedAsNumbers(TestClient client) throws Exception {
		String exchange = client.exchange(HASH, Map.of("hash-header", "hash-on"));
		List<String> queues = bind(client, exchange, "1", "1", "1");
		List<Object> sevens = List.of((byte) 7, (short) 7, 7, 7L);

		publish(client, exchange, 4, (i) -> "key" + i, (i) -> headers(Map.of("hash-on", sevens.get(i))));

		assertThat(ready(client, queues)).containsExactlyInAnyOrder(4, 0, 0);
	}

	@Test
	@DisplayName("Messages without the `hash-header` go all to one queue")
	void messagesWithoutTheHeader(TestClient client) throws Exception {
		String exchange = client.exchange(HASH, Map.of("hash-header", "hash-on"));
		List<String> queues = bind(client, exchange, "1", "1", "1");

		publish(client, exchange, 50, (i) -> "key" + i, (i) -> (i < 25) ? NONE : headers(Map.of("i", i)));

		assertThat(ready(client, queues)).containsExactlyInAnyOrder(50, 0, 0);
	}

	@ParameterizedTest(quoteTextArguments = false, name = "`hash-property` takes `{0}`")
	@ValueSource(strings = { "message_id", "correlation_id", "timestamp" })
	void thePropertyIsHashed(String property, TestClient client) throws Exception {
		String exchange = client.exchange(HASH, Map.of("hash-property", property));
		List<String> queues = bind(client, exchange, "1", "1");

		publish(client, exchange, 50, (i) -> "key" + i, (i) -> identified(7));
		assertThat(ready(client, queues)).as("the same property").containsExactlyInAnyOrder(50, 0);
		publish(client, exchange, 200, (i) -> "same", ExchangeTypesTests::identified);
		assertThat(ready(client, queues)).as("other properties").allMatch((ready) -> ready > 50);
	}

	private static BasicProperties identified(int i) {
		return new BasicProperties.Builder().messageId("message " + i)
			.correlationId("correlation " + i)
			.timestamp(new Date(1000L * i))
			.build();
	}

	@ParameterizedTest(quoteTextArguments = false, name = "`hash-property` `{0}` is 406 PRECONDITION_FAILED")
	@ValueSource(strings = { "app_id", "message-id", "" })
	void otherPropertiesAreRefused(String property, TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - Unsupported property: " + property,
				() -> channel.exchangeDeclare(unique("hash"), HASH, false, true, Map.of("hash-property", property)));
	}

	@Test
	@DisplayName("`hash-header` and `hash-property` together are 406 PRECONDITION_FAILED")
	void oneOfThem(TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - hash-header and hash-property are mutually exclusive",
				() -> channel.exchangeDeclare(unique("hash"), HASH, false, true,
						Map.of("hash-header", "h", "hash-property", "message_id")));
	}

	@ParameterizedTest(quoteTextArguments = false, name = "`{0}` that is not a text is 541 INTERNAL_ERROR")
	@ValueSource(strings = { "hash-header", "hash-property" })
	void theArgumentsAreTexts(String argument, TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesConnectionMatching(client.connection(), 541, "INTERNAL_ERROR.*",
				() -> channel.exchangeDeclare(unique("hash"), HASH, false, true, Map.of(argument, 5)));
	}

	@Test
	@DisplayName("`x-consistent-hash` may be declared again with another `hash-header`")
	void theArgumentsAreNotCompared(TestClient client) throws Exception {
		String exchange = client.exchange(HASH);

		client.channel().exchangeDeclare(exchange, HASH, false, false, Map.of("hash-header", "h"));
	}

	@ParameterizedTest(quoteTextArguments = false,
			name = "`x-consistent-hash` refuses the binding key \"{0}\" with 406 PRECONDITION_FAILED, {1}")
	@CsvSource(delimiter = '|', textBlock = """
			0     | The binding key must be greater than 0
			-1    | The binding key must be greater than 0
			''    | The binding key must be an integer: <<>>
			1.5   | The binding key must be an integer: <<"1.5">>
			' 1'  | The binding key must be an integer: <<" 1">>
			heavy | The binding key must be an integer: <<"heavy">>
			""")
	void weightsArePositive(String key, String text, TestClient client) throws Exception {
		String exchange = client.exchange(HASH);
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - " + text,
				() -> channel.queueBind(queue, exchange, key));
	}

	@ParameterizedTest(quoteTextArguments = false, name = "`x-consistent-hash` takes the binding key \"{0}\"")
	@ValueSource(strings = { "007", "+5" })
	void integersAreWeights(String key, TestClient client) throws Exception {
		String exchange = client.exchange(HASH);
		String queue = bind(client, exchange, key).get(0);

		publish(client, exchange, 1, (i) -> "key", (i) -> NONE);

		assertThat(client.ready(queue)).isOne();
	}

	@Test
	@DisplayName("`x-local-random` routes each message to one of its queues")
	@From(RabbitMqVersion.V4_0)
	void oneOfTheQueues(TestClient client) throws Exception {
		String exchange = client.exchange(RANDOM);
		List<String> queues = bind(client, exchange, "", "", "");

		publish(client, exchange, 900, (i) -> "any key", (i) -> NONE);
		assertThat(ready(client, queues)).allSatisfy((ready) -> assertThat(ready).isBetween(200, 400));

		publish(client, exchange, 1, (i) -> "one", (i) -> headers(Map.of("CC", List.of("two", "three"))));
		assertThat(ready(client, queues).stream().mapToInt(Integer::intValue).sum()).isEqualTo(901);
	}

	@Test
	@DisplayName("`x-local-random` routes twice as often to a queue that is bound twice")
	@From(RabbitMqVersion.V4_0)
	void twoBindingsAreTwoChances(TestClient client) throws Exception {
		String exchange = client.exchange(RANDOM);
		List<String> queues = bind(client, exchange, "", "");
		client.channel().queueBind(queues.get(0), exchange, "", Map.of("again", 1));

		publish(client, exchange, 900, (i) -> "", (i) -> NONE);

		assertThat(client.ready(queues.get(0))).isBetween(520, 680);
	}

	@Test
	@DisplayName("`x-local-random` refuses a binding key with 406 PRECONDITION_FAILED")
	@From(RabbitMqVersion.V4_0)
	void randomBindingsHaveNoKey(TestClient client) throws Exception {
		String exchange = client.exchange(RANDOM);
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - Non empty binding 'key' key not permitted",
				() -> channel.queueBind(queue, exchange, "key"));
	}

	@Test
	@DisplayName("`x-local-random` refuses a quorum queue with 406 PRECONDITION_FAILED")
	@From(RabbitMqVersion.V4_0)
	void randomBindingsAreOfClassicQueues(TestClient client) throws Exception {
		String exchange = client.exchange(RANDOM);
		String queue = client.durableQueue(Map.of("x-queue-type", "quorum"));
		Channel channel = client.channel();

		assertClosesChannel(channel, 406,
				"PRECONDITION_FAILED - Queue type rabbit_quorum_queue not valid for this exchange type",
				() -> channel.queueBind(queue, exchange, ""));
	}

	@Test
	@DisplayName("`x-local-random` refuses an exchange with 406 PRECONDITION_FAILED")
	@From(RabbitMqVersion.V4_0)
	void randomBindingsAreOfQueues(TestClient client) throws Exception {
		String exchange = client.exchange(RANDOM);
		String other = client.exchange("fanout");
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - Destination not found",
				() -> channel.exchangeBind(other, exchange, ""));
	}

	@Test
	@DisplayName("`x-local-random` is 503 COMMAND_INVALID, an unknown exchange type")
	@Until(RabbitMqVersion.V3_10)
	void noRandomExchangesYet(TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesConnection(client.connection(), 503, "COMMAND_INVALID - unknown exchange type 'x-local-random'",
				() -> channel.exchangeDeclare(unique("random"), RANDOM));
	}

	@Test
	@DisplayName("`x-delayed-message` keeps a message for the milliseconds of its header `x-delay`")
	@NotOnRabbitMq("RabbitMQ has it with a plugin only, of which there is none for 4.3")
	void delayed(TestClient client) throws Exception {
		String exchange = client.exchange("x-delayed-message", Map.of("x-delayed-type", "direct"));
		String queue = bind(client, exchange, "key").get(0);

		publish(client, exchange, 3, (i) -> "key", (i) -> headers(Map.of("x-delay", 300 - 100 * i)));

		for (int delay = 100; delay <= 300; delay += 100) {
			assertThat(client.await(queue).getProps().getHeaders()).containsEntry("x-delay", -delay);
		}
	}

	private static BasicProperties headers(Map<String, Object> headers) {
		return new BasicProperties.Builder().headers(headers).build();
	}

	static List<String> bind(TestClient client, String exchange, String... keys) throws Exception {
		List<String> queues = new ArrayList<>();
		for (String key : keys) {
			String queue = client.exclusiveQueue();
			client.channel().queueBind(queue, exchange, key);
			queues.add(queue);
		}
		return queues;
	}

	static void publish(TestClient client, String exchange, int count, IntFunction<String> key,
			IntFunction<BasicProperties> properties) throws Exception {
		try (Channel channel = client.channel()) {
			channel.confirmSelect();
			for (int i = 0; i < count; i++) {
				channel.basicPublish(exchange, key.apply(i), properties.apply(i),
						key.apply(i).getBytes(StandardCharsets.UTF_8));
			}
			channel.waitForConfirmsOrDie(10_000);
		}
	}

	static List<Integer> ready(TestClient client, List<String> queues) throws Exception {
		List<Integer> ready = new ArrayList<>();
		for (String queue : queues) {
			ready.add(client.ready(queue));
		}
		return ready;
	}

	/**
	 * Takes all messages, and returns their bodies.
	 */
	static Set<String> take(TestClient client, String queue) throws Exception {
		Set<String> bodies = new HashSet<>();
		try (Channel channel = client.channel()) {
			GetResponse response = channel.basicGet(queue, true);
			while (response != null) {
				bodies.add(TestClient.text(response));
				response = channel.basicGet(queue, true);
			}
		}
		return bodies;
	}

}
