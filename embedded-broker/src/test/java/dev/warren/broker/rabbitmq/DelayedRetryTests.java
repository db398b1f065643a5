package dev.warren.broker.rabbitmq;

import java.util.HashMap;
import java.util.Map;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.warren.broker.RabbitMqVersion;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

@CompatibilityTests
@DisplayName("Delayed retry of quorum queues")
class DelayedRetryTests {

	private static final int LONG = 600_000;

	@ParameterizedTest(quoteTextArguments = false,
			name = "`x-delayed-retry-type` `{0}`: what came back with {1} is delivered again {2}")
	@CsvSource({ "all, REJECT, later", "all, NACK, later", "all, CLOSE, later", "failed, REJECT, later",
			"failed, NACK, at once", "failed, CLOSE, later", "returned, REJECT, at once", "returned, NACK, later",
			"returned, CLOSE, at once", "disabled, REJECT, at once", "unheard-of, REJECT, at once" })
	@From(RabbitMqVersion.V4_3)
	void whatIsDelayed(String type, Way way, String when, TestClient client) throws Exception {
		String queue = queue(client, Map.of("x-delayed-retry-type", type, "x-delayed-retry-min", LONG));
		client.send(queue, "1", "2");

		giveBack(client, queue, way);

		client.awaitReady(queue, when.equals("later") ? 1 : 2);
		assertThat(TestClient.text(client.take(queue))).isEqualTo(when.equals("later") ? "2" : "1");
	}

	@Test
	@DisplayName("After `x-delayed-retry-min` a message is delivered again, as a redelivered one")
	@From(RabbitMqVersion.V4_3)
	void itComesBack(TestClient client) throws Exception {
		String queue = queue(client, Map.of("x-delayed-retry-type", "all", "x-delayed-retry-min", 3000));
		client.send(queue, "1", "2");

		giveBack(client, queue, Way.REJECT);

		assertThat(TestClient.text(client.take(queue))).isEqualTo("2");
		client.awaitReady(queue, 1);
		GetResponse again = client.take(queue);
		assertThat(TestClient.text(again)).isEqualTo("1");
		assertThat(again.getEnvelope().isRedeliver()).isTrue();
		assertThat(again.getProps().getHeaders()).containsEntry("x-delivery-count", 1L);
	}

	@Test
	@DisplayName("`x-delayed-retry-max` is the longest that a message waits")
	@From(RabbitMqVersion.V4_3)
	void theLongestDelay(TestClient client) throws Exception {
		String queue = queue(client,
				Map.of("x-delayed-retry-type", "all", "x-delayed-retry-min", LONG, "x-delayed-retry-max", 100));
		client.send(queue, "1");

		giveBack(client, queue, Way.REJECT);

		client.awaitReady(queue, 1);
	}

	@Test
	@DisplayName("Without `x-delayed-retry-min` nothing waits")
	@From(RabbitMqVersion.V4_3)
	void withoutALeastDelay(TestClient client) throws Exception {
		String queue = queue(client, Map.of("x-delayed-retry-type", "all", "x-delayed-retry-max", LONG));
		client.send(queue, "1");

		giveBack(client, queue, Way.REJECT);

		client.awaitReady(queue, 1);
	}

	@Test
	@DisplayName("`queue.purge` takes what waits to be delivered again, too")
	@From(RabbitMqVersion.V4_3)
	void purging(TestClient client) throws Exception {
		String queue = queue(client, Map.of("x-delayed-retry-type", "all", "x-delayed-retry-min", LONG));
		client.send(queue, "1", "2");
		giveBack(client, queue, Way.REJECT);
		client.awaitReady(queue, 1);

		assertThat(client.channel().queuePurge(queue).getMessageCount()).isEqualTo(2);
	}

	private static String queue(TestClient client, Map<String, Object> arguments) throws Exception {
		Map<String, Object> all = new HashMap<>(arguments);
		all.put("x-queue-type", "quorum");
		return client.durableQueue(all);
	}

	private static void giveBack(TestClient client, String queue, Way way) throws Exception {
		Channel channel = client.connection().createChannel();
		long tag = Awaitility.await()
			.until(() -> channel.basicGet(queue, false), (response) -> response != null)
			.getEnvelope()
			.getDeliveryTag();
		switch (way) {
			case NACK -> channel.basicNack(tag, false, true);
			case REJECT -> channel.basicReject(tag, true);
			case CLOSE -> channel.close();
		}
	}

	private enum Way {

		NACK("`basic.nack`"), REJECT("`basic.reject`"), CLOSE("the end of its channel");

		private final String text;

		Way(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

}
