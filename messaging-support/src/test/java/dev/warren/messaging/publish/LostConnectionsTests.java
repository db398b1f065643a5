package dev.warren.messaging.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.junit.EmbeddedBrokerTest;
import dev.warren.test.AmqpProxy;
import org.junit.jupiter.api.Test;

import static dev.warren.messaging.publish.PublisherFixture.message;
import static dev.warren.messaging.publish.PublisherFixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@EmbeddedBrokerTest
class LostConnectionsTests {

	private static final String QUEUE = "confirmed";

	private static final int THREADS = 4;

	private static final int MESSAGES = 1500;

	private static final int MESSAGES_PER_CUT = 800;

	/** How many messages each thread has in flight. */
	private static final int WINDOW = 20;

	private static final long SEED = 20261121;

	private static final String END = "end";

	@Test
	void whatIsReportedConfirmedIsInTheQueueOnceHoweverOftenConnectionsAreLost(EmbeddedBroker broker) throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(broker.uri());
		try (Connection connection = factory.newConnection();
				Channel channel = connection.createChannel();
				AmqpProxy proxy = new AmqpProxy(broker.port());
				PublisherFixture publishers = new PublisherFixture()) {
			channel.queueDeclare(QUEUE, false, false, false, null);
			ConfirmedPublisher publisher = publishers.connected(proxy.port());

			Map<String, CompletableFuture<Confirmation>> confirmations = publishWhileCutting(publisher, proxy);

			List<String> confirmed = new ArrayList<>();
			confirmations.forEach((id, confirmation) -> {
				if (outcome(confirmation).equals("routed")) {
					confirmed.add(id);
				}
			});
			List<String> received = drain(channel);
			assertThat(confirmed).as("some are confirmed, some are not")
				.isNotEmpty()
				.hasSizeLessThan(THREADS * MESSAGES);
			assertThat(received).doesNotHaveDuplicates().containsAll(confirmed);
		}
	}

	private static Map<String, CompletableFuture<Confirmation>> publishWhileCutting(ConfirmedPublisher publisher,
			AmqpProxy proxy) throws Exception {
		Map<String, CompletableFuture<Confirmation>> confirmations = new ConcurrentHashMap<>();
		ExecutorService executor = Executors.newFixedThreadPool(THREADS);
		try {
			List<Future<?>> tasks = new ArrayList<>();
			for (int thread = 0; thread < THREADS; thread++) {
				String prefix = thread + "-";
				Random random = new Random(SEED + thread);
				tasks.add(executor.submit(() -> {
					for (int i = 0; i < MESSAGES; i++) {
						String id = prefix + i;
						confirmations.put(id, publisher.publish("", QUEUE, message(id)));
						if (i >= WINDOW) {
							outcome(Objects.requireNonNull(confirmations.get(prefix + (i - WINDOW))));
						}
						if (random.nextInt(MESSAGES_PER_CUT) == 0) {
							proxy.cut();
						}
						if (publisher.broker() == null) {
							await().until(() -> publisher.broker() != null);
						}
					}
				}));
			}
			for (Future<?> task : tasks) {
				task.get(60, TimeUnit.SECONDS);
			}
		}
		finally {
			executor.shutdownNow();
		}
		return confirmations;
	}

	private static List<String> drain(Channel channel) throws Exception {
		channel.basicPublish("", QUEUE, new AMQP.BasicProperties.Builder().messageId(END).build(), new byte[0]);
		BlockingQueue<String> ids = new LinkedBlockingQueue<>();
		channel.basicConsume(QUEUE, true, (tag, delivery) -> ids.add(delivery.getProperties().getMessageId()),
				(tag) -> {
				});
		List<String> received = new ArrayList<>();
		for (String id = ids.poll(30, TimeUnit.SECONDS); id != null
				&& !id.equals(END); id = ids.poll(30, TimeUnit.SECONDS)) {
			received.add(id);
		}
		return received;
	}

}
