package dev.warren.broker.rabbitmq;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.warren.broker.EmbeddedBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static dev.warren.broker.rabbitmq.TestClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Where RabbitMQ counts a little later, so that it may let some more in, the embedded
 * broker holds the limits exactly.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LimitRacesTests {

	private static final int CLIENTS = 100;

	/**
	 * How many of the clients, all at once, are not refused. What they have got stays.
	 */
	private static int admitted(Callable<?> attempt) throws Exception {
		CyclicBarrier start = new CyclicBarrier(CLIENTS);
		ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
		try {
			List<Future<?>> attempts = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				attempts.add(threads.submit(() -> {
					start.await();
					return attempt.call();
				}));
			}
			int admitted = 0;
			for (Future<?> one : attempts) {
				try {
					one.get();
					admitted++;
				}
				catch (ExecutionException ex) {
					assertThat(ex).hasStackTraceContaining("is reached");
				}
			}
			return admitted;
		}
		finally {
			threads.shutdownNow();
		}
	}

	@Test
	void noMoreConnectionsOfAUserThanAllowed() throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().userLimits("guest", 10, -1).start();
				TestClient client = new TestClient(broker.host(), broker.port())) {
			assertThat(admitted(client::connect)).isEqualTo(10);
		}
	}

	@Test
	void noMoreConnectionsOfAVirtualHostThanAllowed() throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().virtualHostLimits("/", 10, -1).start();
				TestClient client = new TestClient(broker.host(), broker.port())) {
			assertThat(admitted(client::connect)).isEqualTo(10);
		}
	}

	@Test
	void noMoreConnectionsOfTheBrokerThanAllowed() throws Exception {
		EmbeddedBroker.Builder builder = EmbeddedBroker.builder()
			.virtualHost("left")
			.virtualHost("right")
			.connectionMax(10);
		try (EmbeddedBroker broker = builder.start();
				TestClient client = new TestClient(broker.host(), broker.port())) {
			for (String virtualHost : List.of("left", "right")) {
				assertThat(admitted(() -> client.connect((factory) -> factory.setVirtualHost(virtualHost))))
					.isEqualTo(virtualHost.equals("left") ? 10 : 0);
			}

			assertThatIOException().isThrownBy(() -> client.connect((factory) -> factory.setVirtualHost("left")))
				.havingCause()
				.withMessageContaining(
						"reply-code=530, reply-text=NOT_ALLOWED - connection refused: node connection limit (10) is reached");
		}
	}

	@Test
	void noMoreQueuesOfAVirtualHostThanAllowed() throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().virtualHostLimits("/", -1, 10).start();
				TestClient client = new TestClient(broker.host(), broker.port())) {
			Connection connection = client.connection();

			assertThat(
					admitted(() -> connection.createChannel().queueDeclare(unique("queue"), true, false, false, null)))
				.isEqualTo(10);
		}
	}

	@Test
	void noMoreChannelsOfAUserThanAllowed() throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().userLimits("guest", -1, 10).start();
				TestClient client = new TestClient(broker.host(), broker.port())) {
			List<Connection> connections = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				connections.add(client.connect());
			}
			ExecutorService threads = Executors.newFixedThreadPool(connections.size());
			try {
				threads.invokeAll(connections.stream()
					.<Callable<Channel>>map((connection) -> connection::createChannel)
					.toList());
			}
			finally {
				threads.shutdownNow();
			}

			// A connection that wants one channel too many is closed.
			assertThat(connections.stream().filter(Connection::isOpen)).hasSize(10);
		}
	}

	@Test
	void whoClosesAConnectionOrChannelMayOpenAnotherAtOnce() throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().userLimits("guest", 1, 1).start();
				TestClient client = new TestClient(broker.host(), broker.port())) {
			for (int i = 0; i < 50; i++) {
				Connection connection = client.connect();
				for (int j = 0; j < 20; j++) {
					connection.createChannel().close();
				}
				connection.close();
			}
		}
	}

	@Test
	void aConnectionThatWasClosedWithChannelsLeavesTheirRoom() throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().userLimits("guest", -1, 1).start();
				TestClient client = new TestClient(broker.host(), broker.port())) {
			for (int i = 0; i < 50; i++) {
				Connection connection = client.connect();
				connection.createChannel();
				connection.close();
			}
		}
	}

	@Test
	void aClientThatHasFallenSilentDoesNotCount() throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().userLimits("guest", 1, -1).start();
				TestClient client = new TestClient(broker.host(), broker.port())) {
			RawConnection silent = client.raw().open(1);
			assertThatIOException().isThrownBy(client::connect)
				.havingCause()
				.withMessageContaining("user connection limit (1) is reached");

			silent.expectEnd();

			assertThat(client.connect().isOpen()).isTrue();
		}
	}

}
