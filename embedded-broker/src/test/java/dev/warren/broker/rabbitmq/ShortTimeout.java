package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.warren.broker.EmbeddedBroker;
import org.junit.jupiter.api.Assumptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Half a second for all consumers to acknowledge in, on an embedded broker of its own, or
 * set with {@code rabbitmqctl} for as long as the test takes.
 */
final class ShortTimeout implements AutoCloseable {

	private static final long MILLIS = 500;

	private static final long DEFAULT_MILLIS = 1_800_000;

	private final TestClient client;

	private final End end;

	private ShortTimeout(TestClient client, End end) {
		this.client = client;
		this.end = end;
	}

	/**
	 * @param client of the broker under test
	 */
	static ShortTimeout set(TestClient client) throws IOException {
		if (BrokerUnderTest.isRabbitMq()) {
			set(MILLIS);
			return new ShortTimeout(client, () -> set(DEFAULT_MILLIS));
		}
		EmbeddedBroker broker = EmbeddedBroker.builder().consumerTimeout(Duration.ofMillis(MILLIS)).start();
		TestClient own = new TestClient(broker.host(), broker.port());
		return new ShortTimeout(own, () -> {
			own.close();
			broker.close();
		});
	}

	private static void set(long millis) throws IOException {
		String control = System.getenv("WARREN_TEST_RABBITMQCTL");
		Assumptions.assumeTrue(control != null, "WARREN_TEST_RABBITMQCTL is not set");
		Process process = new ProcessBuilder(control, "eval",
				"application:set_env(rabbit, consumer_timeout, " + millis + ").")
			.inheritIO()
			.start();
		assertThat(process.onExit()).as("rabbitmqctl")
			.succeedsWithin(60, TimeUnit.SECONDS)
			.extracting(Process::exitValue)
			.isEqualTo(0);
	}

	TestClient client() {
		return this.client;
	}

	@Override
	public void close() throws IOException, TimeoutException {
		this.end.end();
	}

	private interface End {

		void end() throws IOException, TimeoutException;

	}

}
