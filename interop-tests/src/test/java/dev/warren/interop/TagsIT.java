package dev.warren.interop;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What a user's tag lets it do over the management API. The users may do everything in
 * the virtual host {@code tags} and nothing in {@code /}.
 */
@ExtendWith(ManagedBroker.Resolver.class)
class TagsIT {

	private static final String[] TAGS = { "", "management", "policymaker", "monitoring", "administrator" };

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final ManagedBroker broker;

	TagsIT(ManagedBroker broker) throws Exception {
		this.broker = broker;
		assumeTrue(send("guest:guest", "GET", "version", "").body().contains("\"4."),
				"RabbitMQ 3 answers 401 where 4 answers 404");
		send("guest:guest", "PUT", "vhosts/tags", "{}");
		send("guest:guest", "PUT", "permissions/tags/guest", everything());
		send("guest:guest", "PUT", "queues/tags/orders", "{}");
		for (String tag : TAGS) {
			send("guest:guest", "PUT", "users/tagged-" + tag,
					"{\"password\":\"secret\",\"tags\":\"%s\"}".formatted(tag));
			send("guest:guest", "PUT", "permissions/tags/tagged-" + tag, everything());
		}
	}

	private static String everything() {
		return "{\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}";
	}

	private HttpResponse<String> send(String user, String method, String path, @Nullable String body) throws Exception {
		return this.client.send(HttpRequest.newBuilder(URI.create(this.broker.management() + "/api/" + path))
			.header("Authorization",
					"Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)))
			.header("Content-Type", "application/json")
			.method(method, (body != null) ? BodyPublishers.ofString(body) : BodyPublishers.noBody())
			.build(), BodyHandlers.ofString());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					# method | path                             | body                             | none, management, policymaker, monitoring, administrator
					GET    | whoami                           |                                  | 401 200 200 200 200
					GET    | overview                         |                                  | 401 200 200 200 200
					GET    | nodes                            |                                  | 401 401 401 200 200
					GET    | connections                      |                                  | 401 200 200 200 200
					GET    | connections/username/guest       |                                  | 401 401 401 200 200
					GET    | channels                         |                                  | 401 200 200 200 200
					GET    | consumers                        |                                  | 401 200 200 200 200
					GET    | vhosts                           |                                  | 401 200 200 200 200
					GET    | queues                           |                                  | 401 200 200 200 200
					GET    | queues/tags                      |                                  | 401 200 200 200 200
					GET    | queues/%2F                       |                                  | 401 404 404 404 200
					GET    | queues/tags/orders               |                                  | 401 200 200 200 200
					GET    | exchanges/%2F                    |                                  | 401 404 404 404 200
					GET    | bindings                         |                                  | 401 200 200 200 200
					GET    | users                            |                                  | 401 401 401 401 200
					GET    | permissions                      |                                  | 401 401 401 401 200
					GET    | policies                         |                                  | 401 200 200 200 200
					GET    | parameters                       |                                  | 401 401 200 401 200
					GET    | definitions                      |                                  | 401 401 401 401 200
					GET    | aliveness-test/tags              |                                  | 401 200 200 200 200
					PUT    | queues/tags/orders               | {}                               | 401 204 204 204 204
					PUT    | queues/%2F/tags                  | {}                               | 401 404 404 404 401
					POST   | queues/tags/orders/get           | {"count":1,"ackmode":"ack_requeue_true","encoding":"auto"} | 401 200 200 200 200
					DELETE | queues/tags/orders/contents      |                                  | 401 204 204 204 204
					PUT    | policies/tags/tags               | {"pattern":"^x","definition":{"max-length":1}} | 401 401 201 401 204
					PUT    | operator-policies/tags/tags      | {"pattern":"^x","definition":{"max-length":1},"apply-to":"queues"} | 401 401 401 401 201
					PUT    | users/tagged-                    | {"password":"secret","tags":""}  | 401 401 401 401 204
					PUT    | vhosts/tags                      | {}                               | 401 401 401 401 204
					PUT    | permissions/tags/guest           | {"configure":".*","write":".*","read":".*"} | 401 401 401 401 204
					DELETE | vhosts/nowhere                   |                                  | 401 401 401 401 404
					""")
	void aTagAllows(String method, String path, @Nullable String body, String expected) throws Exception {
		StringBuilder statuses = new StringBuilder();
		for (String tag : TAGS) {
			statuses.append(send("tagged-" + tag + ":secret", method, path, body).statusCode()).append(' ');
		}

		assertThat(statuses.toString().strip()).isEqualTo(expected);
		send("guest:guest", "DELETE", "policies/tags/tags", "");
		send("guest:guest", "DELETE", "operator-policies/tags/tags", "");
	}

}
