package dev.warren.broker.rabbitmq;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import com.rabbitmq.client.Channel;
import dev.warren.broker.BrokerThreads;
import dev.warren.broker.EmbeddedBroker;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Throws broken frames at the embedded broker, behind valid handshakes, while a witness
 * goes on working: 24,000 of them, or as many as {@code warren.test.frames} says. The
 * same seed breaks the same frames in the same way.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class ProtocolFuzzTests {

	private static final long SEED = 20_261_121L;

	private static final int THREADS = 4;

	private static final int BROKEN_FRAMES_PER_CONNECTION = 6;

	/** How many frames are broken. */
	private static final int FRAMES = Integer.getInteger("warren.test.frames", 24_000);

	private static final int CONNECTIONS_PER_THREAD = FRAMES / BROKEN_FRAMES_PER_CONNECTION / THREADS + 1;

	/**
	 * Well above what the garbage collector leaves from run to run, well below what the
	 * frames' content would add up to if it stayed.
	 */
	private static final long TOLERATED_GROWTH = 32 * 1024 * 1024;

	@Test
	void brokenFramesHarmNobodyElse(TestReporter reporter) throws Exception {
		reporter.publishEntry("seed", Long.toString(SEED));
		try (EngineErrors errors = EngineErrors.listen();
				EmbeddedBroker broker = BrokerUnderTest.embedded().timeline(false).start();
				TestClient client = new TestClient(broker.host(), broker.port())) {
			AtomicBoolean done = new AtomicBoolean();
			CompletableFuture<Integer> witness = CompletableFuture.supplyAsync(() -> witness(client, done));

			attack(client, SEED, CONNECTIONS_PER_THREAD / 10);
			long before = usedHeap();
			int threads = BrokerThreads.allInJvm();
			int broken = attack(client, SEED + THREADS, CONNECTIONS_PER_THREAD);
			long after = usedHeap();

			done.set(true);
			assertThat(witness.get(1, TimeUnit.MINUTES)).as("messages of the witness").isPositive();
			assertThat(broken).as("broken frames").isGreaterThanOrEqualTo(FRAMES);
			errors.assertNone();
			Awaitility.await()
				.untilAsserted(() -> assertThat(BrokerThreads.allInJvm()).as("threads").isLessThanOrEqualTo(threads));
			assertThat(broker.isRunning()).isTrue();
			assertThat(client.connect().createChannel().queueDeclare().getQueue()).isNotEmpty();
			assertThat(after - before).as("bytes of heap more than before").isLessThan(TOLERATED_GROWTH);
		}
	}

	/**
	 * Publishes and consumes on one connection all the time; each message must come back.
	 */
	private static int witness(TestClient client, AtomicBoolean done) {
		try {
			Channel channel = client.channel();
			String queue = channel.queueDeclare().getQueue();
			Deliveries deliveries = Deliveries.autoAcknowledged(channel, queue);
			channel.confirmSelect();
			int count = 0;
			while (!done.get()) {
				String text = "message " + count++;
				channel.basicPublish("", queue, null, text.getBytes(StandardCharsets.UTF_8));
				channel.waitForConfirmsOrDie(30_000);
				assertThat(deliveries.nextText()).isEqualTo(text);
			}
			return count;
		}
		catch (Exception ex) {
			throw new IllegalStateException("The witness was harmed", ex);
		}
	}

	private static int attack(TestClient client, long seed, int connections)
			throws InterruptedException, ExecutionException {
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		try {
			List<Callable<Integer>> attackers = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				Random random = new Random(seed + i);
				attackers.add(() -> {
					int broken = 0;
					for (int j = 0; j < connections; j++) {
						broken += attack(client, random);
					}
					return broken;
				});
			}
			int broken = 0;
			for (Future<Integer> attacker : threads.invokeAll(attackers)) {
				broken += attacker.get();
			}
			return broken;
		}
		finally {
			threads.shutdownNow();
		}
	}

	/**
	 * Opens a connection, sends a few sound frames and then broken ones, and waits until
	 * the broker has closed the socket.
	 */
	private static int attack(TestClient client, Random random) throws IOException {
		try (RawConnection raw = new RawConnection(client.host(), client.port())) {
			raw.openChannel();
			List<byte[]> sound = SeedFrames.sound(random);
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			for (int i = random.nextInt(sound.size()); i >= 0; i--) {
				bytes.write(sound.get(random.nextInt(sound.size())));
			}
			for (int i = 0; i < BROKEN_FRAMES_PER_CONNECTION; i++) {
				bytes.write(SeedFrames.broken(sound.get(random.nextInt(sound.size())), random));
			}
			raw.sendAndEnd(bytes.toByteArray());
			return BROKEN_FRAMES_PER_CONNECTION;
		}
	}

	private static long usedHeap() {
		System.gc();
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

}
