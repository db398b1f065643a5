package dev.warren.broker.app;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.warren.broker.AmqpClient;
import dev.warren.broker.EmbeddedBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a restarted broker knows of the deliveries before. The figures are those of
 * RabbitMQ 3.10.8, stopped and killed.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RememberedDeliveriesTests {

	@TempDir
	Path directory;

	@ParameterizedTest
	@CsvSource({ "false, 0:1 1:1 2:1 3:0 4:0 5:0", "true, 0:1 1:1 2:1 3:1 4:1 5:1" })
	void aClassicQueueKnowsWhatWasDelivered(boolean killed, String afterwards) throws Exception {
		inBroker(killed, (client) -> {
			client.declare("work");
			deliverHalf(client, "work");
		});

		inBroker(killed, (client) -> assertThat(getAll(client.channel(), "work")).isEqualTo(afterwards));
		inBroker(killed, (client) -> assertThat(getAll(client.channel(), "work")).isEqualTo("0:1 1:1 2:1 3:1 4:1 5:1"));
		inBroker(false, (client) -> assertThat(getAll(client.channel(), "work")).isEqualTo("0:1 1:1 2:1 3:1 4:1 5:1"));
	}

	@ParameterizedTest
	@CsvSource({ "false", "true" })
	void aQuorumQueueCounts(boolean killed) throws Exception {
		inBroker(killed, (client) -> {
			client.channel().queueDeclare("work", true, false, false, Map.of("x-queue-type", "quorum"));
			deliverHalf(client, "work");
		});

		inBroker(killed, (client) -> assertThat(getAll(client.channel(), "work")).isEqualTo("0:1 1:1 2:1 3:0 4:0 5:0"));
		inBroker(killed, (client) -> assertThat(getAll(client.channel(), "work")).isEqualTo("0:2 1:2 2:2 3:1 4:1 5:1"));
		// Nobody gets anything, so the counts stay.
		inBroker(killed, (client) -> assertThat(client.channel().messageCount("work")).isEqualTo(6));
		inBroker(killed, (client) -> {
			assertThat(getAll(client.channel(), "work")).isEqualTo("0:3 1:3 2:3 3:2 4:2 5:2");
			client.channel().basicAck(0, true);
			client.publishConfirmed("", "work", List.of("new"));
			assertThat(getAll(client.channel(), "work")).isEqualTo("new:0");
		});
	}

	@Test
	void aMessageThatKillsItsConsumersReachesItsDeliveryLimit() throws Exception {
		inBroker(false, (client) -> {
			client.channel()
				.queueDeclare("work", true, false, false, Map.of("x-queue-type", "quorum", "x-delivery-limit", 2,
						"x-dead-letter-exchange", "", "x-dead-letter-routing-key", "graves"));
			client.declare("graves");
			client.publishConfirmed("", "work", List.of("poison"));
		});

		for (int i = 0; i < 3; i++) {
			try (BrokerProcess process = BrokerProcess.ofMain(PoisonedApp.class, this.directory)) {
				assertThat(process.awaitExit()).as(process.output()).isEqualTo(PoisonedApp.KILLED);
			}
		}

		inBroker(false, (client) -> {
			assertThat(client.channel().basicGet("work", true)).isNull();
			GetResponse dead = client.channel().basicGet("graves", true);
			assertThat(dead.getProps().getHeaders().get("x-first-death-reason")).hasToString("delivery_limit");
		});
	}

	/**
	 * Leaves three of six messages with a consumer and the one in their middle returned.
	 */
	private static void deliverHalf(AmqpClient client, String queue) throws Exception {
		client.publishConfirmed("", queue, List.of("0", "1", "2", "3", "4", "5"));
		Channel channel = client.channel();
		channel.basicGet(queue, false);
		GetResponse second = channel.basicGet(queue, false);
		channel.basicGet(queue, false);
		channel.basicReject(second.getEnvelope().getDeliveryTag(), true);
		// An answer comes after the message was dealt with.
		channel.basicQos(0);
	}

	/**
	 * Gets all messages and settles none.
	 * @return of each whether it was delivered before, and if the queue counts how often
	 */
	private static String getAll(Channel channel, String queue) throws Exception {
		List<String> all = new ArrayList<>();
		GetResponse next = channel.basicGet(queue, false);
		while (next != null) {
			Object count = next.getProps().getHeaders() != null
					? next.getProps().getHeaders().getOrDefault("x-delivery-count", 0L) : 0L;
			boolean redelivered = next.getEnvelope().isRedeliver();
			all.add(new String(next.getBody(), StandardCharsets.UTF_8) + ":"
					+ ((redelivered && count.equals(0L)) ? "1" : count));
			assertThat(redelivered || count.equals(0L)).isTrue();
			next = channel.basicGet(queue, false);
		}
		return String.join(" ", all);
	}

	private void inBroker(boolean killed, ClientAction action) throws Exception {
		if (killed) {
			try (BrokerProcess process = BrokerProcess.ofBrokerOnly(this.directory);
					AmqpClient client = AmqpClient.connect(process.awaitUri())) {
				action.run(client);
				process.kill();
			}
		}
		else {
			try (EmbeddedBroker broker = EmbeddedBroker.builder().diskStore(this.directory.resolve("data")).start()) {
				try (AmqpClient client = AmqpClient.connect(broker.uri())) {
					action.run(client);
				}
			}
		}
	}

	private interface ClientAction {

		void run(AmqpClient client) throws Exception;

	}

	/**
	 * An application with the broker inside, that does not survive what it consumes.
	 */
	static final class PoisonedApp {

		static final int KILLED = 42;

		private PoisonedApp() {
		}

		public static void main(String[] args) throws Exception {
			EmbeddedBroker broker = EmbeddedBroker.builder().diskStore(Path.of("data")).start();
			AmqpClient client = AmqpClient.connect(broker.uri());
			client.channel()
				.basicConsume("work", false, (tag, delivery) -> Runtime.getRuntime().halt(KILLED), (tag) -> {
				});
		}

	}

}
