package dev.warren.broker.ctl;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The management API of a broker, as a client sees it.
 */
final class ManagementApi {

	private static final JsonMapper mapper = new JsonMapper();

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

	private final HttpClient client;

	private final BrokerAddress address;

	private final Duration timeout;

	ManagementApi(BrokerAddress address, Duration timeout) {
		// Not HTTP/2: a request that asks for it, as the first would, may have no body at
		// RabbitMQ.
		HttpClient.Builder builder = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.connectTimeout(CONNECT_TIMEOUT);
		if (address.isOwners()) {
			builder.sslContext(OwnBroker.sslContext());
		}
		this.client = builder.build();
		this.address = address;
		this.timeout = timeout;
	}

	/**
	 * What is at a path, or null if nothing is.
	 * @param path the parts of the path after {@code /api}, to be encoded
	 */
	@Nullable JsonNode find(String... path) {
		Answer answer = send("GET", null, path);
		return answer.is(404) ? null : answer.json();
	}

	/**
	 * What is at a path.
	 */
	JsonNode get(String... path) {
		return send("GET", null, path).json();
	}

	Answer put(Object body, String... path) {
		return send("PUT", body, path);
	}

	Answer post(Object body, String... path) {
		return send("POST", body, path);
	}

	Answer delete(String... path) {
		return send("DELETE", null, path);
	}

	/**
	 * Whether the broker knows a user by this password.
	 */
	boolean knows(String user, String password) {
		String credentials = user + ":" + password;
		Answer answer = exchange("GET", "/whoami", null, Map.of("Authorization",
				"Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8))));
		// A user whom the management API is not for is told so.
		return answer.is(200) || !answer.reason().equals("Not_Authorized");
	}

	/** Closes a connection, which is told why. */
	Answer close(String connection, String reason) {
		return exchange("DELETE", path("connections", connection), null,
				Map.of("Authorization", this.address.authorization(), "X-Reason", reason));
	}

	/** Deletes a queue if a condition holds that is a query of the path. */
	Answer deleteQueue(String virtualHost, String name, String query) {
		return exchange("DELETE", path("queues", virtualHost, name) + query, null,
				Map.of("Authorization", this.address.authorization()));
	}

	private Answer send(String method, @Nullable Object body, String... path) {
		Answer answer = exchange(method, path(path), (body != null) ? mapper.writeValueAsBytes(body) : null,
				Map.of("Authorization", this.address.authorization()));
		if (answer.is(401)) {
			throw new CommandFailure(CommandFailure.UNAVAILABLE, "Error: the broker at %s refuses %s: %s"
				.formatted(this.address.url(), this.address.credentials(), answer.reason()));
		}
		return answer;
	}

	private static String path(String... path) {
		return Arrays.stream(path)
			.map((part) -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
			.collect(Collectors.joining("/", "/", ""));
	}

	private Answer exchange(String method, String path, byte @Nullable [] body, Map<String, String> headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.address.url() + "/api" + path))
			.timeout(this.timeout)
			.header("Content-Type", "application/json")
			.method(method, (body != null) ? BodyPublishers.ofByteArray(body) : BodyPublishers.noBody());
		headers.forEach(request::header);
		try {
			HttpResponse<String> response = this.client.send(request.build(), BodyHandlers.ofString());
			return new Answer(response.statusCode(), response.body());
		}
		catch (IOException ex) {
			throw new CommandFailure(CommandFailure.UNAVAILABLE, this.address.unreachable());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new CommandFailure(CommandFailure.SOFTWARE, "Error: interrupted");
		}
	}

	/**
	 * An answer of the API.
	 *
	 * @param status its status
	 * @param body its body
	 */
	record Answer(int status, String body) {

		boolean is(int wanted) {
			return this.status == wanted;
		}

		boolean isError() {
			return this.status >= 300;
		}

		/** The JSON in it, unless it is an error. */
		JsonNode json() {
			orFail();
			try {
				return mapper.readTree(this.body);
			}
			catch (JacksonException ex) {
				throw CommandFailure.error(CommandFailure.UNAVAILABLE, "The broker's answer is not JSON");
			}
		}

		/** Fails with the reason if it is an error. */
		Answer orFail() {
			if (isError()) {
				throw CommandFailure.error(CommandFailure.UNAVAILABLE, reason());
			}
			return this;
		}

		/** Why it is an error. */
		String reason() {
			try {
				JsonNode json = mapper.readTree(this.body);
				JsonNode reason = json.path("reason");
				return reason.isString() ? reason.stringValue() : json.toString();
			}
			catch (JacksonException ex) {
				return "HTTP status " + this.status;
			}
		}

	}

}
