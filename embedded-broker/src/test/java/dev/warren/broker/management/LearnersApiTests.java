package dev.warren.broker.management;

import java.util.List;
import java.util.Map;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.warren.broker.BrokerMessage;
import dev.warren.broker.BrokerQueue;
import dev.warren.broker.EmbeddedBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What the management API has besides RabbitMQ's, for those who learn: routes, faults and
 * moving messages.
 */
class LearnersApiTests {

	private static ManagedApplication application;

	private static EmbeddedBroker broker;

	private static ManagementClient api;

	private Connection connection;

	private Channel channel;

	@BeforeAll
	static void start() {
		application = new ManagedApplication("--warren.broker.faults=true");
		broker = application.broker();
		api = application.api();
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@BeforeEach
	void connect() throws Exception {
		ConnectionFactory connections = new ConnectionFactory();
		connections.setUri(broker.uri());
		connections.setAutomaticRecoveryEnabled(false);
		this.connection = connections.newConnection("learner");
		this.channel = this.connection.createChannel();
	}

	@AfterEach
	void close() throws Exception {
		this.connection.abort();
		for (BrokerQueue queue : broker.queues()) {
			api.delete("queues/%2F/" + queue.name());
		}
	}

	private void declare(String queue, Map<String, Object> arguments) throws Exception {
		this.channel.queueDeclare(queue, false, false, false, arguments);
	}

	@Test
	void aRouteHasAllItsSteps() throws Exception {
		declare("direct", Map.of());
		declare("indirect", Map.of());
		declare("rest", Map.of());
		this.channel.exchangeDeclare("first", "topic", false, true, Map.of("alternate-exchange", "others"));
		this.channel.exchangeDeclare("second", "headers", false, true, Map.of());
		this.channel.exchangeDeclare("others", "fanout", false, true, Map.of());
		this.channel.queueBind("direct", "first", "a.*");
		this.channel.exchangeBind("second", "first", "#.b");
		this.channel.exchangeBind("first", "second", "");
		this.channel.queueBind("indirect", "second", "", Map.of("color", "red"));
		this.channel.queueBind("rest", "others", "");

		assertThat(routes("first", "{\"routing_key\":\"a.b\",\"headers\":{\"color\":\"red\"}}")).hasToString("""
				{"queues":[{"queue":"direct","way":[{"source":"first","routing_key":"a.*","arguments":{}}]},\
				{"queue":"indirect","way":[{"source":"first","routing_key":"#.b","arguments":{}},\
				{"source":"second","routing_key":"","arguments":{"color":"red"}}]}]}""");
		assertThat(routes("first", "{\"routing_key\":\"c\"}")).hasToString(
				"""
						{"queues":[{"queue":"rest","way":[{"source":"first","routing_key":"",\
						"arguments":{"alternate-exchange":"others"}},{"source":"others","routing_key":"","arguments":{}}]}]}""");
		assertThat(routes("amq.default", "{\"routing_key\":\"direct\"}")).hasToString("""
				{"queues":[{"queue":"direct","way":[{"source":"","routing_key":"direct","arguments":{}}]}]}""");
		assertThat(broker.queue("direct").ready()).isZero();
	}

	private static JsonNode routes(String exchange, String body) throws Exception {
		var response = api.post("routes/%2F/" + exchange, body);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return api.readTree(response);
	}

	@Test
	void aRouteToNobodyIsExplained() throws Exception {
		declare("orders", Map.of());

		assertThat(routes("amq.default", "{\"routing_key\":\"order\"}")).hasToString(
				"{\"queues\":[],\"reason\":\"there is no queue 'order'; the queue 'orders' differs in one letter\"}");
		assertThat(api.post("routes/%2F/nowhere", "{}").statusCode()).isEqualTo(404);
		assertThat(api.post("routes/%2F/amq.topic", "{\"headers\":{\"CC\":\"x\"}}").statusCode()).isEqualTo(400);
		assertThat(api.as(null).post("routes/%2F/amq.topic", "{}").statusCode()).isEqualTo(401);
	}

	@Test
	void messagesAreMovedInTheirOrder() throws Exception {
		declare("from", Map.of());
		declare("to", Map.of());
		for (int i = 0; i < 250; i++) {
			broker.publish("", "from", BrokerMessage.of("message " + i).withMessageId("id " + i));
		}
		long taken = this.channel.basicGet("from", false).getEnvelope().getDeliveryTag();

		assertThat(move("from", "to")).hasToString("{\"moved\":249}");

		assertThat(broker.queue("from").ready()).isZero();
		assertThat(broker.queue("to").ready()).isEqualTo(249);
		for (int i = 1; i < 250; i++) {
			GetResponse got = this.channel.basicGet("to", true);
			assertThat(got.getBody()).asString().isEqualTo("message " + i);
			assertThat(got.getProps().getMessageId()).isEqualTo("id " + i);
			assertThat(got.getEnvelope().isRedeliver()).isFalse();
		}
		this.channel.basicReject(taken, true);
		await().until(() -> broker.queue("from").ready() == 1);
	}

	private static JsonNode move(String from, String to) throws Exception {
		var response = api.post("queues/%2F/" + from + "/move", "{\"to\":\"" + to + "\"}");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return api.readTree(response);
	}

	@Test
	void whatAFullQueueDoesNotTakeStays() throws Exception {
		declare("from", Map.of());
		declare("small", Map.of("x-max-length", 3, "x-overflow", "reject-publish-dlx", "x-dead-letter-exchange", "",
				"x-dead-letter-routing-key", "from"));
		for (int i = 0; i < 5; i++) {
			broker.publish("", "from", "message " + i);
		}

		assertThat(move("from", "small")).hasToString("{\"moved\":3}");

		assertThat(broker.queue("small").ready()).isEqualTo(3);
		assertThat(broker.queue("from").ready()).isEqualTo(2);
		assertThat(broker.get("from")).hasValueSatisfying((one) -> assertThat(one.text()).isEqualTo("message 3"));
	}

	@Test
	void messagesAreMovedOnlyBetweenTwoQueuesAndByThoseWhoMay() throws Exception {
		declare("from", Map.of());
		broker.publish("", "from", "x");
		api.put("users/looker", "{\"password\":\"p\",\"tags\":\"management\"}");
		api.put("permissions/%2F/looker", "{\"configure\":\".*\",\"write\":\"\",\"read\":\".*\"}");

		assertThat(api.post("queues/%2F/from/move", "{\"to\":\"from\"}").statusCode()).isEqualTo(400);
		assertThat(api.post("queues/%2F/from/move", "{}").statusCode()).isEqualTo(400);
		assertThat(api.post("queues/%2F/from/move", "{\"to\":\"nowhere\"}").statusCode()).isEqualTo(404);
		assertThat(api.post("queues/%2F/nowhere/move", "{\"to\":\"from\"}").statusCode()).isEqualTo(404);
		declare("to", Map.of());
		assertThat(api.as("looker:p").post("queues/%2F/from/move", "{\"to\":\"to\"}").statusCode()).isEqualTo(401);
		assertThat(broker.queue("from").ready()).isEqualTo(1);
	}

	@Test
	void aConfirmIsLostAndAMessageNacked() throws Exception {
		this.channel.confirmSelect();
		assertThat(fault("{\"fault\":\"nack\"}")).isEqualTo(204);
		this.channel.basicPublish("", "nowhere", null, new byte[1]);
		assertThat(this.channel.waitForConfirms(10_000)).isFalse();

		assertThat(fault("{\"fault\":\"lose-confirm\",\"count\":2}")).isEqualTo(204);

		assertThat(api.json("faults/%2F")).hasToString("[\"the next 2 confirms are lost\"]");
		assertThat(api.delete("faults/%2F").statusCode()).isEqualTo(204);
		assertThat(api.json("faults/%2F")).isEmpty();
	}

	private static int fault(String body) throws Exception {
		return api.post("faults/%2F", body).statusCode();
	}

	@Test
	void aMessageIsDeliveredTwice() throws Exception {
		declare("twice", Map.of());

		assertThat(fault("{\"fault\":\"deliver-twice\",\"queue\":\"twice\"}")).isEqualTo(204);
		this.channel.basicPublish("", "twice", null, "x".getBytes());

		assertThat(this.channel.basicGet("twice", true)).isNotNull();
		assertThat(this.channel.basicGet("twice", true).getEnvelope().isRedeliver()).isTrue();
	}

	@Test
	void connectionsAreDropped() throws Exception {
		assertThat(api.readTree(api.post("faults/%2F", "{\"fault\":\"drop-connections\"}")).get("connections").asInt())
			.isPositive();

		assertThatExceptionOfType(Exception.class).isThrownBy(() -> declare("late", Map.of()));
	}

	@Test
	void whatIsNoFaultIsRefused() throws Exception {
		for (String body : List.of("{}", "{\"fault\":\"fire\"}", "{\"fault\":\"nack\",\"count\":0}",
				"{\"fault\":\"nack\",\"count\":\"many\"}", "{\"fault\":\"deliver-twice\"}")) {
			assertThat(fault(body)).as(body).isEqualTo(400);
		}
		assertThat(fault("{\"fault\":\"deliver-twice\",\"queue\":\"nowhere\"}")).isEqualTo(404);
		assertThat(api.as(null).post("faults/%2F", "{\"fault\":\"nack\"}").statusCode()).isEqualTo(401);
		api.put("users/monitor", "{\"password\":\"p\",\"tags\":\"monitoring\"}");
		assertThat(api.as("monitor:p").post("faults/%2F", "{\"fault\":\"nack\"}").statusCode()).isEqualTo(401);
		assertThat(api.json("faults/%2F")).isEmpty();
	}

}
