package dev.warren.broker.rabbitmq;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import dev.warren.broker.RabbitMqVersion;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.warren.broker.rabbitmq.Refusals.assertClosesChannel;
import static dev.warren.broker.rabbitmq.TestClient.text;
import static dev.warren.broker.rabbitmq.TestClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

@CompatibilityTests
@DisplayName("Exchanges")
class ExchangesTests {

	private static final BasicProperties NONE = new BasicProperties();

	private static final String DEFAULT_EXCHANGE = "ACCESS_REFUSED - operation not permitted on the default exchange";

	private static BasicProperties headers(Map<String, Object> headers) {
		return new BasicProperties.Builder().headers(headers).build();
	}

	@Test
	@DisplayName("A direct exchange routes by the equal key, to every queue bound with it")
	void direct(TestClient client) throws Exception {
		String exchange = client.exchange("direct");
		String first = client.exclusiveQueue();
		String second = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.queueBind(first, exchange, "error");
		channel.queueBind(first, exchange, "warning");
		channel.queueBind(second, exchange, "error");

		client.send(exchange, "error", NONE, "1");
		client.send(exchange, "warning", NONE, "2");
		client.send(exchange, "Error", NONE, "3");

		assertThat(client.ready(first)).isEqualTo(2);
		assertThat(client.ready(second)).isOne();
	}

	@Test
	@DisplayName("A fanout exchange routes to every queue, whatever the key")
	void fanout(TestClient client) throws Exception {
		String exchange = client.exchange("fanout");
		String first = client.exclusiveQueue();
		String second = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.queueBind(first, exchange, "");
		channel.queueBind(second, exchange, "some");

		client.send(exchange, "any", NONE, "1");

		assertThat(client.ready(first)).isOne();
		assertThat(client.ready(second)).isOne();
	}

	@ParameterizedTest(quoteTextArguments = false, name = "A topic binding `{0}` matches the key \"{1}\": {2}")
	@CsvSource(delimiter = '|', textBlock = """
			'*.orange.*'  | quick.orange.rabbit        | true
			'*.orange.*'  | orange                     | false
			'*.orange.*'  | quick.orange.male.rabbit   | false
			'*.*.rabbit'  | lazy.orange.rabbit         | true
			'lazy.#'      | lazy.orange.new.rabbit     | true
			'lazy.#'      | lazy                       | true
			'lazy.#'      | lazybones                  | false
			'#'           | anything.at.all            | true
			'#'           | ''                         | true
			'*'           | one                        | true
			'*'           | ''                         | false
			'*'           | one.two                    | false
			'*.*'         | one                        | false
			'*.*'         | .                          | true
			'a.*.b'       | a..b                       | true
			'#.b'         | b                          | true
			'#.b'         | a.a.b                      | true
			'#.b.#'       | a.b.c.d                    | true
			'#.b.#'       | a.c                        | false
			'#.#'         | ''                         | true
			'#.*'         | ''                         | false
			'a.#.#.b'     | a.b                        | true
			'*.#'         | ''                         | false
			'a'           | a                          | true
			'a'           | a.                         | false
			''            | ''                         | true
			'kern.*'      | kern.critical              | true
			'KERN.*'      | kern.critical              | false
			'a*'          | ab                         | false
			'a.#b'        | a.x.b                      | false
			""")
	void topic(String pattern, String key, boolean matches, TestClient client) throws Exception {
		String exchange = client.exchange("topic");
		String queue = client.exclusiveQueue();
		client.channel().queueBind(queue, exchange, pattern);

		client.send(exchange, key, NONE, "topic");

		assertThat(client.ready(queue)).isEqualTo(matches ? 1 : 0);
	}

	@Test
	void aMessageThatMatchesTwoBindingsArrivesOnce(TestClient client) throws Exception {
		String exchange = client.exchange("topic");
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.queueBind(queue, exchange, "*.critical");
		channel.queueBind(queue, exchange, "kern.#");

		client.send(exchange, "kern.critical", NONE, "once");

		assertThat(client.ready(queue)).isOne();
	}

	@Test
	void unbindingOneTopicLeavesTheOthers(TestClient client) throws Exception {
		String exchange = client.exchange("topic");
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.queueBind(queue, exchange, "a.*");
		channel.queueBind(queue, exchange, "a.#");

		channel.queueUnbind(queue, exchange, "a.#");
		client.send(exchange, "a.b", NONE, "matches");
		client.send(exchange, "a.b.c", NONE, "does not");

		assertThat(client.ready(queue)).isOne();
	}

	@ParameterizedTest(quoteTextArguments = false,
			name = "A headers binding with `x-match` `{0}` takes a message with [{1}]: {2}")
	@CsvSource(delimiter = '|', textBlock = """
			all        | a=1 b=2        | true
			all        | a=1 b=2 c=3    | true
			all        | a=1            | false
			all        | a=1 b=3        | false
			any        | a=1            | true
			any        | b=2 c=3        | true
			any        | a=2 b=1        | false
			any        | c=3            | false
			any        | ''             | false
			""")
	void headersExchange(String match, String headers, boolean matches, TestClient client) throws Exception {
		assertThat(matches(client, Map.of("x-match", match, "a", "1", "b", "2"), parse(headers))).isEqualTo(matches);
	}

	@ParameterizedTest(quoteTextArguments = false,
			name = "A headers binding `{0}` on an `x-` header takes a message with [{1}]: {2}")
	@CsvSource(delimiter = '|', textBlock = """
			all        | a=1 x-kind=1 | true
			all        | a=1          | true
			all-with-x | a=1 x-kind=1 | true
			all-with-x | a=1          | false
			any        | x-kind=1     | false
			any-with-x | x-kind=1     | true
			any-with-x | x-kind=2     | false
			""")
	void headersExchangeWithX(String match, String headers, boolean matches, TestClient client) throws Exception {
		assertThat(matches(client, Map.of("x-match", match, "a", "1", "x-kind", "1"), parse(headers)))
			.isEqualTo(matches);
	}

	private static Map<String, Object> parse(String headers) {
		Map<String, Object> parsed = new HashMap<>();
		if (!headers.isEmpty()) {
			Arrays.stream(headers.split(" "))
				.map((header) -> header.split("="))
				.forEach((header) -> parsed.put(header[0], header[1]));
		}
		return parsed;
	}

	private static boolean matches(TestClient client, Map<String, Object> binding, Map<String, Object> headers)
			throws Exception {
		String exchange = client.exchange("headers");
		String queue = client.exclusiveQueue();
		client.channel().queueBind(queue, exchange, "", binding);
		client.send(exchange, "ignored", headers(headers), "headers");
		return client.ready(queue) == 1;
	}

	@Test
	@DisplayName("A headers binding without `x-match` means `all`")
	void allIsTheDefault(TestClient client) throws Exception {
		assertThat(matches(client, Map.of("a", "1", "b", "2"), Map.of("a", "1"))).isFalse();
		assertThat(matches(client, Map.of("a", "1", "b", "2"), Map.of("a", "1", "b", "2"))).isTrue();
	}

	@Test
	@DisplayName("A headers binding without headers takes every message with `all`")
	void noHeadersAreAllThere(TestClient client) throws Exception {
		assertThat(matches(client, Map.of("x-match", "all"), Map.of("a", "1"))).isTrue();
		assertThat(matches(client, Map.of("x-match", "all"), Map.of())).isTrue();
	}

	@Test
	@DisplayName("A headers binding without a value asks for the header only")
	void aHeaderMayHaveAnyValue(TestClient client) throws Exception {
		Map<String, Object> binding = new HashMap<>();
		binding.put("x-match", "all");
		binding.put("a", null);

		assertThat(matches(client, binding, Map.of("a", "anything"))).isTrue();
		assertThat(matches(client, binding, Map.of("b", "anything"))).isFalse();
	}

	@ParameterizedTest(quoteTextArguments = false, name = "A headers binding on {0} takes {1}: {2}")
	@MethodSource("comparedHeaders")
	void headersAreCompared(Typed expected, Typed actual, boolean matches, TestClient client) throws Exception {
		assertThat(matches(client, Map.of("x-match", "all", "a", expected.value), Map.of("a", actual.value)))
			.isEqualTo(matches);
	}

	@ParameterizedTest(quoteTextArguments = false,
			name = "A headers binding on {0} takes {1}: equal numbers are equal, whatever their types")
	@MethodSource("equalNumbers")
	@Until(RabbitMqVersion.V3_10)
	void numbersAreComparedAsNumbers(Typed expected, Typed actual, TestClient client) throws Exception {
		headersAreCompared(expected, actual, true, client);
	}

	@ParameterizedTest(quoteTextArguments = false,
			name = "A headers binding on {0} does not take {1}: integers, floats and timestamps differ")
	@MethodSource("equalNumbers")
	@From(RabbitMqVersion.V4_0)
	void numbersAreComparedByType(Typed expected, Typed actual, TestClient client) throws Exception {
		headersAreCompared(expected, actual, false, client);
	}

	static Stream<Arguments> equalNumbers() {
		Typed three = new Typed("signedint", 3);
		return Stream.of(arguments(three, new Typed("double", 3.0)), arguments(three, new Typed("float", 3f)),
				arguments(new Typed("long", 1L << 60), new Typed("double", 0x1p60)),
				arguments(three, new Typed("timestamp", new Date(3000))));
	}

	static Stream<Arguments> comparedHeaders() {
		Typed three = new Typed("signedint", 3);
		Typed text = new Typed("longstr", "3");
		return Stream.of(arguments(three, three, true), arguments(three, new Typed("signedint", 4), false),
				arguments(three, new Typed("byte", (byte) 3), true),
				arguments(three, new Typed("short", (short) 3), true), arguments(three, new Typed("long", 3L), true),
				arguments(new Typed("long", 3L), three, true), arguments(three, new Typed("double", 3.5), false),
				arguments(new Typed("float", 3f), new Typed("double", 3.0), true),
				arguments(new Typed("float", 0.5f), new Typed("double", 0.5), true),
				arguments(new Typed("float", 0.1f), new Typed("double", 0.1), false),
				arguments(new Typed("long", Long.MAX_VALUE), new Typed("double", 0x1p63), false),

				arguments(three, new Typed("decimal", new BigDecimal("3")), false),
				arguments(new Typed("decimal", new BigDecimal("3.0")), new Typed("decimal", new BigDecimal("3.0")),
						true),
				arguments(new Typed("decimal", new BigDecimal("3.0")), new Typed("decimal", new BigDecimal("3")),
						false),
				arguments(three, text, false), arguments(text, three, false), arguments(text, text, true),
				arguments(text, new Typed("binary", new byte[] { '3' }), true),
				arguments(new Typed("bool", true), new Typed("bool", true), true),
				arguments(new Typed("bool", true), new Typed("bool", false), false),
				arguments(new Typed("bool", true), new Typed("longstr", "true"), false),
				arguments(new Typed("signedint", 1), new Typed("bool", true), false),

				arguments(new Typed("array", List.of(3)), new Typed("array", List.of(3)), true),
				arguments(new Typed("array", List.of(3)), new Typed("array", List.of(3L)), false),
				arguments(new Typed("table", Map.of("b", 3)), new Typed("table", Map.of("b", 3)), true),
				arguments(new Typed("table", Map.of("b", 3)), new Typed("table", Map.of("b", 3L)), false));
	}

	private record Typed(String type, Object value) {

		@Override
		public String toString() {
			String text = (this.value instanceof byte[] bytes) ? new String(bytes, StandardCharsets.US_ASCII)
					: (this.value instanceof Date date) ? date.toInstant().toString() : this.value.toString();
			return this.type + " " + text;
		}

	}

	@Test
	@DisplayName("A headers binding with a value does not take a header without")
	void aHeaderWithoutValueIsNoValue(TestClient client) throws Exception {
		Map<String, Object> header = new HashMap<>();
		header.put("a", null);

		assertThat(matches(client, Map.of("x-match", "all", "a", ""), header)).isFalse();
		assertThat(matches(client, Map.of("x-match", "any", "a", false), header)).isFalse();
	}

	@Test
	@DisplayName("A message without headers goes through a headers exchange too")
	void messagesWithoutHeaders(TestClient client) throws Exception {
		String exchange = client.exchange("headers");
		String queue = client.exclusiveQueue();
		client.channel().queueBind(queue, exchange, "", Map.of("x-match", "all", "a", "1"));

		client.send(exchange, "", NONE, "no headers");

		assertThat(client.ready(queue)).isZero();
	}

	@Test
	@DisplayName("An `x-match` that is unknown is 406 PRECONDITION_FAILED")
	void unknownMatchesAreRefused(TestClient client) throws Exception {
		String exchange = client.exchange("headers");
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();

		assertClosesChannel(channel, 406,
				"PRECONDITION_FAILED - Invalid x-match field value <<\"some\">>; expected all, any, all-with-x, or any-with-x",
				() -> channel.queueBind(queue, exchange, "", Map.of("x-match", "some")));
	}

	@Test
	@DisplayName("An `x-match` that is not a text is 406 PRECONDITION_FAILED")
	void matchesAreTexts(TestClient client) throws Exception {
		String exchange = client.exchange("headers");
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();

		assertClosesChannel(channel, 406,
				"PRECONDITION_FAILED - Invalid x-match field type signedint (value 1); expected longstr",
				() -> channel.queueBind(queue, exchange, "", Map.of("x-match", 1)));
	}

	@Test
	@DisplayName("`alternate-exchange` gets what cannot be routed")
	void alternateExchange(TestClient client) throws Exception {
		String alternate = client.exchange("fanout");
		String exchange = client.exchange("direct", Map.of("alternate-exchange", alternate));
		String routed = client.exclusiveQueue();
		String unrouted = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.queueBind(routed, exchange, "known");
		channel.queueBind(unrouted, alternate, "");

		client.send(exchange, "known", NONE, "routed");
		client.send(exchange, "unknown", NONE, "unrouted");

		assertThat(text(client.take(routed))).isEqualTo("routed");
		assertThat(client.ready(routed)).isZero();
		assertThat(client.ready(unrouted)).isOne();
		assertThat(client.take(unrouted).getEnvelope().getExchange()).isEqualTo(exchange);
	}

	@Test
	@DisplayName("A message that `alternate-exchange` routes is not returned as unroutable")
	void alternateRoutesAreRoutes(TestClient client) throws Exception {
		String alternate = client.exchange("fanout");
		String exchange = client.exchange("direct", Map.of("alternate-exchange", alternate));
		boolean before = client.returned(exchange, "unknown");
		client.channel().queueBind(client.exclusiveQueue(), alternate, "");

		assertThat(before).isTrue();
		assertThat(client.returned(exchange, "unknown")).isFalse();
	}

	@Test
	@DisplayName("Exchanges that are each other's `alternate-exchange` do not loop")
	void alternateExchangesDoNotLoop(TestClient client) throws Exception {
		String first = unique("first");
		String second = client.exchange("direct", Map.of("alternate-exchange", first));
		client.channel().exchangeDeclare(first, "direct", false, true, Map.of("alternate-exchange", second));

		assertThat(client.returned(first, "unknown")).isTrue();
	}

	@Test
	@DisplayName("A missing `alternate-exchange` drops the message and leaves the channel open")
	void theAlternateExchangeMayBeMissing(TestClient client) throws Exception {
		String exchange = client.exchange("direct", Map.of("alternate-exchange", unique("missing")));

		assertThat(client.returned(exchange, "unknown")).isTrue();
	}

	@Test
	void anExchangeRoutesToAnExchange(TestClient client) throws Exception {
		String source = client.exchange("topic");
		String destination = client.exchange("fanout");
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.exchangeBind(destination, source, "kern.*");
		channel.queueBind(queue, destination, "");

		client.send(source, "kern.critical", NONE, "through both");
		client.send(source, "mail.critical", NONE, "not");

		assertThat(client.ready(queue)).isOne();
		assertThat(client.take(queue).getEnvelope().getExchange()).isEqualTo(source);
	}

	@Test
	void anUnboundExchangeGetsNothingMore(TestClient client) throws Exception {
		String source = client.exchange("fanout");
		String destination = client.exchange("fanout");
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.queueBind(queue, destination, "");
		channel.exchangeBind(destination, source, "key");
		client.send(source, "key", NONE, "bound");

		channel.exchangeUnbind(destination, source, "key");
		client.send(source, "key", NONE, "unbound");

		assertThat(client.ready(queue)).isOne();
	}

	@Test
	void twoPathsToAQueueDeliverOnce(TestClient client) throws Exception {
		String source = client.exchange("fanout");
		String left = client.exchange("fanout");
		String right = client.exchange("fanout");
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		for (String between : List.of(left, right)) {
			channel.exchangeBind(between, source, "");
			channel.queueBind(queue, between, "");
		}

		client.send(source, "", NONE, "once");

		assertThat(client.ready(queue)).isOne();
	}

	@Test
	void exchangesBoundInACircleDoNotLoop(TestClient client) throws Exception {
		String first = client.exchange("fanout");
		String second = client.exchange("fanout");
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.exchangeBind(second, first, "");
		channel.exchangeBind(first, second, "");
		channel.queueBind(queue, second, "");

		client.send(first, "", NONE, "once");

		assertThat(client.ready(queue)).isOne();
	}

	@Test
	@DisplayName("Binding exchanges that are missing is 404 NOT_FOUND")
	void missingExchangesAreNotBound(TestClient client) throws Exception {
		String missing = unique("missing");
		Channel source = client.channel();
		Channel destination = client.channel();

		assertClosesChannel(source, 404, DeclaringTests.noExchange(missing),
				() -> source.exchangeBind("amq.fanout", missing, ""));
		assertClosesChannel(destination, 404, DeclaringTests.noExchange(missing),
				() -> destination.exchangeBind(missing, "amq.fanout", ""));
	}

	@Test
	@DisplayName("Deleting an exchange `if-unused` looks at what is bound to it, not at what it is bound to")
	void anExchangeBoundToAnotherIsUnused(TestClient client) throws Exception {
		String source = client.exchange("fanout");
		String destination = client.exchange("fanout");
		Channel channel = client.channel();
		channel.exchangeBind(destination, source, "");

		channel.exchangeDelete(destination, true);

		assertThat(client.channel().exchangeDelete(source, true)).isNotNull();
	}

	@Test
	void deletingAnExchangeEndsItsBindings(TestClient client) throws Exception {
		String exchange = client.exchange("fanout");
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.queueBind(queue, exchange, "");

		channel.exchangeDelete(exchange);
		channel.exchangeDeclare(exchange, "fanout");
		client.send(exchange, "", NONE, "nowhere");

		assertThat(client.ready(queue)).isZero();
	}

	@Test
	@DisplayName("An auto-delete exchange goes with its last binding")
	void anAutoDeleteExchangeGoesWithItsLastBinding(TestClient client) throws Exception {
		String exchange = unique("auto-delete");
		String first = client.exclusiveQueue();
		String second = client.queue();
		Channel channel = client.channel();
		channel.exchangeDeclare(exchange, "fanout", false, true, null);
		channel.queueBind(first, exchange, "");
		channel.queueBind(second, exchange, "");

		channel.queueUnbind(first, exchange, "");
		channel.exchangeDeclarePassive(exchange);
		channel.queueDelete(second);

		assertClosesChannel(channel, 404, DeclaringTests.noExchange(exchange),
				() -> channel.exchangeDeclarePassive(exchange));
	}

	@Test
	@DisplayName("An auto-delete exchange goes with the last exchange bound to it")
	void anAutoDeleteExchangeGoesWithTheLastExchangeBoundToIt(TestClient client) throws Exception {
		String source = unique("auto-delete");
		String destination = client.exchange("fanout");
		Channel channel = client.channel();
		channel.exchangeDeclare(source, "fanout", false, true, null);
		channel.exchangeBind(destination, source, "");

		channel.exchangeUnbind(destination, source, "");

		assertClosesChannel(channel, 404, DeclaringTests.noExchange(source),
				() -> channel.exchangeDeclarePassive(source));
	}

	@Test
	@DisplayName("An auto-delete exchange that was never bound stays")
	void anAutoDeleteExchangeThatWasNeverBoundStays(TestClient client) throws Exception {
		String exchange = unique("auto-delete");
		Channel channel = client.channel();
		channel.exchangeDeclare(exchange, "fanout", false, true, null);

		assertThat(client.stranger().exchangeDeclarePassive(exchange)).isNotNull();
		channel.exchangeDelete(exchange);
	}

	@Test
	void anInternalExchangeRoutesWhatOthersSendIt(TestClient client) throws Exception {
		String source = client.exchange("fanout");
		String internal = unique("internal");
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.exchangeDeclare(internal, "fanout", false, true, true, null);
		channel.exchangeBind(internal, source, "");
		channel.queueBind(queue, internal, "");

		client.send(source, "", NONE, "inside");

		assertThat(client.ready(queue)).isOne();
	}

	@ParameterizedTest(quoteTextArguments = false, name = "`{0}` is there, durable and of type {1}")
	@CsvSource({ "amq.direct, direct", "amq.fanout, fanout", "amq.topic, topic", "amq.headers, headers",
			"amq.match, headers" })
	void predeclaredExchanges(String exchange, String type, TestClient client) throws Exception {
		assertThat(client.channel().exchangeDeclare(exchange, type, true)).isNotNull();
	}

	@ParameterizedTest(quoteTextArguments = false, name = "`{0}` cannot be deleted: 403 ACCESS_REFUSED")
	@ValueSource(strings = { "amq.direct", "amq.fanout", "amq.topic", "amq.headers", "amq.match" })
	void predeclaredExchangesStay(String exchange, TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesChannel(channel, 403,
				"ACCESS_REFUSED - deletion of system exchange '" + exchange + "' in vhost '/' not allowed",
				() -> channel.exchangeDelete(exchange));
	}

	@Test
	@DisplayName("Binding a queue to the default exchange is 403 ACCESS_REFUSED")
	void theDefaultExchangeIsNotBound(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();

		assertClosesChannel(channel, 403, DEFAULT_EXCHANGE, () -> channel.queueBind(queue, "", "key"));
	}

	@Test
	@DisplayName("Unbinding a queue from the default exchange is 403 ACCESS_REFUSED")
	void theDefaultExchangeIsNotUnbound(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();

		assertClosesChannel(channel, 403, DEFAULT_EXCHANGE, () -> channel.queueUnbind(queue, "", queue));
	}

	@Test
	@DisplayName("Declaring the default exchange is 403 ACCESS_REFUSED")
	void theDefaultExchangeIsNotDeclared(TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesChannel(channel, 403, DEFAULT_EXCHANGE, () -> channel.exchangeDeclare("", "direct", true));
	}

	@Test
	@DisplayName("Deleting the default exchange is 403 ACCESS_REFUSED")
	void theDefaultExchangeIsNotDeleted(TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesChannel(channel, 403, DEFAULT_EXCHANGE, () -> channel.exchangeDelete(""));
	}

	@Test
	@DisplayName("Binding an exchange to the default exchange is 403 ACCESS_REFUSED")
	void theDefaultExchangeIsNoSource(TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesChannel(channel, 403, DEFAULT_EXCHANGE, () -> channel.exchangeBind("amq.fanout", "", "key"));
	}

	@Test
	@DisplayName("An exclusive queue's bindings go with its connection")
	void anExclusiveQueuesBindingsGoWithItsConnection(TestClient client) throws Exception {
		String exchange = client.exchange("fanout");
		Channel owner = client.stranger();
		owner.queueBind(owner.queueDeclare().getQueue(), exchange, "");

		owner.getConnection().close();

		Awaitility.await("nothing is bound").until(() -> client.returned(exchange, ""));
	}

	@Test
	@DisplayName("A binding key of many `#` costs no more than one")
	@NotOnRabbitMq("RabbitMQ 3.10 takes minutes: it tries the words for each `#` in turn")
	@Until(RabbitMqVersion.V4_0)
	void manyHashesCostNoMoreThanOne(TestClient client) throws Exception {
		String exchange = client.exchange("topic");
		String queue = client.exclusiveQueue();
		client.channel().queueBind(queue, exchange, "#.a.#.a.#.a.#.a.#.a.#.a.#.a.#.b");
		String words = String.join(".", Collections.nCopies(40, "a"));

		for (int i = 0; i < 20; i++) {
			assertThat(client.returned(exchange, words)).isTrue();
		}
		client.send(exchange, words + ".b", new BasicProperties(), "arrives");

		assertThat(text(client.take(queue))).isEqualTo("arrives");
	}

	@Test
	@DisplayName("A binding key of more than two `#` is 406 PRECONDITION_FAILED")
	@From(RabbitMqVersion.V4_3)
	void moreThanTwoHashesAreRefused(TestClient client) throws Exception {
		String exchange = client.exchange("topic");
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.queueBind(queue, exchange, "#.a.#");

		assertClosesChannel(channel, 406,
				"PRECONDITION_FAILED - Topic binding key '#.a.#.b.#' uses 3 '#' wildcards, at most 2 are allowed",
				() -> channel.queueBind(queue, exchange, "#.a.#.b.#"));
	}

}
