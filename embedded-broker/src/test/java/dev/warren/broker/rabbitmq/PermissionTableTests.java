package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.broker.RabbitMqVersion;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.warren.broker.rabbitmq.TestClient.unique;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every operation with every set of rights on each of the things it is about, which are
 * there or missing. The user {@code limited} may configure, write or read what has a
 * {@code c}, {@code w} or {@code r} before the first hyphen of its name.
 */
@CompatibilityTests
@DisplayName("Permissions, operation by operation")
class PermissionTableTests {

	private static final String OK = "ok";

	private static final List<String> RIGHTS = List.of("x", "c", "w", "r", "cw", "cr", "wr", "cwr");

	private static final String ROWS = """
			queue.declare                             | queue c                         |
			queue.declare with a dead letter exchange | queue c, queue r, exchange w    |
			queue.delete                              | queue c                         |
			queue.purge                               | queue r                         | queue
			queue.bind                                | queue w, exchange r             | exchange
			queue.unbind                              | queue w, exchange r             |
			basic.get                                 | queue r                         | queue
			basic.consume                             | queue r                         | queue
			basic.publish                             | exchange w                      | exchange
			exchange.declare                          | exchange c                      |
			exchange.declare with an alternate        | exchange c, exchange r, other w |
			exchange.delete                           | exchange c                      |
			exchange.bind                             | exchange w, other r             | other
			exchange.unbind                           | exchange w, other r             |
			""";

	private record Names(String queue, String exchange, String other) {

		String of(String thing) {
			return switch (thing) {
				case "queue" -> this.queue;
				case "exchange" -> this.exchange;
				default -> this.other;
			};
		}

	}

	private static void attempt(Channel channel, String operation, Names names) throws IOException {
		String queue = names.queue;
		String exchange = names.exchange;
		switch (operation) {
			case "queue.declare" -> channel.queueDeclare(queue, false, false, true, null);
			case "queue.declare with a dead letter exchange" ->
				channel.queueDeclare(queue, false, false, true, Map.of("x-dead-letter-exchange", exchange));
			case "queue.delete" -> channel.queueDelete(queue);
			case "queue.purge" -> channel.queuePurge(queue);
			case "queue.bind" -> channel.queueBind(queue, exchange, "key");
			case "queue.unbind" -> channel.queueUnbind(queue, exchange, "key");
			case "basic.get" -> channel.basicGet(queue, true);
			case "basic.consume" -> Deliveries.from(channel, queue);
			case "basic.publish" -> {
				channel.basicPublish(exchange, "key", null, new byte[0]);
				// Nobody answers a publishing.
				channel.basicQos(1);
			}
			case "exchange.declare" -> channel.exchangeDeclare(exchange, "fanout", false, true, null);
			case "exchange.declare with an alternate" ->
				channel.exchangeDeclare(exchange, "fanout", false, true, Map.of("alternate-exchange", names.other));
			case "exchange.delete" -> channel.exchangeDelete(exchange);
			case "exchange.bind" -> channel.exchangeBind(exchange, names.other, "key");
			case "exchange.unbind" -> channel.exchangeUnbind(exchange, names.other, "key");
			default -> throw new IllegalArgumentException(operation);
		}
	}

	/**
	 * What the broker says to the operation.
	 */
	private static String answer(Connection connection, String operation, Names names) throws IOException {
		Channel channel = connection.createChannel();
		try {
			attempt(channel, operation, names);
			return OK;
		}
		catch (IOException | AlreadyClosedException ex) {
			Throwable cause = (ex instanceof AlreadyClosedException) ? ex : ex.getCause();
			if (!(cause instanceof ShutdownSignalException closed)
					|| !(closed.getReason() instanceof AMQP.Channel.Close close)) {
				throw ex;
			}
			return close.getReplyCode() + " " + close.getReplyText();
		}
		finally {
			channel.abort();
		}
	}

	private static String expected(String needs, String missing, Names names) {
		for (String need : needs.split(", ")) {
			String thing = need.substring(0, need.indexOf(' '));
			String right = need.substring(need.indexOf(' ') + 1);
			String name = names.of(thing);
			if (!name.substring(0, name.indexOf('-')).contains(right)) {
				return refusal(right, thing, name);
			}
		}
		if (missing.isEmpty()) {
			return OK;
		}
		return "404 NOT_FOUND - no " + (missing.equals("queue") ? "queue" : "exchange") + " '" + names.of(missing)
				+ "' in vhost '/'";
	}

	private static String refusal(String right, String thing, String name) {
		String kind = switch (right) {
			case "c" -> "configure ";
			case "w" -> "write ";
			default -> "read ";
		};
		return "403 ACCESS_REFUSED - " + ((BrokerUnderTest.version() == RabbitMqVersion.V3_10) ? "" : kind)
				+ "access to " + (thing.equals("queue") ? "queue" : "exchange") + " '" + name
				+ "' in vhost '/' refused for user 'limited'";
	}

	/**
	 * Names with all sets of rights on what the operation needs some on.
	 */
	private static List<Names> names(String needs) {
		List<Names> names = new ArrayList<>();
		for (String queue : needs.contains("queue") ? RIGHTS : List.of("x")) {
			for (String exchange : needs.contains("exchange") ? RIGHTS : List.of("x")) {
				for (String other : needs.contains("other") ? RIGHTS : List.of("x")) {
					names.add(new Names(unique(queue), unique(exchange), unique(other)));
				}
			}
		}
		return names;
	}

	private static Connection limited(TestClient client) throws Exception {
		return client.connect((factory) -> {
			factory.setUsername("limited");
			factory.setPassword("limited");
		});
	}

	@ParameterizedTest(quoteTextArguments = false, name = "`{0}` needs just, and asks in this order for: {1}")
	@CsvSource(delimiter = '|', textBlock = ROWS, emptyValue = "")
	void whatIsThere(String operation, String needs, String missing, TestClient client) throws Exception {
		Connection connection = limited(client);
		Channel owner = client.channel();
		for (Names names : names(needs)) {
			if (!operation.startsWith("queue.declare")) {
				owner.queueDeclare(names.queue, false, false, false, null);
			}
			if (!operation.startsWith("exchange.declare")) {
				owner.exchangeDeclare(names.exchange, "fanout", false, false, null);
			}
			owner.exchangeDeclare(names.other, "fanout", false, false, null);

			assertThat(answer(connection, operation, names)).as(names.toString()).isEqualTo(expected(needs, "", names));

			owner.queueDelete(names.queue);
			owner.exchangeDelete(names.exchange);
			owner.exchangeDelete(names.other);
		}
	}

	@ParameterizedTest(quoteTextArguments = false,
			name = "`{0}` of what is missing asks for the same rights before it tells so")
	@CsvSource(delimiter = '|', textBlock = ROWS, emptyValue = "")
	void whatIsMissing(String operation, String needs, String missing, TestClient client) throws Exception {
		Connection connection = limited(client);
		Channel owner = client.channel();
		for (Names names : names(needs)) {
			assertThat(answer(connection, operation, names)).as(names.toString())
				.isEqualTo(expected(needs, (missing != null) ? missing : "", names));
			owner.queueDelete(names.queue);
			owner.exchangeDelete(names.exchange);
		}
	}

}
