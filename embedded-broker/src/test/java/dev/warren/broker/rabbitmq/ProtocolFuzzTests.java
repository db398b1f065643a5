package dev.warren.broker.rabbitmq;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.impl.Frame;
import dev.warren.broker.EmbeddedBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Throws broken frames at the embedded broker, behind valid handshakes, while a witness
 * goes on working. The same seed breaks the same frames in the same way.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ProtocolFuzzTests {

	private static final long SEED = 20_261_121L;

	private static final int THREADS = 4;

	private static final int CONNECTIONS_PER_THREAD = 1_000;

	private static final int BROKEN_FRAMES_PER_CONNECTION = 6;

	/**
	 * Well above what the garbage collector leaves from run to run, well below what the
	 * frames' content would add up to if it stayed.
	 */
	private static final long TOLERATED_GROWTH = 32 * 1024 * 1024;

	@Test
	void brokenFramesHarmNobodyElse(TestReporter reporter) throws Exception {
		reporter.publishEntry("seed", Long.toString(SEED));
		try (EmbeddedBroker broker = BrokerUnderTest.startEmbedded();
				TestClient client = new TestClient(broker.host(), broker.port())) {
			AtomicBoolean done = new AtomicBoolean();
			CompletableFuture<Integer> witness = CompletableFuture.supplyAsync(() -> witness(client, done));

			attack(client, SEED, CONNECTIONS_PER_THREAD / 10);
			long before = usedHeap();
			int broken = attack(client, SEED + THREADS, CONNECTIONS_PER_THREAD);
			long after = usedHeap();

			done.set(true);
			assertThat(witness.get(1, TimeUnit.MINUTES)).as("messages of the witness").isPositive();
			assertThat(broken).as("broken frames").isGreaterThanOrEqualTo(20_000);
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
			List<byte[]> sound = soundFrames(random);
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			for (int i = random.nextInt(sound.size()); i >= 0; i--) {
				bytes.write(sound.get(random.nextInt(sound.size())));
			}
			for (int i = 0; i < BROKEN_FRAMES_PER_CONNECTION; i++) {
				bytes.write(broken(sound.get(random.nextInt(sound.size())), random));
			}
			raw.sendAndEnd(bytes.toByteArray());
			return BROKEN_FRAMES_PER_CONNECTION;
		}
	}

	private static List<byte[]> soundFrames(Random random) throws IOException {
		String name = "fuzz-" + random.nextInt(1000);
		List<byte[]> frames = new ArrayList<>();
		for (Method method : List.of(new AMQP.Channel.Open.Builder().build(),
				new AMQP.Exchange.Declare.Builder().exchange(name).type("topic").autoDelete().build(),
				new AMQP.Exchange.Bind.Builder().destination(name).source("amq.topic").routingKey("a.*").build(),
				new AMQP.Queue.Declare.Builder().queue("")
					.exclusive()
					.arguments(Map.of("x-max-length", 10, "x-message-ttl", 1000L, "x-dead-letter-exchange", name))
					.build(),
				new AMQP.Queue.Bind.Builder().queue("")
					.exchange(name)
					.routingKey("#")
					.arguments(Map.of("x-match", "any", "nested", Map.of("list", List.of(1, 2.5, true))))
					.build(),
				new AMQP.Queue.Purge.Builder().queue("").build(), new AMQP.Queue.Delete.Builder().queue("").build(),
				new AMQP.Basic.Qos.Builder().prefetchCount(10).build(),
				new AMQP.Basic.Consume.Builder().queue("").consumerTag(name).noAck(random.nextBoolean()).build(),
				new AMQP.Basic.Cancel.Builder().consumerTag(name).build(),
				new AMQP.Basic.Get.Builder().queue("").build(),
				new AMQP.Basic.Ack.Builder().deliveryTag(random.nextInt(5)).multiple(random.nextBoolean()).build(),
				new AMQP.Basic.Nack.Builder().deliveryTag(1).requeue(random.nextBoolean()).build(),
				new AMQP.Basic.Reject.Builder().deliveryTag(2).requeue(random.nextBoolean()).build(),
				new AMQP.Basic.Recover.Builder().requeue(true).build(), new AMQP.Confirm.Select.Builder().build(),
				new AMQP.Tx.Select.Builder().build(), new AMQP.Tx.Commit.Builder().build(),
				new AMQP.Channel.Flow.Builder().active(true).build())) {
			frames.add(bytes(((com.rabbitmq.client.impl.Method) method).toFrame(1)));
		}
		// Content is only sound as three frames together.
		ByteArrayOutputStream content = new ByteArrayOutputStream();
		AMQP.Basic.Publish publish = new AMQP.Basic.Publish.Builder().exchange(name)
			.routingKey("a.b")
			.mandatory(random.nextBoolean())
			.build();
		byte[] body = new byte[random.nextInt(2000)];
		random.nextBytes(body);
		content.write(bytes(((com.rabbitmq.client.impl.Method) publish).toFrame(1)));
		content.write(bytes(new AMQP.BasicProperties.Builder().messageId("m")
			.expiration("1000")
			.headers(Map.of("CC", List.of("c.d"), "deep", Map.of("er", List.of(Map.of("est", 1L)))))
			.build()
			.toFrame(1, body.length)));
		content.write(bytes(Frame.fromBodyFragment(1, body, 0, body.length)));
		frames.add(content.toByteArray());
		return frames;
	}

	private static byte[] bytes(Frame frame) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		frame.writeTo(new DataOutputStream(bytes));
		return bytes.toByteArray();
	}

	private static byte[] broken(byte[] frame, Random random) {
		byte[] broken = frame.clone();
		switch (random.nextInt(9)) {
			case 0 -> flip(broken, 7 + random.nextInt(Math.max(1, broken.length - 8)), random);
			case 1 -> {
				for (int i = 0; i < 8; i++) {
					flip(broken, random.nextInt(broken.length), random);
				}
			}
			case 2 -> ByteBuffer.wrap(broken).putInt(3, random.nextInt());
			case 3 -> ByteBuffer.wrap(broken).putInt(3, random.nextInt(2 * broken.length));
			case 4 -> ByteBuffer.wrap(broken).putShort(1, (short) random.nextInt());
			case 5 -> broken[0] = (byte) random.nextInt();
			case 6 -> broken[broken.length - 1] = (byte) random.nextInt(200);
			case 7 -> broken = Arrays.copyOf(broken, random.nextInt(broken.length));
			default -> {
				// The frame's shape is sound, its content is not.
				byte[] noise = new byte[random.nextInt(64)];
				random.nextBytes(noise);
				ByteBuffer shaped = ByteBuffer.allocate(noise.length + 8);
				shaped.put((byte) (1 + random.nextInt(3)))
					.putShort((short) random.nextInt(2))
					.putInt(noise.length)
					.put(noise)
					.put((byte) AMQP.FRAME_END);
				broken = shaped.array();
			}
		}
		return broken;
	}

	private static void flip(byte[] bytes, int position, Random random) {
		bytes[position] ^= (byte) (1 + random.nextInt(255));
	}

	private static long usedHeap() {
		System.gc();
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

}
