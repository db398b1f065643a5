package dev.warren.broker.management;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.app.EmbeddedBrokerApplication;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the management API tells of connections, channels, consumers and of what was
 * counted, as RabbitMQ 4.3 does.
 */
class StatisticsTests {

	private static ConfigurableApplicationContext context;

	private static ManagementClient api;

	private static ConnectionFactory connections;

	private Connection connection;

	private Channel channel;

	@BeforeAll
	static void start() throws Exception {
		context = EmbeddedBrokerApplication.application()
			.run("--server.port=0", "--warren.broker.port=0", "--warren.broker.store=memory");
		api = new ManagementClient(context.getEnvironment().getRequiredProperty("local.server.port", Integer.class),
				"guest:guest");
		connections = new ConnectionFactory();
		connections.setUri(context.getBean(EmbeddedBroker.class).uri());
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@BeforeEach
	void connect() throws Exception {
		this.connection = connections.newConnection("statistics");
		this.channel = this.connection.createChannel();
	}

	@AfterEach
	void close() {
		this.connection.abort();
		await().untilAsserted(() -> assertThat(api.json("connections")).isEmpty());
	}

	@Test
	void aConnectionShowsWhatItsClientSaid() throws Exception {
		JsonNode one = api.json("connections").get(0);

		assertThat(one.get("name").asString()).matches("127\\.0\\.0\\.1:\\d+ -> 127\\.0\\.0\\.1:" + port());
		assertThat(one.get("user").asString()).isEqualTo("guest");
		assertThat(one.get("vhost").asString()).isEqualTo("/");
		assertThat(one.get("protocol").asString()).isEqualTo("AMQP 0-9-1");
		assertThat(one.get("auth_mechanism").asString()).isEqualTo("PLAIN");
		assertThat(one.get("user_provided_name").asString()).isEqualTo("statistics");
		assertThat(one.get("client_properties").get("capabilities").get("basic.nack").asBoolean()).isTrue();
		assertThat(one.get("channel_max").asInt()).isEqualTo(2047);
		assertThat(one.get("frame_max").asInt()).isEqualTo(131072);
		assertThat(one.get("timeout").asInt()).isEqualTo(60);
		assertThat(one.get("state").asString()).isEqualTo("running");
		assertThat(one.get("channels").asInt()).isEqualTo(1);
		assertThat(one.get("recv_oct").asLong()).isGreaterThan(300);
		assertThat(one.get("send_oct").asLong()).isGreaterThan(300);
		assertThat(api.json("connections/" + ManagementClient.encode(one.get("name").asString())).get("name"))
			.isEqualTo(one.get("name"));
		assertThat(api.json("vhosts/%2F/connections")).hasSize(1);
		assertThat(api.json("connections/username/guest").get(0).propertyNames()).containsExactly("name", "vhost",
				"user", "node");
	}

	private static int port() {
		return context.getBean(EmbeddedBroker.class).port();
	}

	@Test
	void aChannelShowsWhatItIsUsedFor() throws Exception {
		String queue = this.channel.queueDeclare().getQueue();
		this.channel.confirmSelect();
		this.channel.basicQos(3);
		this.channel.basicConsume(queue, false, "tag", false, true, Map.of("x-priority", 2), (tag, message) -> {
		}, (tag) -> {
		});
		this.channel.basicPublish("", queue, null, new byte[10]);
		this.channel.waitForConfirmsOrDie(10_000);
		await().untilAsserted(() -> assertThat(onlyChannel().get("messages_unacknowledged").asInt()).isEqualTo(1));

		JsonNode one = api.json("channels/" + ManagementClient.encode(onlyChannel().get("name").asString()));

		assertThat(one.get("number").asInt()).isEqualTo(1);
		assertThat(one.get("prefetch_count").asInt()).isEqualTo(3);
		assertThat(one.get("confirm").asBoolean()).isTrue();
		assertThat(one.get("transactional").asBoolean()).isFalse();
		assertThat(one.get("consumer_count").asInt()).isEqualTo(1);
		assertThat(one.get("messages_unconfirmed").asInt()).isZero();
		assertThat(one.get("message_stats").get("publish").asInt()).isEqualTo(1);
		assertThat(one.get("message_stats").get("confirm").asInt()).isEqualTo(1);
		assertThat(one.get("message_stats").get("deliver_get").asInt()).isEqualTo(1);
		JsonNode consumer = one.get("consumer_details").get(0);
		assertThat(consumer.get("consumer_tag").asString()).isEqualTo("tag");
		assertThat(consumer.get("ack_required").asBoolean()).isTrue();
		assertThat(consumer.get("exclusive").asBoolean()).isTrue();
		assertThat(consumer.get("prefetch_count").asInt()).isEqualTo(3);
		assertThat(consumer.get("arguments").get("x-priority").asInt()).isEqualTo(2);
		assertThat(consumer.get("activity_status").asString()).isEqualTo("up");
		assertThat(api.json("consumers/%2F").get(0)).isEqualTo(consumer);
		assertThat(api.json("queues/%2F/" + queue).get("consumer_details").get(0)).isEqualTo(consumer);
	}

	private static JsonNode onlyChannel() throws IOException, InterruptedException {
		return api.json("channels").get(0);
	}

	@Test
	void aTransactionIsCountedWhenItIsCommitted() throws Exception {
		this.channel.queueDeclare("committed", false, false, false, Map.of());
		this.channel.txSelect();
		this.channel.basicPublish("", "committed", null, new byte[1]);
		this.channel.basicPublish("", "committed", null, new byte[1]);
		await().untilAsserted(() -> assertThat(onlyChannel().get("messages_uncommitted").asInt()).isEqualTo(2));
		assertThat(onlyChannel().has("message_stats")).isFalse();

		this.channel.txCommit();

		assertThat(onlyChannel().get("messages_uncommitted").asInt()).isZero();
		assertThat(onlyChannel().get("message_stats").get("publish").asInt()).isEqualTo(2);
		this.channel.queueDelete("committed");
	}

	@Test
	void whatIsPublishedAndConsumedIsCounted() throws Exception {
		this.channel.exchangeDeclare("counted", "fanout");
		this.channel.queueDeclare("counted", false, false, false, Map.of());
		this.channel.queueBind("counted", "counted", "");
		for (int i = 0; i < 5; i++) {
			this.channel.basicPublish("counted", "", null, new byte[1]);
		}
		this.channel.basicPublish("amq.topic", "nowhere", true, null, new byte[1]);
		this.channel.basicPublish("amq.topic", "nowhere", false, null, new byte[1]);
		this.channel.basicAck(this.channel.basicGet("counted", false).getEnvelope().getDeliveryTag(), false);
		this.channel.basicReject(this.channel.basicGet("counted", false).getEnvelope().getDeliveryTag(), true);
		this.channel.basicGet("counted", true);
		this.channel.basicGet("counted", true);
		this.channel.basicGet("counted", true);
		this.channel.basicGet("counted", true);
		this.channel.basicGet("counted", true);

		JsonNode queue = api.json("queues/%2F/counted").get("message_stats");
		assertThat(numbers(queue)).containsExactlyInAnyOrderEntriesOf(Map.of("publish", 5, "deliver_get", 6, "deliver",
				0, "deliver_no_ack", 0, "get", 2, "get_no_ack", 4, "get_empty", 1, "ack", 1, "redeliver", 1));
		assertThat(numbers(api.json("exchanges/%2F/counted").get("message_stats")))
			.containsExactlyInAnyOrderEntriesOf(Map.of("publish_in", 5, "publish_out", 5));
		assertThat(numbers(onlyChannel().get("message_stats"))).containsAllEntriesOf(
				Map.of("publish", 7, "return_unroutable", 1, "drop_unroutable", 1, "confirm", 0, "get_no_ack", 4));
		assertThat(api.json("overview").get("message_stats").get("publish").asInt()).isGreaterThanOrEqualTo(7);
		assertThat(api.json("vhosts/%2F").get("message_stats").get("publish").asInt()).isGreaterThanOrEqualTo(7);
		this.channel.queueDelete("counted");
	}

	private static Map<String, Integer> numbers(JsonNode stats) {
		Map<String, Integer> numbers = new HashMap<>();
		stats.properties().forEach((one) -> {
			if (one.getValue().isNumber()) {
				numbers.put(one.getKey(), one.getValue().asInt());
			}
		});
		return numbers;
	}

	@Test
	void ratesAndSamplesComeEveryFiveSeconds() throws Exception {
		this.channel.queueDeclare("sampled", false, false, false, Map.of());
		this.channel.basicPublish("", "sampled", null, new byte[1]);

		await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
			JsonNode queue = api
				.json("queues/%2F/sampled?lengths_age=10&lengths_incr=5&msg_rates_age=10&msg_rates_incr=5");
			assertThat(queue.get("messages_ready_details").get("samples")).hasSize(3);
			assertThat(queue.get("messages_ready_details").get("samples").get(0).get("sample").asInt()).isEqualTo(1);
			assertThat(queue.get("message_stats").get("publish_details").get("samples").get(0).get("timestamp").asLong()
					% 5000)
				.isZero();
			assertThat(queue.get("message_stats").get("publish_details").get("avg").asDouble()).isPositive();
		});
		assertThat(api.json("queues/%2F/sampled").get("messages_details").propertyNames()).containsExactly("rate");
		this.channel.queueDelete("sampled");
	}

	@Test
	void aClosedConnectionIsToldWhy() throws Exception {
		CompletableFuture<ShutdownSignalException> end = new CompletableFuture<>();
		this.connection.addShutdownListener(end::complete);
		String path = "connections/" + ManagementClient.encode(api.json("connections").get(0).get("name").asString());

		assertThat(api.delete(path, "X-Reason", "maintenance").statusCode()).isEqualTo(204);

		AMQP.Connection.Close close = (AMQP.Connection.Close) end.get(10, TimeUnit.SECONDS).getReason();
		assertThat(close.getReplyCode()).isEqualTo(320);
		assertThat(close.getReplyText()).isEqualTo("CONNECTION_FORCED - maintenance");
		await().untilAsserted(() -> assertThat(api.delete(path).statusCode()).isEqualTo(404));
	}

	@Test
	void whoMayNotMonitorSeesItsOwnConnectionsOnly() throws Exception {
		api.put("users/own", "{\"password\":\"p\",\"tags\":\"management\"}");
		api.put("users/monitoring", "{\"password\":\"p\",\"tags\":\"monitoring\"}");
		String name = ManagementClient.encode(api.json("connections").get(0).get("name").asString());
		ManagementClient own = api.as("own:p");

		assertThat(own.json("connections")).isEmpty();
		assertThat(own.json("channels")).isEmpty();
		assertThat(own.get("connections/" + name).statusCode()).isEqualTo(401);
		assertThat(own.delete("connections/" + name).statusCode()).isEqualTo(401);
		assertThat(own.get("connections/username/guest").statusCode()).isEqualTo(401);
		assertThat(own.get("nodes").statusCode()).isEqualTo(401);
		assertThat(api.as("monitoring:p").json("connections")).hasSize(1);
		assertThat(api.as("monitoring:p").delete("connections/" + name).statusCode()).isEqualTo(401);
		assertThat(api.as("monitoring:p").delete("connections/username/guest").statusCode()).isEqualTo(401);
		assertThat(own.json("overview").has("listeners")).isFalse();
		assertThat(this.connection.isOpen()).isTrue();
	}

	@Test
	void aRangeHasAtMost500Increments() throws Exception {
		assertThat(api.get("overview?lengths_age=2500&lengths_incr=5").statusCode()).isEqualTo(200);
		assertThat(api.get("overview?lengths_age=2505&lengths_incr=5").body())
			.contains("Invalid range parameters: age 2505, incr 5");
	}

	@Test
	void theOverviewTellsWhereTheBrokerListens() throws Exception {
		JsonNode amqp = api.json("overview").get("listeners").get(0);

		assertThat(amqp.get("protocol").asString()).isEqualTo("amqp");
		assertThat(amqp.get("ip_address").asString()).isEqualTo("127.0.0.1");
		assertThat(amqp.get("port").asInt()).isEqualTo(port());
	}

	@Test
	void theNodeTellsWhatItTakes() throws Exception {
		JsonNode node = api.json("nodes/rabbit@localhost");

		assertThat(node.get("mem_limit").asLong()).isPositive();
		assertThat(node.get("mem_alarm").asBoolean()).isFalse();
		assertThat(node.get("running").asBoolean()).isTrue();
		assertThat(node.get("fd_used").asLong()).isLessThan(node.get("fd_total").asLong());
		assertThat(api.json("nodes")).hasSize(1);
		assertThat(api.get("nodes/other@host").statusCode()).isEqualTo(404);
	}

}
