package dev.warren.broker.management;

import java.io.IOException;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.broker.AmqpClient;
import dev.warren.broker.BrokerMessage;
import dev.warren.broker.EmbeddedBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The management API as RabbitMQ 4.3 answers.
 */
class ManagementApiTests {

	private static ManagedApplication application;

	private static EmbeddedBroker broker;

	private static ManagementClient api;

	@BeforeAll
	static void start() {
		application = new ManagedApplication();
		broker = application.broker();
		api = application.api();
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	private static String uri(String user, String virtualHost) {
		return "amqp://" + user + "@127.0.0.1:" + broker.port() + "/" + ManagementClient.encode(virtualHost);
	}

	@ParameterizedTest
	@ValueSource(strings = { "overview", "queues/%2F", "users", "nodes", "definitions", "whoami" })
	void nobodyLearnsAnythingWithoutAUser(String path) throws Exception {
		for (String credentials : new String[] { null, "guest:wrong", "guest:", "nobody:guest" }) {
			var response = api.as(credentials).get(path);

			assertThat(response.statusCode()).isIn(401, 404);
			assertThat(response.body()).doesNotContain("rabbitmq_version", "guest");
		}
		assertThat(api.as(null).get("overview").headers().firstValue("WWW-Authenticate"))
			.hasValueSatisfying((value) -> assertThat(value).startsWith("Basic "));
	}

	@Test
	void aUserNeedsTheTagOfWhatItDoes() throws Exception {
		api.put("users/plain", "{\"password\":\"p\",\"tags\":\"\"}");
		api.put("users/manager", "{\"password\":\"p\",\"tags\":\"management\"}");
		api.put("users/monitor", "{\"password\":\"p\",\"tags\":[\"monitoring\"]}");

		assertThat(api.as("plain:p").get("whoami").body()).contains("Not management user");
		assertThat(api.as("manager:p").get("users").statusCode()).isEqualTo(401);
		assertThat(api.as("manager:p").json("queues")).isEmpty();
		assertThat(api.as("manager:p").get("queues/%2F").statusCode()).isEqualTo(404);
		assertThat(api.as("monitor:p").get("queues/%2F").statusCode()).isEqualTo(404);
		assertThat(api.as("monitor:p").json("vhosts")).isNotEmpty();
		assertThat(api.as("monitor:p").put("queues/%2F/by-monitor", "{}").statusCode()).isEqualTo(404);
		assertThat(api.as("monitor:p").put("vhosts/by-monitor", "{}").statusCode()).isEqualTo(401);
	}

	@Test
	void whatIsDeclaredOverHttpIsThereForClients() throws Exception {
		assertThat(api.put("queues/%2F/http", "{\"durable\":true,\"arguments\":{\"x-max-length\":5}}").statusCode())
			.isEqualTo(201);
		assertThat(api.put("queues/%2F/http", "{\"durable\":true,\"arguments\":{\"x-max-length\":5}}").statusCode())
			.isEqualTo(204);
		assertThat(api.put("queues/%2F/http", "{\"durable\":true}").body()).contains("\"error\":\"bad_request\"",
				"inequivalent arg 'x-max-length' for queue 'http' in vhost '/'");
		assertThat(api.put("exchanges/%2F/http", "{\"type\":\"topic\"}").statusCode()).isEqualTo(201);
		assertThat(api.post("bindings/%2F/e/http/q/http", "{\"routing_key\":\"a.*\"}").headers().firstValue("Location"))
			.hasValue("http/a.%2A");

		assertThat(api.post("exchanges/%2F/http/publish", """
				{"routing_key":"a.b","payload":"Hello","payload_encoding":"string",
				 "properties":{"delivery_mode":2,"headers":{"n":1}}}""").body()).contains("\"routed\":true");
		try (AmqpClient client = AmqpClient.connect(broker.uri())) {
			var response = client.channel().basicGet("http", false);
			assertThat(response.getBody()).asString().isEqualTo("Hello");
			assertThat(response.getProps().getDeliveryMode()).isEqualTo(2);
			assertThat(api.json("queues/%2F/http").path("messages_unacknowledged").asInt()).isEqualTo(1);
		}
		JsonNode got = api.readTree(api.post("queues/%2F/http/get",
				"{\"count\":2,\"ackmode\":\"ack_requeue_false\",\"encoding\":\"auto\"}"));
		assertThat(got).hasSize(1);
		assertThat(got.path(0).path("redelivered").asBoolean()).isTrue();
		assertThat(got.path(0).path("properties").path("headers").path("n").asInt()).isEqualTo(1);

		assertThat(api.delete("bindings/%2F/e/http/q/http/a.%2A").statusCode()).isEqualTo(204);
		assertThat(api.delete("queues/%2F/http").statusCode()).isEqualTo(204);
		assertThat(api.delete("queues/%2F/http").statusCode()).isEqualTo(404);
	}

	@Test
	void permissionsCountAtOnce() throws Exception {
		api.put("vhosts/team", "{\"description\":\"the team's\"}");
		api.put("users/writer", "{\"password\":\"p\",\"tags\":\"\"}");
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> AmqpClient.connect(uri("writer:p", "team")));
		api.put("permissions/team/writer", "{\"configure\":\"^w\",\"write\":\".*\",\"read\":\"\"}");

		try (AmqpClient client = AmqpClient.connect(uri("writer:p", "team"))) {
			client.channel().queueDeclare("w1", false, false, false, null);
			api.put("permissions/team/writer", "{\"configure\":\"^x\",\"write\":\".*\",\"read\":\"\"}");

			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> client.channel().queueDeclare("w2", false, false, false, null))
				.withCauseInstanceOf(ShutdownSignalException.class)
				.havingCause()
				.withMessageContaining("ACCESS_REFUSED");
		}
		try (AmqpClient client = AmqpClient.connect(uri("writer:p", "team"))) {
			api.delete("users/writer");

			broker.await("the end of the connection", () -> !client.channel().isOpen());
			assertThat(client.channel().getConnection().getCloseReason())
				.hasMessageContaining("CONNECTION_FORCED - user 'writer' was deleted");
		}
		assertThatExceptionOfType(PossibleAuthenticationFailureException.class)
			.isThrownBy(() -> AmqpClient.connect(uri("writer:p", "team")));
	}

	@Test
	void aVirtualHostComesAndGoes() throws Exception {
		assertThat(api.put("vhosts/passing", "").statusCode()).isEqualTo(201);
		assertThat(api.put("vhosts/passing", "").statusCode()).isEqualTo(204);
		try (AmqpClient client = AmqpClient.connect(uri("guest:guest", "passing"))) {
			assertThat(api.delete("vhosts/passing").statusCode()).isEqualTo(204);

			assertThatExceptionOfType(AlreadyClosedException.class).isThrownBy(() -> {
				while (true) {
					client.channel().basicPublish("", "nowhere", null, new byte[0]);
				}
			});
		}
		assertThat(api.get("queues/passing").statusCode()).isEqualTo(404);
		assertThat(broker.isRunning()).isTrue();
	}

	@Test
	void aQueueIsOfTheTypeOfItsVirtualHost() throws Exception {
		api.put("vhosts/quorum", "{\"default_queue_type\":\"quorum\"}");
		try (AmqpClient client = AmqpClient.connect(uri("guest:guest", "quorum"))) {
			client.declare("durable");
			client.channel().queueDeclare("passing", false, true, true, null);
			client.declare("durable");
		}

		assertThat(api.json("queues/quorum/durable").path("type").asString()).isEqualTo("quorum");
		assertThat(api.json("queues/quorum/durable").path("arguments").path("x-queue-type").asString())
			.isEqualTo("quorum");
	}

	@Test
	void aListHasPagesColumnsAndAnOrder() throws Exception {
		api.put("vhosts/many", "");
		for (int number = 0; number < 12; number++) {
			api.put("queues/many/q" + number, "{\"durable\":" + (number % 2 == 0) + "}");
		}

		JsonNode page = api.json("queues/many?page=1&page_size=5&name=Q1&use_regex=false");
		assertThat(page.path("filtered_count").asInt()).isEqualTo(3);
		page = api.json("queues/many?page=2&page_size=5&sort=name&sort_reverse=true&columns=name,arguments");
		assertThat(page.path("items")).hasSize(5);
		assertThat(page.path("items").path(0).path("name").asString()).isEqualTo("q4");
		assertThat(page.path("items").path(0).propertyNames()).containsExactly("name", "arguments");
		assertThat(page.path("total_count").asInt()).isEqualTo(12);
		assertThat(api.json("queues/many?columns=.,name,..").path(0).propertyNames()).containsExactly("name");
		assertThat(api.json("queues/many?sort=durable&columns=durable").path(0).path("durable").asBoolean()).isFalse();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			GET    | queues?page=0                 |                          | 400
			GET    | queues?page=x                 |                          | 400
			GET    | queues?page=99                |                          | 400
			GET    | queues?page=1&page_size=501   |                          | 400
			GET    | queues/nowhere                |                          | 404
			GET    | queues/%2F/nothing            |                          | 404
			GET    | nothing                       |                          | 404
			PUT    | queues/%2F/bad                | nonsense                 | 400
			PUT    | queues/%2F/bad                | "text"                   | 400
			PUT    | queues/%2F/bad                | {"durable":"maybe"}      | 400
			PUT    | queues/%2F/bad                | {"arguments":"x"}        | 400
			PUT    | queues/%2F/bad                | {"arguments":{"x-message-ttl":-1}} | 400
			PUT    | queues/%2F/amq.bad            | {}                       | 401
			PUT    | queues/nowhere/bad            | {}                       | 404
			PUT    | exchanges/%2F/bad             | {"type":"nonsense"}      | 400
			PUT    | users/bad                     | {"tags":[{}]}            | 400
			PUT    | vhosts/%20                    | {}                       | 400
			PUT    | vhosts/bad                    | {"tags":[{}]}            | 400
			PUT    | vhosts/%2Fpassing-slash       | {}                       | 201
			PUT    | vhosts/passing-slash          | {}                       | 400
			POST   | users/bulk-delete             | {"users":[{}]}           | 400
			DELETE | queues/%2F/bad?if-unused=x    |                          | 400
			DELETE | exchanges/%2F/amq.direct      |                          | 401
			DELETE | exchanges/%2F/amq.default     |                          | 401
			POST   | bindings/%2F/e/nothing/q/bad  | {}                       | 404
			PUT    | users/bad                     | {"password":"p"}         | 400
			PUT    | users/bad                     | {"password_hash":"no","tags":""} | 400
			PUT    | permissions/%2F/nobody        | {"configure":"","write":"","read":""} | 400
			PUT    | permissions/%2F/guest         | {"configure":"(","write":"","read":""} | 400
			POST   | queues/%2F                    | {}                       | 405
			DELETE | vhosts                        |                          | 405
			""")
	void whatIsWrongIsSaid(String method, String path, String body, int status) throws Exception {
		var response = api.send(method, path, (body != null) ? body : "");

		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		assertThat(response.body()).doesNotContain("Exception", "dev.warren");
	}

	@Test
	void whatAmqpHasNoRoomForIsRefused() throws Exception {
		String tooLong = "x".repeat(256);
		String key = "{\"routing_key\":\"%s\",\"properties\":{},\"payload\":\"\",\"payload_encoding\":\"string\"}"
			.formatted(tooLong);
		api.put("queues/%2F/room", "{}");

		assertThat(api.put("queues/%2F/" + tooLong, "{}").statusCode()).isEqualTo(400);
		assertThat(api.put("exchanges/%2F/" + tooLong, "{\"type\":\"direct\"}").statusCode()).isEqualTo(400);
		assertThat(api.post("bindings/%2F/e/amq.direct/q/room", key).statusCode()).isEqualTo(400);
		assertThat(api.post("exchanges/%2F/amq.direct/publish", key).statusCode()).isEqualTo(400);
		assertThat(api.put("queues/%2F/room2", "{\"arguments\":{\"a\":{\"" + tooLong + "\":1}}}").statusCode())
			.isEqualTo(400);
		assertThat(api.post("definitions/%2F", "{\"queues\":[{\"name\":\"" + tooLong + "\"}]}").statusCode())
			.isEqualTo(400);
	}

	@Test
	void healthAndAlivenessAreOk() throws Exception {
		assertThat(api.json("aliveness-test/%2F").path("status").asString()).isEqualTo("ok");
		assertThat(api.json("health/checks/alarms").path("status").asString()).isEqualTo("ok");
		assertThat(api.json("version").asString()).isEqualTo(api.json("overview").path("rabbitmq_version").asString());
		assertThat(api.json("whoami").path("tags").path(0).asString()).isEqualTo("administrator");
	}

	@Test
	void aLargeMessageIsGotAsAWhole() throws Exception {
		api.put("queues/%2F/large", "{}");
		broker.publish("", "large", BrokerMessage.of("x".repeat(3_000_000)));

		JsonNode got = api.readTree(api.post("queues/%2F/large/get",
				"{\"count\":1,\"ackmode\":\"ack_requeue_true\",\"encoding\":\"auto\",\"truncate\":5}"));
		assertThat(got.path(0).path("payload").asString()).isEqualTo("xxxxx");
		assertThat(got.path(0).path("payload_bytes").asInt()).isEqualTo(3_000_000);
		got = api.readTree(api.post("queues/%2F/large/get",
				"{\"count\":1,\"ackmode\":\"ack_requeue_false\",\"encoding\":\"auto\"}"));
		assertThat(got.path(0).path("payload").asString()).hasSize(3_000_000);
	}

	@Test
	void anExpressionThatNeverEndsMatchesNothing() throws Exception {
		String name = "a".repeat(200);
		api.put("queues/%2F/" + name + "b", "{}");

		assertThat(api.json("queues/%2F?page=1&use_regex=true&name=" + ManagementClient.encode("(a+)+c"))
			.path("filtered_count")
			.asInt()).isZero();
		assertThat(api.put("users/evil", "{\"password\":\"p\",\"tags\":\"\"}").statusCode()).isEqualTo(201);
		api.put("permissions/%2F/evil", "{\"configure\":\"(a+)+c\",\"write\":\"\",\"read\":\"\"}");
		try (AmqpClient client = AmqpClient.connect(uri("evil:p", "/"))) {
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> client.channel().queueDeclare(name, false, false, false, null));
		}
	}

	@Test
	void whatIsDeprecatedAndUsedIsListed() throws Exception {
		try (AmqpClient client = AmqpClient.connect(broker.uri())) {
			client.channel().basicQos(3, true);
		}

		assertThat(api.json("deprecated-features/used").findValuesAsString("name")).contains("global-prefetch");
		assertThat(api.json("deprecated-features")).isNotEmpty()
			.allSatisfy((feature) -> assertThat(feature.path("state").asString()).isIn("permitted", "denied"));
	}

	@Test
	void aMessageThatIsRejectedOverHttpIsADeadLetter() throws Exception {
		api.put("queues/%2F/dead", "{}");
		api.put("queues/%2F/rejecting",
				"{\"arguments\":{\"x-dead-letter-exchange\":\"\",\"x-dead-letter-routing-key\":\"dead\"}}");
		try (AmqpClient client = AmqpClient.connect(broker.uri())) {
			client.channel().basicPublish("", "rejecting", new AMQP.BasicProperties(), new byte[1]);
		}
		broker.await("the message", () -> broker.queue("rejecting").ready() == 1);

		api.post("queues/%2F/rejecting/get",
				"{\"count\":1,\"ackmode\":\"reject_requeue_false\",\"encoding\":\"auto\"}");

		broker.await("the dead letter", () -> broker.queue("dead").ready() == 1);
	}

	@Test
	void aVirtualHostIsProtectedFromDeletion() throws Exception {
		api.put("vhosts/precious", "{}");

		assertThat(api.post("vhosts/precious/deletion/protection", "").statusCode()).isEqualTo(204);
		assertThat(api.delete("vhosts/precious").statusCode()).isEqualTo(412);
		assertThat(api.json("vhosts/precious").path("protected_from_deletion").asBoolean()).isTrue();
		assertThat(api.delete("vhosts/precious/deletion/protection").statusCode()).isEqualTo(204);
		assertThat(api.delete("vhosts/precious").statusCode()).isEqualTo(204);
	}

	@Test
	void theAlivenessTestIsWhatSpringComparesItWith() throws Exception {
		assertThat(api.get("aliveness-test/%2F").body()).isEqualTo("{\"status\":\"ok\"}");
	}

	@Test
	void whatOnlyAClusterNeedsIsDoneAlready() throws Exception {
		assertThat(api.json("feature-flags").get(0).path("state").asString()).isEqualTo("enabled");
		assertThat(api.put("feature-flags/quorum_queue/enable", "{}").statusCode()).isEqualTo(204);
		assertThat(api.put("feature-flags/nothing/enable", "{}").body()).contains("unsupported");
		assertThat(api.post("rebalance/queues", "").statusCode()).isEqualTo(204);
	}

}
