package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.warren.broker.rabbitmq.TestClient.unique;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two clients do at once what only one of them can have done first. Each race is run so
 * often that a broker which looks before it takes its lock loses some.
 */
@ExtendWith(BrokerUnderTest.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RacesTests {

	private static final int ROUNDS = 1000;

	private static final long MOST_NANOS_APART = 50_000;

	private static final byte[] BODY = { 'x' };

	private final CyclicBarrier start = new CyclicBarrier(2);

	private final ExecutorService threads = Executors.newFixedThreadPool(2);

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
	}

	@ParameterizedTest
	@ValueSource(strings = { "classic", "quorum" })
	void twoPublishersDoNotOverfillAQueueThatRejects(String type, TestClient client) throws Exception {
		String exchange = client.exchange("fanout");
		Channel first = confirming(client);
		Channel second = confirming(client);
		List<String> queues = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			String queue = client
				.durableQueue(Map.of("x-queue-type", type, "x-max-length", 1, "x-overflow", "reject-publish"));
			first.queueBind(queue, exchange, "");
			queues.add(queue);
		}
		for (int round = 0; round < 20; round++) {
			race(() -> publish(first, exchange, ""), () -> publish(second, exchange, ""));

			for (String queue : queues) {
				assertThat(first.queuePurge(queue).getMessageCount()).isOne();
			}
		}
	}

	@Test
	void aQueueThatIsBeingDeletedIsNotBound(TestClient client) throws Exception {
		String exchange = client.exchange("direct");
		Racer binding = new Racer(client);
		Racer deleting = new Racer(client);
		for (int round = 0; round < ROUNDS; round++) {
			String queue = unique("queue");
			deleting.channel().queueDeclare(queue, false, false, false, null);
			for (int i = 0; i < 100; i++) {
				// Deleting takes longer.
				deleting.channel().basicPublish("", queue, null, BODY);
			}

			race(() -> binding.attempt((channel) -> channel.queueBind(queue, exchange, "key")),
					() -> deleting.attempt((channel) -> channel.queueDelete(queue)));
		}
		// Refused where a binding is left.
		client.channel().exchangeDelete(exchange, true);
	}

	@Test
	void anExchangeThatIsBeingDeletedIsNotBound(TestClient client) throws Exception {
		String queue = client.queue();
		String source = client.exchange("direct");
		Racer binding = new Racer(client);
		Racer deleting = new Racer(client);
		for (int round = 0; round < ROUNDS; round++) {
			String target = unique("target");
			deleting.channel().exchangeDeclare(target, "fanout");
			deleting.channel().queueBind(queue, target, "");

			race(() -> binding.attempt((channel) -> channel.exchangeBind(target, source, "key")),
					() -> deleting.attempt((channel) -> channel.exchangeDelete(target)));
		}
		// Refused where a binding is left.
		client.channel().exchangeDelete(source, true);
	}

	@Test
	void anExchangeThatIsDeletedBeingUnusedWasNotBound(TestClient client) throws Exception {
		String queue = client.queue();
		Racer binding = new Racer(client);
		Racer deleting = new Racer(client);
		for (int round = 0; round < ROUNDS; round++) {
			String exchange = unique("unused");
			deleting.channel().exchangeDeclare(exchange, "direct");

			race(() -> binding.attempt((channel) -> channel.queueBind(queue, exchange, "key")),
					() -> deleting.attempt((channel) -> channel.exchangeDelete(exchange, true)));

			assertThat(binding.succeeded).isNotEqualTo(deleting.succeeded);
			deleting.channel().exchangeDelete(exchange);
		}
	}

	@Test
	void aQueueThatIsDeletedBeingEmptyHadNoMessage(TestClient client) throws Exception {
		List<String> returned = new ArrayList<>();
		Channel publishing = confirming(client);
		publishing.addReturnListener((message) -> returned.add(message.getRoutingKey()));
		Racer deleting = new Racer(client);
		for (int round = 0; round < 2 * ROUNDS; round++) {
			String queue = unique("empty");
			publishing.queueDeclare(queue, false, false, false, null);

			race(() -> publish(publishing, "", queue), () -> deleting
				.attempt((channel) -> assertThat(channel.queueDelete(queue, false, true).getMessageCount()).isZero()));

			assertThat(returned.remove(queue)).as("returned").isEqualTo(deleting.succeeded);
			publishing.queueDelete(queue);
		}
	}

	@Test
	void aQueueThatIsDeletedBeingUnusedHadNoConsumer(TestClient client) throws Exception {
		Racer consuming = new Racer(client);
		Racer deleting = new Racer(client);
		for (int round = 0; round < 2 * ROUNDS; round++) {
			String queue = unique("unused");
			deleting.channel().queueDeclare(queue, false, false, false, null);

			race(() -> consuming.attempt((channel) -> Deliveries.from(channel, queue)),
					() -> deleting.attempt((channel) -> channel.queueDelete(queue, true, false)));

			assertThat(consuming.succeeded).isNotEqualTo(deleting.succeeded);
			deleting.channel().queueDelete(queue);
		}
	}

	@Test
	void anAutoDeleteQueueStaysForAConsumerThatCameInTime(TestClient client) throws Exception {
		Racer coming = new Racer(client);
		Racer going = new Racer(client);
		for (int round = 0; round < ROUNDS; round++) {
			String queue = unique("auto-delete");
			going.channel().queueDeclare(queue, false, false, true, null);
			String tag = Deliveries.from(going.channel(), queue).getConsumerTag();

			race(() -> coming.attempt((channel) -> Deliveries.from(channel, queue)),
					() -> going.attempt((channel) -> channel.basicCancel(tag)));

			assertThat(client.returned("", queue)).as("the queue is gone").isNotEqualTo(coming.succeeded);
		}
	}

	private static Channel confirming(TestClient client) throws Exception {
		Channel channel = client.stranger();
		channel.confirmSelect();
		return channel;
	}

	private static void publish(Channel channel, String exchange, String key) throws Exception {
		channel.basicPublish(exchange, key, true, null, BODY);
		channel.waitForConfirms(30_000);
	}

	private void race(Step one, Step other) throws Exception {
		Future<?> first = this.threads.submit(() -> run(one));
		Future<?> second = this.threads.submit(() -> run(other));
		first.get();
		second.get();
	}

	private Void run(Step step) throws Exception {
		this.start.await();
		// Neither way through the broker takes always as long as the other.
		long go = System.nanoTime() + ThreadLocalRandom.current().nextLong(MOST_NANOS_APART);
		while (System.nanoTime() < go) {
			Thread.onSpinWait();
		}
		step.run();
		return null;
	}

	@FunctionalInterface
	private interface Step {

		void run() throws Exception;

	}

	@FunctionalInterface
	private interface Attempt {

		void on(Channel channel) throws IOException;

	}

	/**
	 * Has a connection, and a new channel after each refusal.
	 */
	private static final class Racer {

		private final com.rabbitmq.client.Connection connection;

		private Channel channel;

		private boolean succeeded;

		Racer(TestClient client) throws Exception {
			this.connection = client.connect();
			this.channel = this.connection.createChannel();
		}

		Channel channel() {
			return this.channel;
		}

		void attempt(Attempt attempt) throws IOException {
			try {
				attempt.on(this.channel);
				this.succeeded = true;
			}
			catch (IOException ex) {
				if (!(ex.getCause() instanceof ShutdownSignalException)) {
					throw ex;
				}
				this.succeeded = false;
				this.channel = this.connection.createChannel();
			}
		}

	}

}
