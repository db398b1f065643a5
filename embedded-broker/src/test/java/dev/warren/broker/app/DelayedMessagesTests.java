package dev.warren.broker.app;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.warren.broker.AmqpClient;
import dev.warren.broker.EmbeddedBroker;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of delayed messages when the broker ends.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DelayedMessagesTests {

	private static final Map<String, Object> DIRECT = Map.of("x-delayed-type", "direct");

	@TempDir
	Path directory;

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void delayedMessagesComeAfterARestart(boolean killed) throws Exception {
		long start = System.currentTimeMillis();
		inBroker(killed, (channel) -> {
			declare(channel);
			// So far apart that a slow machine does not change the order.
			publish(channel, 6000, 2, "third");
			publish(channel, 3000, 1, "second, and transient");
			publish(channel, 100, 2, "first");
			publish(channel, 3_600_000, 2, "much later");
		});
		// Some come while there is no broker, and some later.
		Awaitility.await().until(() -> System.currentTimeMillis() > start + 1000);

		inBroker(false, (channel) -> {
			assertThat(await(channel)).isEqualTo("first");
			assertThat(await(channel)).isEqualTo("second, and transient");
			assertThat(await(channel)).isEqualTo("third");
		});
		inBroker(false, (channel) -> {
			assertThat(channel.basicGet("work", true)).as("what has come does not come again").isNull();
			// It is there, with the type it had.
			channel.exchangeDeclare("delayed", "x-delayed-message", true, false, DIRECT);
			publish(channel, 50, 2, "works");
			assertThat(await(channel)).isEqualTo("works");
		});
	}

	@Test
	void theMessagesOfADeletedExchangeDoNotComeBack() throws Exception {
		inBroker(false, (channel) -> {
			declare(channel);
			publish(channel, 1000, 2, "gone");
			channel.exchangeDelete("delayed");
			declare(channel);
			publish(channel, 1100, 2, "stays");
		});

		inBroker(false, (channel) -> assertThat(await(channel)).isEqualTo("stays"));
	}

	@Test
	void aTransientExchangeIsGoneWithItsMessages() throws Exception {
		inBroker(false, (channel) -> {
			channel.exchangeDeclare("delayed", "x-delayed-message", false, false, DIRECT);
			channel.queueDeclare("work", true, false, false, Map.of("x-queue-type", "quorum"));
			channel.queueBind("work", "delayed", "key");
			publish(channel, 3000, 2, "gone");
		});

		inBroker(false, (channel) -> {
			declare(channel);
			publish(channel, 3000, 2, "comes");
			assertThat(await(channel)).isEqualTo("comes");
		});
	}

	@Test
	void theSharesOfAConsistentHashStay() throws Exception {
		StringBuilder before = new StringBuilder();
		inBroker(false, (channel) -> {
			channel.exchangeDeclare("hash", "x-consistent-hash", true);
			for (int i = 0; i < 4; i++) {
				channel.queueDeclare("share-" + i, true, false, false, null);
				channel.queueBind("share-" + i, "hash", "1");
			}
			before.append(shares(channel));
		});

		inBroker(false, (channel) -> assertThat(shares(channel)).isEqualTo(before.toString()).contains("0", "1", "2"));
	}

	/**
	 * To which queue each of 50 keys goes.
	 */
	private static String shares(Channel channel) throws Exception {
		StringBuilder shares = new StringBuilder();
		channel.confirmSelect();
		for (int key = 0; key < 50; key++) {
			channel.basicPublish("hash", "key " + key, null, new byte[0]);
			channel.waitForConfirmsOrDie(10_000);
			for (int i = 0; i < 4; i++) {
				if (channel.basicGet("share-" + i, true) != null) {
					shares.append(i);
				}
			}
		}
		return shares.toString();
	}

	private static void declare(Channel channel) throws Exception {
		channel.exchangeDeclare("delayed", "x-delayed-message", true, false, DIRECT);
		channel.queueDeclare("work", true, false, false, Map.of("x-queue-type", "quorum"));
		channel.queueBind("work", "delayed", "key");
	}

	private static void publish(Channel channel, int delay, int deliveryMode, String text) throws Exception {
		channel.confirmSelect();
		channel.basicPublish("delayed", "key",
				new BasicProperties.Builder().deliveryMode(deliveryMode).headers(Map.of("x-delay", delay)).build(),
				text.getBytes(StandardCharsets.UTF_8));
		channel.waitForConfirmsOrDie(10_000);
	}

	private static String await(Channel channel) {
		GetResponse response = Awaitility.await()
			.until(() -> channel.basicGet("work", true), (message) -> message != null);
		return new String(response.getBody(), StandardCharsets.UTF_8);
	}

	private void inBroker(boolean killed, ChannelAction action) throws Exception {
		if (killed) {
			try (BrokerProcess process = BrokerProcess.ofBrokerOnly(this.directory);
					AmqpClient client = AmqpClient.connect(process.awaitUri())) {
				action.run(client.channel());
				process.kill();
			}
		}
		else {
			try (EmbeddedBroker broker = EmbeddedBroker.builder().diskStore(this.directory.resolve("data")).start();
					AmqpClient client = AmqpClient.connect(broker.uri())) {
				action.run(client.channel());
			}
		}
	}

	private interface ChannelAction {

		void run(Channel channel) throws Exception;

	}

}
