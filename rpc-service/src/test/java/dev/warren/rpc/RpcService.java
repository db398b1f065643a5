package dev.warren.rpc;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.warren.test.BrokerUnderTest;
import dev.warren.test.LocalService;
import dev.warren.test.RestClient;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.boot.SpringApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A running RPC service, over HTTP.
 */
final class RpcService extends RestClient implements AutoCloseable {

	private final @Nullable LocalService service;

	private RpcService(int port, @Nullable LocalService service) {
		super(port);
		this.service = service;
	}

	/**
	 * A broker without requests.
	 */
	static BrokerUnderTest broker() throws Exception {
		return BrokerUnderTest.start().withoutQueues("rpc_queue");
	}

	/**
	 * The service in another process.
	 */
	static RpcService at(int port) {
		return new RpcService(port, null);
	}

	/**
	 * Starts the service in this process and waits until it has its connections.
	 */
	static RpcService start(BrokerUnderTest broker, String... arguments) {
		RpcService service = start(broker.address(), null, arguments);
		service.awaitReady();
		return service;
	}

	/**
	 * Starts the service in this process.
	 * @param addition a configuration in addition to the service's own
	 */
	static RpcService start(String brokerAddress, @Nullable Class<?> addition, String... arguments) {
		SpringApplication application = RpcServiceApplication.application();
		if (addition != null) {
			application.addPrimarySources(List.of(addition));
		}
		LocalService service = LocalService.start(application, brokerAddress, arguments);
		return new RpcService(service.port(), service);
	}

	<T> T bean(Class<T> type) {
		if (this.service == null) {
			throw new IllegalStateException("in another process");
		}
		return this.service.bean(type);
	}

	/**
	 * The value a call is answered with, which it must be.
	 */
	static String value(HttpResponse<String> response) {
		return json(assertStatus(response, 200)).get("value").asString();
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
		HttpResponse<String> response = assertStatus(post("/servers"), 201);
		String id = json(response).get("id").asString();
		assertThat(response.headers().firstValue("Location")).hasValue("/servers/" + id);
		return id;
	}

	void crash(String server) throws Exception {
		HttpResponse<String> response = post("/servers/" + server + "/crash");
		assertThat(json(assertStatus(response, 200)).get("state").asString()).isEqualTo("crashed");
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
		if (this.service != null) {
			this.service.close();
		}
	}

}
