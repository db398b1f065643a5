package dev.warren.broker.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.broker.AmqpClient;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A broker that is published to, with confirms, and consumed from, on a disk that loses
 * what was not waited for, or has no room. Of what was confirmed nothing may be missing,
 * and its order is kept. {@code -Dwarren.test.faults=20} has more of them, and
 * {@code -Dwarren.test.seed} others.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class DiskFaultTests {

	private static final int ROUNDS = Integer.getInteger("warren.test.faults", 2);

	private static final long SEED = Long.getLong("warren.test.seed", 20_261_128L);

	private static final int MOST_UNCONFIRMED = 200;

	private static final int DISK_MEGABYTES = 90;

	@TempDir
	Path directory;

	private final Random random = new Random(SEED);

	/** Of these nothing may be missing. */
	private final NavigableSet<Integer> safe = new TreeSet<>();

	private final NavigableSet<Integer> confirmed = new ConcurrentSkipListSet<>();

	private final Set<Integer> consumed = ConcurrentHashMap.newKeySet();

	private int lastPublished;

	private boolean mounted;

	@ParameterizedTest
	@EnumSource(Fault.class)
	void whatWasConfirmedOutlivesThePowerCut(Fault fault) throws Exception {
		DataFiles files = new DataFiles(this.directory.resolve("data"));
		for (int round = 0; round < ROUNDS; round++) {
			try (BrokerProcess process = BrokerProcess.ofBrokerOnly(this.directory);
					AmqpClient client = AmqpClient.connect(process.awaitUri())) {
				assertNothingIsMissing(client.channel());
				declare(client.channel());
				consume(client.channel());
				Publisher publisher = startPublisher(client);
				awaitConfirms(100 + this.random.nextInt(900));
				this.safe.addAll(this.confirmed);
				Map<Path, Long> lengths = files.lengths();
				awaitConfirms(this.random.nextInt(300));
				process.kill();
				publisher.join();
				fault.happen(files, lengths, this.random);
				// Those that came later were on the part of the disk that is lost.
				this.confirmed.clear();
			}
		}

		try (BrokerProcess process = BrokerProcess.ofBrokerOnly(this.directory);
				AmqpClient client = AmqpClient.connect(process.awaitUri())) {
			assertNothingIsMissing(client.channel());
		}
	}

	@Test
	void whatWasConfirmedOutlivesAFullDisk() throws Exception {
		mountSmallDisk();
		DataFiles files = new DataFiles(this.directory.resolve("data"));
		try (BrokerProcess process = BrokerProcess.ofBrokerOnly(this.directory);
				AmqpClient client = AmqpClient.connect(process.awaitUri())) {
			declare(client.channel());
			consume(client.channel());
			Publisher publisher = startPublisher(client);
			awaitConfirms(500);
			Path filler = files.fillDisk();
			// Blocked, refused, or the broker is gone: there is no more room for any.
			awaitStandstill();
			int atStandstill = this.confirmed.size();
			Files.delete(filler);

			Awaitility.await()
				.atMost(30, TimeUnit.SECONDS)
				.until(() -> this.confirmed.size() > atStandstill
						|| process.output().contains("has failed, and the broker stops"));

			process.kill();
			publisher.join();
			this.safe.addAll(this.confirmed);
		}

		try (BrokerProcess process = BrokerProcess.ofBrokerOnly(this.directory);
				AmqpClient client = AmqpClient.connect(process.awaitUri())) {
			assertNothingIsMissing(client.channel());
			client.publishConfirmed("", "kept", List.of("there is room again"));
		}
	}

	private void mountSmallDisk() throws Exception {
		Path data = Files.createDirectory(this.directory.resolve("data"));
		try {
			this.mounted = run("mount", "-t", "tmpfs", "-o", "size=" + DISK_MEGABYTES + "m", "tmpfs", data.toString());
		}
		catch (IOException ex) {
			this.mounted = false;
		}
		Assumptions.assumeTrue(this.mounted, "needs the right to mount a small disk");
	}

	@AfterEach
	void unmount() throws Exception {
		if (this.mounted) {
			// Until the broker's process is gone the disk is busy.
			Awaitility.await().until(() -> run("umount", this.directory.resolve("data").toString()));
		}
	}

	private static boolean run(String... command) throws IOException, InterruptedException {
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start()
			.waitFor() == 0;
	}

	private static void declare(Channel channel) throws IOException {
		for (String queue : List.of("kept", "work")) {
			channel.queueDeclare(queue, true, false, false, null);
			channel.queueBind(queue, "amq.fanout", "");
		}
		channel.queueDeclare("counted", true, false, false, Map.of("x-queue-type", "quorum"));
		channel.queueBind("counted", "amq.fanout", "");
	}

	private void consume(Channel channel) throws IOException {
		channel.basicQos(50);
		channel.basicConsume("work", false, (tag, delivery) -> {
			this.consumed.add(number(delivery.getBody()));
			try {
				channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
			}
			catch (AlreadyClosedException ex) {
				// The broker is gone.
			}
		}, (tag) -> {
		});
	}

	private void assertNothingIsMissing(Channel channel) throws IOException {
		if (this.safe.isEmpty()) {
			return;
		}
		for (String queue : List.of("kept", "counted")) {
			List<Integer> kept = new ArrayList<>();
			GetResponse next = channel.basicGet(queue, false);
			while (next != null) {
				kept.add(number(next.getBody()));
				if (queue.equals("kept")) {
					assertThat(next.getEnvelope().isRedeliver()).isTrue();
				}
				next = channel.basicGet(queue, false);
			}
			assertThat(kept).as(queue).isSorted().doesNotHaveDuplicates().containsAll(this.safe);
		}
		Set<Integer> taken = new TreeSet<>(this.consumed);
		GetResponse next = channel.basicGet("work", false);
		while (next != null) {
			taken.add(number(next.getBody()));
			next = channel.basicGet("work", false);
		}
		assertThat(taken).containsAll(this.safe);
		channel.basicRecover();
	}

	private static Integer number(byte[] body) {
		return Integer.valueOf(new String(body, StandardCharsets.UTF_8));
	}

	/**
	 * Returns when at least so many more are confirmed.
	 */
	private void awaitConfirms(int count) {
		int goal = this.confirmed.size() + count;
		Awaitility.await()
			.pollInterval(1, TimeUnit.MILLISECONDS)
			.atMost(1, TimeUnit.MINUTES)
			.until(() -> this.confirmed.size() >= goal);
	}

	/**
	 * Returns when there was no confirm for a second.
	 */
	private void awaitStandstill() {
		int[] last = { -1 };
		Awaitility.await().pollInterval(1, TimeUnit.SECONDS).atMost(1, TimeUnit.MINUTES).until(() -> {
			int before = last[0];
			last[0] = this.confirmed.size();
			return last[0] == before;
		});
	}

	/**
	 * Publishes without a pause until the connection ends.
	 */
	private Publisher startPublisher(AmqpClient client) throws IOException {
		Channel channel = client.channel().getConnection().createChannel();
		NavigableSet<Integer> unconfirmed = new ConcurrentSkipListSet<>();
		Semaphore window = new Semaphore(MOST_UNCONFIRMED);
		int offset = this.lastPublished;
		channel.confirmSelect();
		channel.addConfirmListener((tag, multiple) -> {
			List<Integer> now = settled(unconfirmed, (int) tag + offset, multiple);
			this.confirmed.addAll(now);
			unconfirmed.removeAll(now);
			window.release(now.size());
		}, (tag, multiple) -> {
			List<Integer> now = settled(unconfirmed, (int) tag + offset, multiple);
			unconfirmed.removeAll(now);
			window.release(now.size());
		});
		Publisher publisher = new Publisher(() -> {
			while (channel.isOpen()) {
				if (window.tryAcquire(10, TimeUnit.MILLISECONDS)) {
					int number = ++this.lastPublished;
					unconfirmed.add(number);
					channel.basicPublish("amq.fanout", "", MessageProperties.PERSISTENT_TEXT_PLAIN,
							Integer.toString(number).getBytes(StandardCharsets.UTF_8));
				}
			}
		});
		publisher.start();
		return publisher;
	}

	private static List<Integer> settled(NavigableSet<Integer> unconfirmed, int number, boolean multiple) {
		return new ArrayList<>(multiple ? unconfirmed.headSet(number, true) : List.of(number));
	}

	private enum Fault {

		/** The process is killed, and the disk is as it was. */
		KILLED {

			@Override
			void happen(DataFiles files, Map<Path, Long> lengths, Random random) {
				// That is all.
			}

		},

		/** What was written since the confirms is not there. */
		DROPPED {

			@Override
			void happen(DataFiles files, Map<Path, Long> lengths, Random random) throws IOException {
				files.cut(lengths);
			}

		},

		/** Half a record is there. */
		TORN {

			@Override
			void happen(DataFiles files, Map<Path, Long> lengths, Random random) throws IOException {
				files.tear(lengths, random);
			}

		},

		/** Something else is there. */
		GARBLED {

			@Override
			void happen(DataFiles files, Map<Path, Long> lengths, Random random) throws IOException {
				files.garble(lengths, random);
			}

		};

		abstract void happen(DataFiles files, Map<Path, Long> lengths, Random random) throws IOException;

	}

	private static final class Publisher extends Thread {

		private final Work work;

		Publisher(Work work) {
			this.work = work;
		}

		@Override
		public void run() {
			try {
				this.work.run();
			}
			catch (IOException | ShutdownSignalException ex) {
				// As it should be.
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		private interface Work {

			void run() throws IOException, InterruptedException;

		}

	}

}
