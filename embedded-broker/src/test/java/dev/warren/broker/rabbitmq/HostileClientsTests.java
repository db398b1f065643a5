package dev.warren.broker.rabbitmq;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.warren.broker.BrokerThreads;
import dev.warren.broker.EmbeddedBroker;
import org.apache.qpid.server.bytebuffer.QpidByteBuffer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients that mean harm, for a minute or for as long as {@code warren.test.hostile} says
 * ({@code PT1H}), beside one that does not: it loses nothing, and afterwards the broker
 * has no more of anything than before. With {@code warren.test.hostile.p99=true} the
 * honest client's latency is measured on the idle broker, too.
 */
class HostileClientsTests {

	private static final Duration LENGTH = Duration.parse(System.getProperty("warren.test.hostile", "PT20S"));

	private static final Duration WARM_UP = Duration.ofSeconds(5);

	private static final Duration IDLE = Duration.ofSeconds(20);

	private static final int CLIENTS = 4;

	private static final long SEED = 20_261_128L;

	/** What the garbage collector leaves from run to run, and a little of Qpid's. */
	private static final long TOLERATED_GROWTH = 8 * 1024 * 1024;

	@Test
	void theyHarmNobodyElseAndLeaveNothing() throws Exception {
		try (EngineErrors errors = EngineErrors.listen();
				EmbeddedBroker broker = BrokerUnderTest.embedded().timeline(false).start();
				TestClient client = new TestClient(broker.host(), broker.port())) {
			HonestClient honest = new HonestClient(client);
			attack(broker, honest, WARM_UP, SEED);
			clear(client);
			Usage usage = Usage.settled();
			Duration idle = Boolean.getBoolean("warren.test.hostile.p99") ? idle(honest) : Duration.ZERO;

			Outcome outcome = attack(broker, honest, LENGTH, SEED + CLIENTS);

			clear(client);
			System.out.println(outcome);
			if (!idle.isZero()) {
				System.out.printf("p99 when idle %s, %.1f times that under attack%n", idle,
						(double) outcome.p99().toNanos() / idle.toNanos());
			}
			usage.assertNoMore();
			errors.assertNone();
			assertThat(broker.isRunning()).isTrue();
			honest.deleteQueue();
		}
	}

	private static Duration idle(HonestClient honest) throws Exception {
		honest.work(WARM_UP);
		return honest.work(IDLE);
	}

	private static Outcome attack(EmbeddedBroker broker, HonestClient honest, Duration length, long seed)
			throws Exception {
		AtomicBoolean done = new AtomicBoolean();
		AtomicLong attacks = new AtomicLong();
		ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
		try {
			List<Future<?>> running = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				HostileClient hostile = new HostileClient(broker.host(), broker.port(), seed + i);
				running.add(threads.submit(() -> {
					while (!done.get()) {
						hostile.attack();
						attacks.incrementAndGet();
					}
				}));
			}
			Duration p99;
			try {
				p99 = honest.work(length);
			}
			finally {
				done.set(true);
			}
			for (Future<?> one : running) {
				one.get();
			}
			return new Outcome(attacks.get(), honest.messages(), p99);
		}
		finally {
			threads.shutdownNow();
		}
	}

	/**
	 * Deletes what hostile clients declared under names of their own.
	 */
	private static void clear(TestClient client) throws Exception {
		try (Connection connection = client.connect(); Channel channel = connection.createChannel()) {
			for (String name : HostileClient.NAMES) {
				channel.queueDelete(name);
				channel.exchangeDelete(name);
			}
			for (int i = 0; i < 1000; i++) {
				channel.exchangeDelete("fuzz-" + i);
			}
		}
	}

	private record Outcome(long attacks, int messages, Duration p99) {

	}

	/**
	 * What the JVM uses.
	 */
	private record Usage(long heap, long direct, int threads) {

		static Usage now() {
			for (int i = 0; i < 3; i++) {
				System.gc();
			}
			long direct = QpidByteBuffer.getAllocatedDirectMemorySize()
					- (long) QpidByteBuffer.getNumberOfBuffersInPool() * QpidByteBuffer.getPooledBufferSize();
			return new Usage(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), direct,
					BrokerThreads.allInJvm());
		}

		/**
		 * When the connections that were killed are gone.
		 */
		static Usage settled() {
			Usage[] last = { now() };
			Awaitility.await().pollInterval(Duration.ofSeconds(1)).until(() -> {
				Usage earlier = last[0];
				last[0] = now();
				return last[0].threads() == earlier.threads() && last[0].direct() == earlier.direct();
			});
			return last[0];
		}

		void assertNoMore() {
			Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
				Usage now = now();
				assertThat(now.heap() - this.heap).as("bytes of heap more than before").isLessThan(TOLERATED_GROWTH);
				assertThat(now.direct()).as("bytes of direct memory").isLessThanOrEqualTo(this.direct);
				assertThat(now.threads()).as("threads").isLessThanOrEqualTo(this.threads);
			});
		}

	}

}
