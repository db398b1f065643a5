package dev.warren.broker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The broker as each RabbitMQ. What they do differently is in the tests of compatibility.
 */
class VersionTests {

	@ParameterizedTest
	@CsvSource({ "V3_10, 3.10.8", "V4_0, 4.0.5", "V4_3, 4.3.6" })
	void clientsAreToldTheVersionThatIsPlayed(RabbitMqVersion version, String told) throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().version(version).start();
				AmqpClient client = AmqpClient.connect(broker.uri())) {
			assertThat(broker.version()).isEqualTo(version);
			assertThat(client.channel().getConnection().getServerProperties().get("version")).hasToString(told);
		}
	}

	@Test
	void twoVersionsRunSideBySide() throws Exception {
		try (EmbeddedBroker old = EmbeddedBroker.builder().version(RabbitMqVersion.V3_10).start();
				EmbeddedBroker current = EmbeddedBroker.builder().version(RabbitMqVersion.V4_3).start();
				AmqpClient ofOld = AmqpClient.connect(old.uri());
				AmqpClient ofCurrent = AmqpClient.connect(current.uri())) {
			Map<String, Object> locator = Map.of("x-queue-master-locator", "min-masters");

			assertThat(ofOld.channel().queueDeclare("q", true, false, false, locator).getQueue()).isEqualTo("q");

			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> ofCurrent.channel().queueDeclare("q", true, false, false, locator));
		}
	}

	@ParameterizedTest
	@CsvSource({ "3.10, V3_10", "4.0, V4_0", "V4_3, V4_3", "v4_0, V4_0" })
	void aVersionIsNamedByItsNumber(String number, RabbitMqVersion version) {
		assertThat(RabbitMqVersion.of(number)).isEqualTo(version);
	}

	@Test
	void aVersionThatIsNotPlayedIsRefusedWithThoseThatAre() {
		assertThatExceptionOfType(BrokerStartException.class).isThrownBy(() -> RabbitMqVersion.of("3.1"))
			.withMessageContaining("'3.1'")
			.withMessageContaining("3.10, 4.0, 4.3");
	}

	/**
	 * As an upgrade: what the older broker kept is there, with what it knew of it.
	 */
	@ParameterizedTest
	@EnumSource(value = RabbitMqVersion.class, names = "V3_10", mode = EnumSource.Mode.EXCLUDE)
	void whatAnOlderVersionKeptIsThereForANewerOne(RabbitMqVersion version, @TempDir Path directory) throws Exception {
		Map<String, Object> quorum = Map.of("x-queue-type", "quorum", "x-dead-letter-exchange", "",
				"x-dead-letter-routing-key", "letters");
		try (EmbeddedBroker broker = EmbeddedBroker.builder()
			.version(RabbitMqVersion.V3_10)
			.diskStore(directory)
			.start(); AmqpClient client = AmqpClient.connect(broker.uri())) {
			Channel channel = client.channel();
			channel.confirmSelect();
			channel.queueDeclare("letters", true, false, false, null);
			channel.queueDeclare("kept", true, false, false, quorum);
			channel.basicPublish("", "kept", new AMQP.BasicProperties.Builder().deliveryMode(2).build(),
					"kept".getBytes(StandardCharsets.UTF_8));
			channel.waitForConfirmsOrDie(10_000);
			channel.basicReject(channel.basicGet("kept", false).getEnvelope().getDeliveryTag(), true);
		}

		try (EmbeddedBroker broker = EmbeddedBroker.builder().version(version).diskStore(directory).start();
				AmqpClient client = AmqpClient.connect(broker.uri())) {
			client.channel().queueDeclare("kept", true, false, false, quorum);
			GetResponse kept = client.channel().basicGet("kept", false);
			assertThat(kept.getBody()).asString().isEqualTo("kept");
			assertThat(kept.getProps().getHeaders()).containsEntry("x-delivery-count", 1L);
			client.channel().basicReject(kept.getEnvelope().getDeliveryTag(), false);
			GetResponse letter = Awaitility.await()
				.until(() -> client.channel().basicGet("letters", true), (response) -> response != null);
			assertThat(letter.getProps().getHeaders()).containsKey("x-death");
		}
	}

	/**
	 * RabbitMQ checks what is declared, not what is there.
	 */
	@ParameterizedTest
	@CsvSource({ "V3_10, V4_3, x-queue-master-locator, min-masters", "V3_10, V4_3, x-consumer-timeout, 60000",
			"V3_10, V4_3, x-consumer-timeout, soon", "V4_0, V4_3, x-consumer-disconnected-timeout, 60000",
			"V4_3, V3_10, x-queue-leader-locator, balanced", "V4_3, V4_0, x-queue-mode, unknown" })
	void aQueueThatAnotherVersionWouldRefuseIsKeptWithItsBindings(RabbitMqVersion version, RabbitMqVersion other,
			String argument, String value, @TempDir Path directory) throws Exception {
		Map<String, Object> arguments = Map.of(argument, value.matches("[0-9]+") ? Integer.valueOf(value) : value);
		int count = 0;
		for (RabbitMqVersion next : new RabbitMqVersion[] { version, other, version }) {
			try (EmbeddedBroker broker = EmbeddedBroker.builder().version(next).diskStore(directory).start();
					AmqpClient client = AmqpClient.connect(broker.uri())) {
				Channel channel = client.channel();
				channel.queueDeclare("kept", true, false, false, arguments);
				if (count == 0) {
					channel.queueBind("kept", "amq.direct", "key");
				}
				channel.confirmSelect();
				channel.basicPublish("amq.direct", "key", MessageProperties.PERSISTENT_BASIC, new byte[0]);
				channel.waitForConfirmsOrDie(10_000);
				count++;
				assertThat(channel.messageCount("kept")).as("as " + next).isEqualTo(count);
			}
		}
	}

}
