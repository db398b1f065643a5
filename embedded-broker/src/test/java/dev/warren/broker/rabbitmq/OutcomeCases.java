package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

import dev.warren.broker.rabbitmq.Outcomes.Step;

import static dev.warren.broker.rabbitmq.Outcomes.QUEUE;
import static dev.warren.broker.rabbitmq.Outcomes.arguments;
import static dev.warren.broker.rabbitmq.Outcomes.consume;
import static dev.warren.broker.rabbitmq.Outcomes.declare;
import static dev.warren.broker.rabbitmq.Outcomes.publish;

/**
 * Each argument of queues and consumers with values of all types, and each method, for
 * every type of queue.
 */
final class OutcomeCases {

	private static final List<String> TYPES = List.of("untyped", "classic", "quorum");

	/** The arguments that any version knows, and one that none knows. */
	private static final List<String> QUEUE_ARGUMENTS = List.of("x-expires", "x-message-ttl", "x-dead-letter-exchange",
			"x-dead-letter-routing-key", "x-dead-letter-strategy", "x-max-length", "x-max-length-bytes",
			"x-max-in-memory-length", "x-max-in-memory-bytes", "x-max-priority", "x-overflow", "x-queue-mode",
			"x-queue-version", "x-single-active-consumer", "x-delivery-limit", "x-consumer-timeout",
			"x-consumer-disconnected-timeout", "x-quorum-initial-group-size", "x-quorum-target-group-size",
			"x-queue-leader-locator", "x-max-age", "x-stream-max-segment-size-bytes", "x-stream-filter-size-bytes",
			"x-initial-cluster-size", "x-delayed-retry-type", "x-delayed-retry-min", "x-delayed-retry-max",
			"x-unknown");

	private static final List<String> CONSUMER_ARGUMENTS = List.of("x-priority", "x-consumer-timeout",
			"x-cancel-on-ha-failover", "x-stream-offset", "x-stream-filter", "x-unknown");

	/** The texts that mean something, by argument. */
	private static final Map<String, List<String>> TEXTS = Map.of("x-dead-letter-strategy",
			List.of("at-most-once", "at-least-once"), "x-overflow",
			List.of("drop-head", "reject-publish", "reject-publish-dlx"), "x-queue-mode", List.of("default", "lazy"),
			"x-queue-leader-locator", List.of("client-local", "balanced", "random", "least-leaders", "min-masters"),
			"x-max-age", List.of("1D", "1x", "D"), "x-stream-offset", List.of("first", "last", "next", "1D"),
			"x-delayed-retry-type", List.of("disabled", "all", "failed", "returned"), "x-queue-type",
			List.of("classic", "Quorum", "quorum", "undefined", "rabbit_quorum_queue", "rabbit_classic_queue"));

	private final OutcomeTable table = new OutcomeTable();

	private final Outcomes outcomes;

	private OutcomeCases(Outcomes outcomes) {
		this.outcomes = outcomes;
	}

	/**
	 * Tries them all.
	 */
	static OutcomeTable tryAll(TestClient client) throws IOException, TimeoutException {
		OutcomeCases cases = new OutcomeCases(new Outcomes(client));
		cases.typesOfQueue();
		for (String type : TYPES) {
			cases.properties(type);
			for (String argument : QUEUE_ARGUMENTS) {
				cases.queueArgument(type, argument);
				cases.redeclaring(type, argument);
			}
			cases.combinations(type);
			for (String argument : CONSUMER_ARGUMENTS) {
				cases.consumerArgument(type, argument);
			}
			cases.methods(type);
		}
		return cases.table;
	}

	private static Map<String, Object> values(String argument) {
		Map<String, Object> values = new LinkedHashMap<>();
		for (int number : new int[] { -2, -1, 0, 1, 2, 3, 255, 256 }) {
			values.put("int " + number, number);
		}
		for (long number : new long[] { -1, 1, 315_360_000_000L, 315_360_000_001L, Long.MAX_VALUE }) {
			values.put("long " + number, number);
		}
		values.put("short 1", (short) 1);
		values.put("byte 1", (byte) 1);
		values.put("float 1.5", 1.5f);
		values.put("double 1.5", 1.5);
		values.put("decimal 1", BigDecimal.ONE);
		values.put("true", true);
		values.put("false", false);
		values.put("time", new Date(0));
		values.put("bytes", new byte[] { 49 });
		values.put("list", List.of(1));
		values.put("table", Map.of("a", 1));
		values.put("void", null);
		values.put("text ''", "");
		values.put("text 1", "1");
		values.put("text any", "any");
		TEXTS.getOrDefault(argument, List.of()).forEach((text) -> values.put("text " + text, text));
		return values;
	}

	private void add(String subject, String value, Step... steps) throws IOException, TimeoutException {
		this.table.add(subject, value, this.outcomes.of(steps));
	}

	private void typesOfQueue() throws IOException, TimeoutException {
		for (Map.Entry<String, Object> value : values("x-queue-type").entrySet()) {
			Map<String, Object> arguments = new LinkedHashMap<>();
			arguments.put("x-queue-type", value.getValue());
			add("declare x-queue-type", value.getKey(), declare(arguments));
		}
		for (String first : TYPES) {
			for (String second : TYPES) {
				add("declare again", first + " as " + second, declare(arguments(first, Map.of())),
						declare(arguments(second, Map.of())));
			}
		}
	}

	private void properties(String type) throws IOException, TimeoutException {
		boolean[] both = { false, true };
		for (boolean durable : both) {
			for (boolean exclusive : both) {
				for (boolean autoDelete : both) {
					add("declare " + type,
							(durable ? "durable" : "transient") + (exclusive ? " exclusive" : "")
									+ (autoDelete ? " auto-delete" : ""),
							declare(durable, exclusive, autoDelete, arguments(type, Map.of())));
				}
			}
		}
		add("declare again " + type, "transient", declare(arguments(type, Map.of())),
				declare(false, false, false, arguments(type, Map.of())));
		add("declare again " + type, "exclusive", declare(arguments(type, Map.of())),
				declare(true, true, false, arguments(type, Map.of())));
		add("declare again " + type, "auto-delete", declare(arguments(type, Map.of())),
				declare(true, false, true, arguments(type, Map.of())));
	}

	private void queueArgument(String type, String argument) throws IOException, TimeoutException {
		for (Map.Entry<String, Object> value : values(argument).entrySet()) {
			add("declare " + type + " " + argument, value.getKey(), declare(with(type, argument, value.getValue())));
		}
	}

	private static Map<String, Object> with(String type, String argument, Object value) {
		Map<String, Object> arguments = arguments(type, Map.of());
		arguments.put(argument, value);
		return arguments;
	}

	/**
	 * Declares with one value, and then with another or none.
	 */
	private void redeclaring(String type, String argument) throws IOException, TimeoutException {
		String subject = "declare again " + type + " " + argument;
		List<List<?>> pairs = new ArrayList<>(List.of(integers(argument), List.of(true, false)));
		pairs.add(TEXTS.getOrDefault(argument, List.of("any", "other")).subList(0, 2));
		for (List<?> pair : pairs) {
			Object first = pair.get(0);
			Object second = pair.get(1);
			if (this.outcomes.of(declare(with(type, argument, first))).equals(Outcomes.OK)) {
				add(subject, first + " as none", declare(with(type, argument, first)),
						declare(arguments(type, Map.of())));
				add(subject, "none as " + first, declare(arguments(type, Map.of())),
						declare(with(type, argument, first)));
				add(subject, first + " as " + second, declare(with(type, argument, first)),
						declare(with(type, argument, second)));
			}
		}
	}

	/** A queue that expires must be there for both declarations. */
	private static List<Integer> integers(String argument) {
		return argument.equals("x-expires") ? List.of(60_000, 70_000) : List.of(1, 2);
	}

	private void combinations(String type) throws IOException, TimeoutException {
		String subject = "declare " + type + " with two";
		Map<String, Object> deadLetters = Map.of("x-dead-letter-exchange", "amq.direct");
		for (Map.Entry<String, Object> value : values("x-dead-letter-routing-key").entrySet()) {
			Map<String, Object> arguments = arguments(type, deadLetters);
			arguments.put("x-dead-letter-routing-key", value.getValue());
			add("declare " + type + " x-dead-letter-routing-key beside x-dead-letter-exchange", value.getKey(),
					declare(arguments));
		}
		Map<String, Object> atLeastOnce = arguments(type, deadLetters);
		atLeastOnce.put("x-dead-letter-strategy", "at-least-once");
		add(subject, "at-least-once", declare(atLeastOnce));
		atLeastOnce.put("x-overflow", "reject-publish");
		add(subject, "at-least-once and reject-publish", declare(atLeastOnce));
		add(subject, "x-message-ttl and x-expires wrong",
				declare(arguments(type, Map.of("x-message-ttl", -1, "x-expires", 0))));
		add(subject, "x-max-length wrong and x-max-age",
				declare(arguments(type, Map.of("x-max-length", -1, "x-max-age", "1D"))));
		for (String locator : List.of("client-local", "min-masters", "random")) {
			// Other values are an internal error of RabbitMQ 3.10.
			add("declare " + type + " x-queue-master-locator", locator,
					declare(with(type, "x-queue-master-locator", locator)));
		}
		add(subject, "x-max-priority and x-single-active-consumer",
				declare(arguments(type, Map.of("x-max-priority", 5, "x-single-active-consumer", true))));
		add(subject, "x-max-priority and x-queue-mode",
				declare(arguments(type, Map.of("x-max-priority", 5, "x-queue-mode", "lazy"))));
	}

	private void consumerArgument(String type, String argument) throws IOException, TimeoutException {
		for (Map.Entry<String, Object> value : values(argument).entrySet()) {
			Map<String, Object> arguments = new LinkedHashMap<>();
			arguments.put(argument, value.getValue());
			add("consume " + type + " " + argument, value.getKey(), declare(arguments(type, Map.of())),
					consume(false, arguments));
		}
	}

	private void methods(String type) throws IOException, TimeoutException {
		for (boolean singleActive : new boolean[] { false, true }) {
			Step declare = declare(arguments(type, singleActive ? Map.of("x-single-active-consumer", true) : Map.of()));
			String subject = "methods " + type + (singleActive ? " x-single-active-consumer" : "");
			Step consume = consume(false, Map.of());
			Step consumeExclusively = consume(true, Map.of());
			add(subject, "consume", declare, consume);
			add(subject, "consume exclusively", declare, consumeExclusively);
			add(subject, "consume after an exclusive one", declare, consumeExclusively, consume);
			add(subject, "consume exclusively after another", declare, consume, consumeExclusively);
			add(subject, "consume with a global prefetch", declare, qos(5, true), consume);
			add(subject, "consume with a prefetch", declare, qos(5, false), consume);
			add(subject, "global prefetch after consume", declare, consume, qos(5, true));
			add(subject, "get", declare, publish(), get());
			add(subject, "get from empty", declare, get());
			add(subject, "get beside a consumer", declare, consume, get());
			add(subject, "purge", declare, publish(), (channel) -> {
				int count = channel.queuePurge(QUEUE).getMessageCount();
				return Outcomes.OK + " " + count;
			});
			add(subject, "passive", declare, publish(), (channel) -> {
				int count = channel.queueDeclarePassive(QUEUE).getMessageCount();
				return Outcomes.OK + " " + count;
			});
			add(subject, "delete", declare, publish(), delete(false, false));
			add(subject, "delete if unused", declare, delete(true, false));
			add(subject, "delete if unused and used", declare, consume, delete(true, false));
			add(subject, "delete if empty", declare, delete(false, true));
			add(subject, "delete if empty and not", declare, publish(), delete(false, true));
			add(subject, "delete if both and neither", declare, consume, publish(), delete(true, true));
			for (String exchange : List.of("amq.direct", "amq.fanout", "amq.topic", "amq.headers", "", "none")) {
				add(subject, "bind to '" + exchange + "'", declare, (channel) -> {
					channel.queueBind(QUEUE, exchange, "key");
					return Outcomes.OK;
				});
				add(subject, "unbind from '" + exchange + "'", declare, (channel) -> {
					channel.queueUnbind(QUEUE, exchange, "key");
					return Outcomes.OK;
				});
			}
			add(subject, "transaction", declare, (channel) -> {
				channel.txSelect();
				channel.basicPublish("", QUEUE, null, new byte[0]);
				channel.txCommit();
				return Outcomes.OK;
			});
			add(subject, "recover", declare, consume, (channel) -> {
				channel.basicRecover(true);
				return Outcomes.OK;
			});
		}
	}

	private static Step qos(int count, boolean global) {
		return (channel) -> {
			channel.basicQos(count, global);
			return Outcomes.OK;
		};
	}

	private static Step get() {
		return (channel) -> (channel.basicGet(QUEUE, true) != null) ? "a message" : "none";
	}

	private static Step delete(boolean ifUnused, boolean ifEmpty) {
		return (channel) -> Outcomes.OK + " " + channel.queueDelete(QUEUE, ifUnused, ifEmpty).getMessageCount();
	}

}
