package dev.warren.rpc;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A running RPC service, over HTTP.
 */
final class RpcService implements AutoCloseable {

	private static final JsonMapper jsonMapper = new JsonMapper();

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final @Nullable ConfigurableApplicationContext context;

	private final int port;

	private RpcService(@Nullable ConfigurableApplicationContext context, int port) {
		this.context = context;
		this.port = port;
	}

	/**
	 * The service in another process.
	 */
	static RpcService at(int port) {
		return new RpcService(null, port);
	}

	/**
	 * Starts the service in this process and waits until it has its connections.
	 * @param addition a configuration in addition to the service's own
	 */
	static RpcService start(TestBroker broker, @Nullable Class<?> addition, String... arguments) {
		RpcService service = start(broker.address(), addition, arguments);
		await().until(service::isReady);
		return service;
	}

	static RpcService start(TestBroker broker, String... arguments) {
		return start(broker, null, arguments);
	}

	static RpcService start(String brokerAddress, @Nullable Class<?> addition, String... arguments) {
		List<String> all = new ArrayList<>(List.of("--server.port=0", "--spring.rabbitmq.addresses=" + brokerAddress));
		all.addAll(List.of(arguments));
		SpringApplication application = RpcServiceApplication.application();
		if (addition != null) {
			application.addPrimarySources(List.of(addition));
		}
		ConfigurableApplicationContext context = application.run(all.toArray(String[]::new));
		return new RpcService(context,
				Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port")));
	}

	boolean isReady() throws Exception {
		return get("/actuator/health/readiness").statusCode() == 200;
	}

	int port() {
		return this.port;
	}

	<T> T bean(Class<T> type) {
		if (this.context == null) {
			throw new IllegalStateException("in another process");
		}
		return this.context.getBean(type);
	}

	HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path))
			.header("Content-Type", "application/json");
	}

	HttpResponse<String> get(String path) throws Exception {
		return this.client.send(request(path).build(), BodyHandlers.ofString());
	}

	CompletableFuture<HttpResponse<String>> getAsync(String path) {
		return this.client.sendAsync(request(path).build(), BodyHandlers.ofString());
	}

	HttpResponse<String> post(String path, String body) throws Exception {
		return this.client.send(request(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
	}

	CompletableFuture<HttpResponse<String>> postAsync(String path, String body) {
		return this.client.sendAsync(request(path).POST(BodyPublishers.ofString(body)).build(),
				BodyHandlers.ofString());
	}

	HttpResponse<String> delete(String path) throws Exception {
		return this.client.send(request(path).DELETE().build(), BodyHandlers.ofString());
	}

	static JsonNode json(HttpResponse<String> response) {
		return jsonMapper.readTree(response.body());
	}

	/**
	 * The value a call is answered with, which it must be.
	 */
	static String value(HttpResponse<String> response) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return json(response).get("value").asString();
	}

	static String type(HttpResponse<String> response) {
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		return json(response).get("type").asString();
	}

	/**
	 * One of the counters of {@code /replies}.
	 */
	long replies(String counter) throws Exception {
		return json(get("/replies")).get(counter).asLong();
	}

	/**
	 * The ids of the servers in a state.
	 */
	List<String> servers(String state) throws Exception {
		List<String> ids = new ArrayList<>();
		for (JsonNode server : json(get("/servers"))) {
			if (server.get("state").asString().equals(state)) {
				ids.add(server.get("id").asString());
			}
		}
		return ids;
	}

	String startServer() throws Exception {
		HttpResponse<String> response = post("/servers", "");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
		String id = json(response).get("id").asString();
		assertThat(response.headers().firstValue("Location")).hasValue("/servers/" + id);
		return id;
	}

	void crash(String server) throws Exception {
		HttpResponse<String> response = post("/servers/" + server + "/crash", "");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		assertThat(json(response).get("state").asString()).isEqualTo("crashed");
	}

	/**
	 * Starts and stops servers until there are so many.
	 */
	void scale(int count) throws Exception {
		for (String crashed : servers("crashed")) {
			delete("/servers/" + crashed);
		}
		List<String> running = servers("running");
		for (int i = running.size(); i < count; i++) {
			startServer();
		}
		for (int i = count; i < running.size(); i++) {
			assertThat(delete("/servers/" + running.get(i)).statusCode()).isEqualTo(204);
		}
		await().until(() -> servers("stopping").isEmpty());
	}

	/**
	 * Deletes a queue that is exclusive to the connection of the client.
	 */
	void deleteQueue(String queue) throws Exception {
		Connection connection = bean(CachingConnectionFactory.class).createConnection().getDelegate();
		try (Channel channel = Objects.requireNonNull(connection).createChannel()) {
			channel.queueDelete(queue);
		}
	}

	/**
	 * Has the client lose its connection.
	 */
	void loseConnection() {
		Connection connection = bean(CachingConnectionFactory.class).createConnection().getDelegate();
		Objects.requireNonNull(connection).abort();
	}

	@Override
	public void close() {
		if (this.context != null) {
			this.context.close();
		}
	}

}
