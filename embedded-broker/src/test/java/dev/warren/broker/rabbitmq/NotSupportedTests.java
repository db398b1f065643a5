package dev.warren.broker.rabbitmq;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import dev.warren.broker.RabbitMqVersion;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.warren.broker.rabbitmq.Refusals.assertClosesChannel;
import static dev.warren.broker.rabbitmq.Refusals.assertClosesConnection;
import static dev.warren.broker.rabbitmq.TestClient.unique;
import static org.assertj.core.api.Assertions.assertThat;

@CompatibilityTests
@DisplayName("Not supported: answered with an error, never ignored")
class NotSupportedTests {

	@Test
	@DisplayName("`x-queue-type` `stream` is 406 PRECONDITION_FAILED, as a type that RabbitMQ has not")
	@NotOnRabbitMq("RabbitMQ has streams")
	void streams(TestClient client) throws Exception {
		Channel channel = client.channel();
		String queue = unique("stream");

		assertClosesChannel(channel, 406,
				"PRECONDITION_FAILED - invalid arg 'x-queue-type' for queue '" + queue
						+ "' in vhost '/': \"unsupported queue type 'stream'\"",
				() -> channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "stream")));
	}

	@Test
	@DisplayName("`x-dead-letter-routing-key` longer than a routing key can be is 406 PRECONDITION_FAILED")
	@NotOnRabbitMq("RabbitMQ takes it, and drops the connection of whoever consumes the dead letter")
	void longDeadLetterRoutingKeys(TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - 'x-dead-letter-routing-key' is longer than 255 bytes",
				() -> channel.queueDeclare(unique("long"), false, true, false,
						Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "k".repeat(256))));
	}

	@ParameterizedTest(quoteTextArguments = false,
			name = "The exchange type `{0}`, of a plugin, is 503 COMMAND_INVALID")
	@ValueSource(strings = { "x-random", "x-recent-history", "x-modulus-hash" })
	@Until(RabbitMqVersion.V3_10)
	void exchangeTypesOfPlugins(String type, TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesConnection(client.connection(), 503, "COMMAND_INVALID - unknown exchange type '" + type + "'",
				() -> channel.exchangeDeclare(unique("plugin"), type));
	}

	@ParameterizedTest(quoteTextArguments = false,
			name = "The exchange type `{0}`, of a plugin, is 406 PRECONDITION_FAILED")
	@ValueSource(strings = { "x-recent-history" })
	@From(RabbitMqVersion.V4_0)
	void exchangeTypesOfPluginsCloseTheChannel(String type, TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - unknown exchange type '" + type + "'",
				() -> channel.exchangeDeclare(unique("plugin"), type));
	}

	@ParameterizedTest(quoteTextArguments = false,
			name = "The exchange type `{0}`, of a plugin, is 406 PRECONDITION_FAILED")
	@ValueSource(strings = { "x-random", "x-modulus-hash" })
	@NotOnRabbitMq(value = "RabbitMQ 4.3 comes with some of its plugins' exchanges", from = RabbitMqVersion.V4_3)
	@From(RabbitMqVersion.V4_0)
	void otherExchangeTypesOfPluginsCloseTheChannel(String type, TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - unknown exchange type '" + type + "'",
				() -> channel.exchangeDeclare(unique("plugin"), type));
	}

	@Test
	@DisplayName("`basic.recover` without `requeue` is 540 NOT_IMPLEMENTED")
	void recoveringWithoutRequeue(TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesConnection(client.connection(), 540, "NOT_IMPLEMENTED - requeue=false",
				() -> channel.basicRecover(false));
	}

	@Test
	@DisplayName("`channel.flow` inactive is 540 NOT_IMPLEMENTED")
	void flowOff(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		raw.send(1, new AMQP.Channel.Flow.Builder().active(false).build());

		raw.expectClose(540, "NOT_IMPLEMENTED - active=false");
	}

	@Test
	@DisplayName("AMQP 1.0 is answered with `AMQP 0-0-9-1` and the end")
	@NotOnRabbitMq(value = "RabbitMQ 4 speaks AMQP 1.0", from = RabbitMqVersion.V4_0)
	void amqp1(TestClient client) throws Exception {
		RawConnection raw = client.raw().write("AMQP\u0000\u0001\u0000\u0000".getBytes(StandardCharsets.US_ASCII));

		assertThat(raw.expectEnd()).isEqualTo(RawConnection.HEADER_0_9_1);
	}

}
