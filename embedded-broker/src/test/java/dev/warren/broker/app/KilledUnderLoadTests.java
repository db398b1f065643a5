package dev.warren.broker.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.broker.AmqpClient;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * A broker that is killed over and over, on one data directory, while it is published to
 * and consumed from. {@code -Dwarren.test.kills=20} kills it more often than the few
 * times that everybody who builds has the time for.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class KilledUnderLoadTests {

	private static final int ROUNDS = Integer.getInteger("warren.test.kills", 3);

	private static final long SEED = 20_261_121L;

	private static final int MOST_CONFIRMS_A_ROUND = 1_500;

	private static final int MOST_UNCONFIRMED = 200;

	private static final AMQP.BasicProperties PROPERTIES = MessageProperties.PERSISTENT_TEXT_PLAIN.builder()
		.headers(Map.of("level", 3))
		.build();

	@TempDir
	Path directory;

	/** Never taken from until the end. */
	private final NavigableSet<Integer> confirmed = new ConcurrentSkipListSet<>();

	private final Set<Integer> consumed = ConcurrentHashMap.newKeySet();

	private int lastPublished;

	@Test
	void nothingConfirmedAndNothingDeclaredIsLost(TestReporter reporter) throws Exception {
		Random random = new Random(SEED);
		for (int round = 0; round < ROUNDS; round++) {
			try (BrokerProcess process = BrokerProcess.ofBrokerOnly(this.directory);
					AmqpClient client = AmqpClient.connect(process.awaitUri())) {
				if (round > 0) {
					assertTopologyIsThatOf(round - 1, client.channel());
				}
				declareTopologyOf(round, client.channel());
				consume(client.channel());
				publishUntilKilled(client.channel().getConnection().createChannel(), process,
						1 + random.nextInt(MOST_CONFIRMS_A_ROUND));
			}
		}
		reporter.publishEntry("confirmed", Integer.toString(this.confirmed.size()));

		try (BrokerProcess process = BrokerProcess.ofBrokerOnly(this.directory);
				AmqpClient client = AmqpClient.connect(process.awaitUri())) {
			assertTopologyIsThatOf(ROUNDS - 1, client.channel());
			List<Integer> kept = numbers(client.drain("kept"));
			assertThat(kept).isSorted().doesNotHaveDuplicates();
			assertThat(lost(kept)).as("confirmed but gone from the quorum queue").isEmpty();
			Set<Integer> taken = new HashSet<>(this.consumed);
			taken.addAll(numbers(client.drain("work")));
			assertThat(lost(taken)).as("confirmed but never seen by a consumer").isEmpty();
		}
	}

	private List<Integer> lost(Collection<Integer> there) {
		Set<Integer> found = new HashSet<>(there);
		return this.confirmed.stream().filter((number) -> !found.contains(number)).toList();
	}

	private static List<Integer> numbers(List<String> texts) {
		return texts.stream().map(Integer::valueOf).toList();
	}

	/**
	 * Everything durable that is always there, and a queue of the round in place of the
	 * previous round's.
	 */
	private static void declareTopologyOf(int round, Channel channel) throws IOException {
		declareWhatIsAlwaysThere(channel);
		channel.queueDeclare("round-" + round, true, false, false, Map.of("x-max-length", 100 + round));
		channel.queueBind("round-" + round, "back", "");
		channel.queueDelete("round-" + (round - 1));
	}

	private static void declareWhatIsAlwaysThere(Channel channel) throws IOException {
		channel.exchangeDeclare("strays", "fanout", true, false, null);
		channel.exchangeDeclare("front", "headers", true, false, Map.of("alternate-exchange", "strays"));
		channel.exchangeDeclare("back", "fanout", true, false, true, null);
		channel.exchangeBind("back", "front", "", Map.of("x-match", "any", "level", 3, "other", "none"));
		channel.queueDeclare("work", true, false, false,
				Map.of("x-message-ttl", 3_600_000, "x-dead-letter-exchange", "strays", "x-max-priority", 5));
		channel.queueBind("work", "back", "");
		channel.queueDeclare("kept", true, false, false, Map.of("x-queue-type", "quorum", "x-delivery-limit", 50));
		channel.queueBind("kept", "back", "");
		channel.queueDeclare("stray", true, false, false, null);
		channel.queueBind("stray", "strays", "");
	}

	/**
	 * Nothing is declared here that is not there: where a binding is missing the messages
	 * say so, where a queue or an argument is, the redeclaration does.
	 */
	private void assertTopologyIsThatOf(int round, Channel channel) throws Exception {
		assertThat(channel.queueDeclarePassive("kept").getMessageCount()).as("kept")
			.isGreaterThanOrEqualTo(this.confirmed.size());
		channel.exchangeDeclarePassive("front");
		channel.exchangeDeclarePassive("back");
		channel.queueDeclarePassive("work");
		channel.queueDeclarePassive("stray");
		String ofTheRound = "round-" + round;
		channel.queueDeclarePassive(ofTheRound);
		channel.queuePurge(ofTheRound);
		channel.confirmSelect();
		channel.basicPublish("front", "", PROPERTIES.builder().headers(Map.of("level", 4)).build(), new byte[0]);
		channel.waitForConfirmsOrDie(10_000);
		assertThat(channel.basicGet("stray", true)).as("what only the alternate exchange routes").isNotNull();
		assertThat(channel.basicGet(ofTheRound, true)).isNull();
		// Equal arguments are accepted, others are not.
		declareWhatIsAlwaysThere(channel);
		channel.queueDeclare(ofTheRound, true, false, false, Map.of("x-max-length", 100 + round));
		for (String absent : List.of("round-" + (round - 1), "round-" + (round + 1))) {
			assertRefused(channel, "NOT_FOUND", (other) -> other.queueDeclarePassive(absent));
		}
		assertRefused(channel, "inequivalent arg 'x-max-length'",
				(other) -> other.queueDeclare(ofTheRound, true, false, false, Map.of("x-max-length", 99)));
		assertRefused(channel, "inequivalent arg 'alternate-exchange'",
				(other) -> other.exchangeDeclare("front", "headers", true));
	}

	private static void assertRefused(Channel channel, String text, ChannelAction action) throws Exception {
		Channel other = channel.getConnection().createChannel();
		assertThatIOException().isThrownBy(() -> action.run(other)).havingCause().withMessageContaining(text);
	}

	private void consume(Channel channel) throws IOException {
		channel.basicQos(50);
		channel.basicConsume("work", false, (tag, delivery) -> {
			this.consumed.add(Integer.valueOf(new String(delivery.getBody(), StandardCharsets.UTF_8)));
			try {
				channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
			}
			catch (AlreadyClosedException ex) {
				// The broker was killed meanwhile: it will come again.
			}
		}, (tag) -> {
		});
	}

	/**
	 * Publishes without a pause. The process is killed after so many confirms, in the
	 * middle of whatever it does then.
	 */
	private void publishUntilKilled(Channel channel, BrokerProcess process, int confirms) throws Exception {
		int before = this.confirmed.size();
		NavigableSet<Integer> unconfirmed = new ConcurrentSkipListSet<>();
		Semaphore window = new Semaphore(MOST_UNCONFIRMED);
		int offset = this.lastPublished;
		channel.confirmSelect();
		channel.addConfirmListener((tag, multiple) -> {
			List<Integer> now = new ArrayList<>(
					multiple ? unconfirmed.headSet((int) tag + offset, true) : List.of((int) tag + offset));
			this.confirmed.addAll(now);
			unconfirmed.removeAll(now);
			window.release(now.size());
		}, (tag, multiple) -> {
			throw new AssertionError("Message " + tag + " was refused");
		});
		Thread killer = new Thread(() -> {
			Awaitility.await()
				.pollInterval(1, TimeUnit.MILLISECONDS)
				.atMost(1, TimeUnit.MINUTES)
				.until(() -> this.confirmed.size() - before >= confirms);
			process.close();
		});
		killer.start();
		try {
			while (channel.isOpen()) {
				if (window.tryAcquire(10, TimeUnit.MILLISECONDS)) {
					int number = ++this.lastPublished;
					unconfirmed.add(number);
					channel.basicPublish("front", "", PROPERTIES,
							Integer.toString(number).getBytes(StandardCharsets.UTF_8));
				}
			}
		}
		catch (IOException | ShutdownSignalException ex) {
			// As it should be.
		}
		killer.join();
		process.awaitExit();
	}

	private interface ChannelAction {

		void run(Channel channel) throws Exception;

	}

}
