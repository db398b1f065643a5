package dev.warren.broker.management;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.broker.AmqpClient;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.definitions.DefinitionExport;
import dev.warren.broker.definitions.DefinitionImport;
import dev.warren.broker.rabbitmq.definitions.DefinitionStore;
import dev.warren.broker.rabbitmq.definitions.Permission;
import dev.warren.broker.rabbitmq.definitions.Policy;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Policies, parameters and definitions in the management API, as RabbitMQ 4.3 answers.
 */
class DefinitionsApiTests {

	private static final JsonMapper mapper = new JsonMapper();

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

	private static String file(String name) throws IOException {
		try (InputStream resource = DefinitionsApiTests.class
			.getResourceAsStream("/dev/warren/broker/definitions/" + name + ".json")) {
			return new String(Objects.requireNonNull(resource).readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	private static void load(String name) throws Exception {
		var response = api.post("definitions", file(name));
		assertThat(response.statusCode()).as(response.body()).isEqualTo(204);
	}

	private static AmqpClient connect(String user, String virtualHost) throws Exception {
		return AmqpClient.connect("amqp://" + user + "@127.0.0.1:" + broker.port() + "/" + virtualHost);
	}

	@Test
	void anApplicationWithRestrictedUsersWorks() throws Exception {
		load("restricted-users");

		try (AmqpClient orders = connect("orders-api:api-secret", "orders")) {
			orders.publishConfirmed("orders.events", "order.created.42", List.of("42"));
			assertRefused(orders.channel(), (channel) -> channel.queueDeclare("mine", true, false, false, null));
		}
		try (AmqpClient orders = connect("orders-api:api-secret", "orders")) {
			assertRefused(orders.channel(), (channel) -> {
				channel.basicPublish("orders.events", "payment.made", null, new byte[0]);
				channel.basicQos(1);
			});
		}
		try (AmqpClient worker = connect("orders-worker:worker-secret", "orders")) {
			assertThat(worker.drain("orders.created")).containsExactly("42");
			assertRefused(worker.channel(),
					(channel) -> channel.basicPublish("orders.events", "order.created", null, new byte[0]));
		}
		assertThat(api.as("dashboard:dashboard-secret").json("queues/orders")).hasSize(2);
		assertThat(api.json("vhost-limits/orders").path(0).path("value").path("max-queues").asInt()).isEqualTo(20);
		assertThat(api.json("vhosts/orders").path("description").asString()).isEqualTo("Orders of the shop");
	}

	@Test
	void whatBelongsToNobodyIsNotDefined() throws Exception {
		DefinitionStore definitions = broker.administration().definitions();

		// As when the user and the virtual host are deleted at the same time.
		definitions.change((before) -> before
			.withPermissions((table) -> table.with(Permission.everything("/", "deleted"))
				.with(Permission.everything("deleted", "guest")))
			.withPolicies((table) -> table.with(new Policy("deleted", "p", "", "all", Map.of("max-length", 1), 0))));
		api.put("users/deleted", "{\"password\":\"p\",\"tags\":\"management\"}");
		api.put("vhosts/deleted", "");

		assertThat(api.json("users/deleted/permissions")).isEmpty();
		assertThat(api.json("policies/deleted")).isEmpty();
	}

	@Test
	void manyUsersAreImportedAtOnce() throws Exception {
		String users = IntStream.range(0, 50_000)
			.mapToObj("{\"name\":\"many-%d\",\"tags\":\"\"}"::formatted)
			.collect(Collectors.joining(",", "{\"users\":[", "]}"));

		assertThat(api.post("definitions", users).statusCode()).isEqualTo(204);
		assertThat(api.json("users?page=1&page_size=1").path("total_count").asInt()).isGreaterThan(50_000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"vhosts\":[{\"name\":\"\"}]}", "{\"users\":[{\"name\":\"bad\",\"tags\":[{}]}]}",
			"{\"users\":[{\"name\":\"bad\",\"tags\":\"\",\"limits\":{\"max-connections\":\"x\"}}]}" })
	void badDefinitionsAreRefused(String definitions) throws Exception {
		assertThat(api.post("definitions", definitions).statusCode()).isEqualTo(400);
	}

	@Test
	void anApplicationWithPoliciesWorks() throws Exception {
		load("policies");

		try (AmqpClient mail = connect("guest:guest", "mail")) {
			mail.publishConfirmed("mail", "out", List.of("1", "2", "3"));
			mail.publishConfirmed("mail", "nowhere", List.of("lost"));
			assertThat(mail.drain("mail.unrouted")).containsExactly("lost");
			for (int count = 0; count < 3; count++) {
				reject(mail.channel(), "mail.out", false);
			}
			assertThat(mail.drain("mail.dead")).containsExactly("2", "3");
		}
		JsonNode queue = api.json("queues/mail/mail.out");
		assertThat(queue.path("policy").asString()).isEqualTo("dead letters");
		assertThat(queue.path("operator_policy").asString()).isEqualTo("bounded");
		assertThat(queue.path("effective_policy_definition")).hasToString(
				"{\"dead-letter-exchange\":\"mail.dead\",\"expires\":86400000,\"max-length\":1000,\"message-ttl\":3600000}");
		assertThat(api.json("exchanges/mail/mail").path("policy").asString()).isEqualTo("unrouted");
		assertThat(api.json("parameters/shovel")).isEmpty();
	}

	@Test
	void anApplicationWithQuorumQueuesWorksAndStreamsAreLeftOut() throws Exception {
		load("quorum-queues-and-streams");

		try (AmqpClient payments = connect("payments:payments", "payments")) {
			payments.publishConfirmed("payments", "card.requested", List.of("pay"));
			for (int deliveries = 0; deliveries < 4; deliveries++) {
				reject(payments.channel(), "payments.requested", true);
			}
			Awaitility.await().until(() -> payments.channel().messageCount("payments.failed") == 1);
		}
		assertThat(api.json("queues/payments").findValuesAsString("name")).containsExactly("payments.failed",
				"payments.requested");
	}

	@ParameterizedTest
	@ValueSource(strings = { "restricted-users", "policies", "quorum-queues-and-streams" })
	void whatWasImportedIsExported(String name) throws Exception {
		try (EmbeddedBroker first = EmbeddedBroker.builder().start();
				EmbeddedBroker second = EmbeddedBroker.builder().start()) {
			new DefinitionImport(first.administration()).all(mapper.readTree(file(name)), List.of());
			JsonNode exported = exported(first);

			new DefinitionImport(second.administration()).all(exported, List.of());

			assertThat(exported(second)).isEqualTo(exported);
		}
	}

	private static JsonNode exported(EmbeddedBroker broker) {
		return mapper.valueToTree(new DefinitionExport(broker.administration()).all("broker"));
	}

	@Test
	void whatIsInAVirtualHostComesIntoAnother() throws Exception {
		load("policies");
		api.put("vhosts/copy", "");

		JsonNode exported = api.json("definitions/mail");
		assertThat(exported.findValues("vhost")).isEmpty();
		assertThat(api.post("definitions/copy", exported.toString()).statusCode()).isEqualTo(204);

		for (String kind : List.of("queues", "exchanges", "bindings", "policies", "parameters")) {
			assertThat(api.json("definitions/copy").path(kind)).isNotEmpty().isEqualTo(exported.path(kind));
		}
		assertThat(api.get("definitions/nowhere").statusCode()).isEqualTo(400);
		assertThat(api.post("definitions/nowhere", "{}").statusCode()).isEqualTo(404);
	}

	@ParameterizedTest(quoteTextArguments = false, name = "{1}")
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					"users":[{"name":"broken"}] | tags_not_present
					"permissions":[{"user":"nobody","vhost":"broken","configure":"","write":"","read":""}] | {no_such_user,<<\\"nobody\\">>}
					"permissions":[{"user":"guest","vhost":"no","configure":"","write":"","read":""}] | Please create virtual host \\"no\\" prior to importing definitions.
					"queues":[{"name":"q","vhost":"broken","durable":true,"arguments":{"x-message-ttl":"z"}}] | precondition_failed: invalid arg 'x-message-ttl' for queue 'q' in vhost 'broken': \\"expected integer, got longstr\\"
					"queues":[{"name":"q","vhost":"broken","durable":true,"arguments":{"x-queue-type":"foo"}}] | precondition_failed: invalid arg 'x-queue-type' for queue 'q' in vhost 'broken': \\"unsupported queue type 'foo'\\"
					"exchanges":[{"name":"e","vhost":"broken","durable":true,"type":"foo"}] | precondition_failed: invalid exchange type 'foo'
					"bindings":[{"source":"amq.fanout","vhost":"broken","destination":"nope","destination_type":"queue","routing_key":""}] | {resources_missing,[{not_found,{resource,<<\\"broken\\">>,queue,<<\\"nope\\">>}}]}
					"policies":[{"vhost":"broken","name":"p","pattern":"z","definition":{"foo":1}}] | Validation failed\\n\\n[{<<\\"foo\\">>,1}] are not recognised policy settings\\n (vhost: \\"broken\\" key: \\"p\\")
					"parameters":[{"vhost":"broken","component":"operator_policy","name":"u","value":{"pattern":"a","definition":{"foo":1},"priority":0}}] | Validation failed\\n\\n[{<<\\"foo\\">>,1}] are not recognised policy settings\\n (vhost: \\"broken\\" / component: \\"operator_policy\\" / key: \\"u\\")
					""")
	void ofABrokenImportNothingIsTaken(String broken, String reason) throws Exception {
		var response = api.post("definitions",
				"""
						{"vhosts":[{"name":"broken"}],"users":[{"name":"mallory","password":"m","tags":"administrator"}],%s}"""
					.formatted(broken)
					.replaceFirst("(\"users\":\\[.*?]),(\"users\".*)", "$2"));

		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body())
			.isEqualToIgnoringNewLines("{\"error\":\"bad_request\",\"reason\":\"" + reason + "\"}");
		assertThat(api.get("vhosts/broken").statusCode()).isEqualTo(404);
		assertThat(api.get("users/mallory").statusCode()).isEqualTo(404);
	}

	@Test
	void policiesAreSetAndDeleted() throws Exception {
		api.put("queues/%2F/limited", "{\"durable\":true}");

		assertThat(
				api.put("policies/%2F/p", "{\"pattern\":\"^limited$\",\"definition\":{\"max-length\":1}}").statusCode())
			.isEqualTo(201);
		assertThat(
				api.put("policies/%2F/p", "{\"pattern\":\"^limited$\",\"definition\":{\"max-length\":2}}").statusCode())
			.isEqualTo(204);
		api.put("operator-policies/%2F/o", "{\"pattern\":\"^limited$\",\"definition\":{\"max-length\":1}}");

		assertThat(api.get("policies/%2F/p").body()).isEqualToIgnoringNewLines(
				"{\"vhost\":\"/\",\"name\":\"p\",\"pattern\":\"^limited$\",\"apply-to\":\"all\",\"definition\":{\"max-length\":2},\"priority\":0}");
		assertThat(api.json("queues/%2F/limited").path("effective_policy_definition"))
			.hasToString("{\"max-length\":1}");
		assertThat(api.json("parameters/operator_policy/%2F/o").path("value").path("pattern").asString())
			.isEqualTo("^limited$");
		assertThat(api.delete("policies/%2F/p").statusCode()).isEqualTo(204);
		assertThat(api.delete("operator-policies/%2F/o").statusCode()).isEqualTo(204);
		assertThat(api.json("queues/%2F/limited").path("effective_policy_definition")).isEmpty();
		assertThat(api.delete("policies/%2F/p").body())
			.isEqualToIgnoringNewLines("{\"error\":\"Object Not Found\",\"reason\":\"Not Found\"}");
		assertThat(api.put("policies/no/p", "{\"pattern\":\"\",\"definition\":{\"max-length\":1}}").body())
			.isEqualToIgnoringNewLines("{\"error\":\"not_found\",\"reason\":\"vhost_not_found\"}");
		assertThat(api.put("policies/%2F/p", "{}").body()).isEqualToIgnoringNewLines(
				"{\"error\":\"bad_request\",\"reason\":\"[{key_missing,pattern},{key_missing,definition}]\"}");
		assertThat(api.put("policies/%2F/p", "{\"pattern\":\"\",\"definition\":{\"x\":1}}").body())
			.isEqualToIgnoringNewLines(
					"{\"error\":\"bad_request\",\"reason\":\"Validation failed\\n\\n[{<<\\\"x\\\">>,1}] are not recognised policy settings\\n\"}");
	}

	@Test
	void parametersAreSetAndDeleted() throws Exception {
		assertThat(api.put("global-parameters/mine", "{\"value\":{\"a\":[1,\"b\"]}}").statusCode()).isEqualTo(201);
		assertThat(api.get("global-parameters/mine").body())
			.isEqualToIgnoringNewLines("{\"name\":\"mine\",\"value\":{\"a\":[1,\"b\"]}}");
		assertThat(api.delete("global-parameters/mine").statusCode()).isEqualTo(204);
		assertThat(api.get("global-parameters/mine").statusCode()).isEqualTo(404);
		api.put("vhosts/few", "");
		assertThat(api.put("parameters/vhost-limits/few/limits", "{\"value\":{\"max-queues\":1}}").statusCode())
			.isEqualTo(201);
		assertThat(api.put("queues/few/one", "").statusCode()).isEqualTo(201);
		assertThat(api.put("queues/few/two", "").body()).contains("queue limit in vhost 'few' (1) is reached");
		assertThat(api.put("parameters/shovel/few/s", "{\"value\":{}}").body()).isEqualToIgnoringNewLines(
				"{\"error\":\"bad_request\",\"reason\":\"Validation failed\\n\\ncomponent shovel not found\\n\"}");
	}

	@ParameterizedTest
	@CsvSource({ "management, policies, 200", "management, policies/few, 404", "management, parameters, 401",
			"management, definitions, 401", "policymaker, parameters, 200", "policymaker, parameters/x/%2F, 404",
			"policymaker, operator-policies/%2F/x, 401", "policymaker, definitions, 401",
			"monitoring, global-parameters, 401", "administrator, definitions, 200" })
	void whoMayLook(String tag, String path, int status) throws Exception {
		api.put("vhosts/few", "");
		api.put("users/" + tag, "{\"password\":\"p\",\"tags\":\"" + tag + "\"}");

		assertThat(api.as(tag + ":p").get(path).statusCode()).isEqualTo(status);
	}

	private static GetResponse next(Channel channel, String queue) {
		return Awaitility.await().until(() -> channel.basicGet(queue, false), Objects::nonNull);
	}

	private static void reject(Channel channel, String queue, boolean requeue) throws IOException {
		channel.basicReject(next(channel, queue).getEnvelope().getDeliveryTag(), requeue);
	}

	private static void assertRefused(Channel channel, Operation operation) {
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> {
			operation.run(channel);
			channel.basicQos(1);
		})
			.satisfies((ex) -> assertThat((ex instanceof ShutdownSignalException) ? ex : ex.getCause())
				.hasMessageContaining("ACCESS_REFUSED"));
	}

	private interface Operation {

		void run(Channel channel) throws IOException;

	}

}
