package dev.warren.broker.rabbitmq;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.impl.Frame;

/**
 * A client that means harm: each attack is a connection that does one thing it should
 * not, and is killed. All that it declares by name is one of {@link #NAMES} or goes with
 * its connection.
 */
final class HostileClient {

	/** The names of queues and exchanges that attacks leave. */
	static final List<String> NAMES = List.of("hostile-0", "hostile-1", "hostile-2", "hostile-3", "hostile-${PATH}",
			"hostile-%24", "hostile-\u0001", "hostile-\u00e9\u4e2d\ud83d\udc07");

	private static final int CHANNELS = 4;

	private final String host;

	private final int port;

	private final Random random;

	HostileClient(String host, int port, long seed) {
		this.host = host;
		this.port = port;
		this.random = new Random(seed);
	}

	void attack() {
		try (RawConnection raw = new RawConnection(this.host, this.port)) {
			switch (this.random.nextInt(9)) {
				case 0 -> spoilTheHandshake(raw);
				case 1 -> sendInAnyOrder(raw.openChannel());
				case 2 -> sendHalfMessages(raw.openChannel());
				case 3 -> readNoReplies(raw.openChannel());
				case 4 -> readNoDirectReplies(raw.openChannel());
				case 5 -> sendTables(raw.openChannel());
				case 6 -> sendNames(raw.openChannel());
				case 7 -> declareMany(raw.openChannel());
				default -> sendBrokenFrames(raw.openChannel());
			}
			if (this.random.nextBoolean()) {
				raw.kill();
			}
		}
		catch (IOException | AssertionError ex) {
			// The broker has every right to end it.
		}
	}

	private void spoilTheHandshake(RawConnection raw) throws IOException {
		switch (this.random.nextInt(6)) {
			case 0 -> raw.write(new byte[] { 'G', 'E', 'T', ' ', '/', ' ', 'H', 'T', 'T', 'P' });
			case 1 -> raw.write(new byte[] { 'A', 'M', 'Q' });
			case 2 -> raw.start();
			case 3 -> raw.authenticate("PLAIN", RawConnection.plain("guest", "wrong"));
			case 4 -> raw.authenticate("PLAIN", RawConnection.plain("guest", "guest"));
			default -> {
				raw.start();
				for (byte[] frame : SeedFrames.sound(this.random)) {
					raw.write(frame);
				}
			}
		}
		pause();
	}

	/**
	 * Sound frames, each where it may not be: on channels that are not open, between the
	 * frames of a message, after the end.
	 */
	private void sendInAnyOrder(RawConnection raw) throws IOException {
		List<byte[]> sound = SeedFrames.sound(this.random);
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		for (int i = 0; i < 60; i++) {
			byte[] frame = switch (this.random.nextInt(10)) {
				case 0 -> bytes(new AMQP.Channel.Open.Builder().build());
				case 1 -> bytes(new AMQP.Channel.CloseOk.Builder().build());
				case 2 ->
					bytes(new AMQP.Basic.Publish.Builder().exchange("").routingKey(name()).mandatory(true).build());
				case 3 -> SeedFrames.bytes(new AMQP.BasicProperties().toFrame(1, this.random.nextInt(100)));
				case 4 -> SeedFrames.bytes(Frame.fromBodyFragment(1, new byte[100], 0, this.random.nextInt(100)));
				case 5 -> bytes(new AMQP.Tx.Select.Builder().build());
				case 6 -> bytes(new AMQP.Tx.Commit.Builder().build());
				default -> sound.get(this.random.nextInt(sound.size()));
			};
			if (this.random.nextInt(4) == 0) {
				ByteBuffer.wrap(frame).putShort(1, (short) this.random.nextInt(CHANNELS));
			}
			bytes.write(frame);
		}
		if (this.random.nextInt(4) == 0) {
			bytes.write(bytes(0, new AMQP.Connection.TuneOk.Builder().build()));
			bytes.write(bytes(0, new AMQP.Connection.Open.Builder().virtualHost("other").build()));
		}
		raw.write(bytes.toByteArray());
		pause();
	}

	private void sendHalfMessages(RawConnection raw) throws IOException {
		for (int channel = 1; channel <= CHANNELS; channel++) {
			if (channel > 1) {
				raw.send(channel, new AMQP.Channel.Open.Builder().build());
			}
			raw.send(channel, new AMQP.Basic.Publish.Builder().exchange("").routingKey(name()).build());
			raw.send(new AMQP.BasicProperties().toFrame(channel, 100_000_000));
			for (int i = this.random.nextInt(20); i > 0; i--) {
				raw.send(Frame.fromBodyFragment(channel, new byte[50_000], 0, 50_000));
			}
		}
		pause();
	}

	private void readNoReplies(RawConnection raw) throws IOException {
		raw.send(1, new AMQP.Queue.Declare.Builder().queue("").exclusive().build());
		String queue = raw.expect(AMQP.Queue.DeclareOk.class).getQueue();
		publish(raw, queue, new AMQP.BasicProperties(), 100, 20_000);
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		if (this.random.nextBoolean()) {
			bytes.write(bytes(new AMQP.Basic.Consume.Builder().queue(queue).build()));
		}
		for (int i = 0; i < 2000; i++) {
			bytes.write(bytes(new AMQP.Basic.Get.Builder().queue(queue).build()));
			if (i % 100 == 99) {
				bytes.write(bytes(new AMQP.Basic.Recover.Builder().requeue(true).build()));
			}
		}
		raw.write(bytes.toByteArray());
		pause();
	}

	private void readNoDirectReplies(RawConnection raw) throws IOException {
		raw.send(1, new AMQP.Queue.Declare.Builder().queue("").exclusive().build());
		String queue = raw.expect(AMQP.Queue.DeclareOk.class).getQueue();
		raw.send(1, new AMQP.Basic.Consume.Builder().queue("amq.rabbitmq.reply-to").noAck(true).build());
		raw.expect(AMQP.Basic.ConsumeOk.class);
		AMQP.BasicProperties request = new AMQP.BasicProperties.Builder().replyTo("amq.rabbitmq.reply-to").build();
		publish(raw, queue, request, 1, 0);
		raw.send(1, new AMQP.Basic.Get.Builder().queue(queue).noAck(true).build());
		raw.expect(AMQP.Basic.GetOk.class);
		AMQP.BasicProperties received = raw.readProperties();
		try (RawConnection replier = new RawConnection(this.host, this.port)) {
			replier.openChannel();
			publish(replier, received.getReplyTo(), new AMQP.BasicProperties(), 200, 20_000);
			pause();
		}
	}

	private void publish(RawConnection raw, String queue, AMQP.BasicProperties properties, int messages, int size)
			throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		for (int i = 0; i < messages; i++) {
			bytes.write(bytes(new AMQP.Basic.Publish.Builder().exchange("").routingKey(queue).build()));
			bytes.write(SeedFrames.bytes(properties.toFrame(1, size)));
			if (size > 0) {
				bytes.write(SeedFrames.bytes(Frame.fromBodyFragment(1, new byte[size], 0, size)));
			}
		}
		raw.write(bytes.toByteArray());
	}

	private void sendTables(RawConnection raw) throws IOException {
		Map<String, Object> nested = new HashMap<>();
		for (int depth = this.random.nextInt(300); depth > 0; depth--) {
			nested = new HashMap<>(Map.of("n", nested));
		}
		switch (this.random.nextInt(4)) {
			case 0 -> raw.send(1,
					new AMQP.Queue.Declare.Builder().queue("")
						.exclusive()
						.arguments(Map.of("x-" + this.random.nextInt(), nested, "x-max-length", List.of(nested)))
						.build());
			case 1 -> raw.send(1,
					new AMQP.Exchange.Declare.Builder().exchange(name())
						.type("headers")
						.autoDelete()
						.arguments(Map.of("alternate-exchange", nested))
						.build());
			case 2 -> {
				raw.send(1, new AMQP.Basic.Publish.Builder().exchange("amq.headers").routingKey("").build());
				raw.send(new AMQP.BasicProperties.Builder().headers(Map.of("CC", nested, "x-death", List.of(nested)))
					.build()
					.toFrame(1, 0));
			}
			default -> {
				raw.send(1, new AMQP.Basic.Publish.Builder().exchange("").routingKey(name()).build());
				byte[] header = header(this.random.nextInt(4000));
				if (this.random.nextBoolean()) {
					raw.write(header);
					break;
				}
				// Lengths and types within the table.
				for (int i = 0; i < 4; i++) {
					header[21 + this.random.nextInt(Math.max(1, header.length - 22))] = (byte) this.random.nextInt();
				}
				raw.write(header);
			}
		}
		pause();
	}

	/**
	 * The header of a message without content whose headers are nested so deep, which is
	 * deeper than the RabbitMQ client can.
	 */
	private static byte[] header(int depth) throws IOException {
		ByteBuffer table = ByteBuffer.allocate(7 * depth + 4);
		for (int i = depth; i > 0; i--) {
			table.putInt(7 * i).put((byte) 1).put((byte) 'n').put((byte) 'F');
		}
		table.putInt(0);
		ByteBuffer payload = ByteBuffer.allocate(14 + table.capacity());
		payload.putShort((short) 60).putShort((short) 0).putLong(0).putShort((short) 0x2000).put(table.flip());
		return SeedFrames.bytes(new Frame(AMQP.FRAME_HEADER, 1, payload.array()));
	}

	private void sendNames(RawConnection raw) throws IOException {
		byte[] name = new byte[1 + this.random.nextInt(255)];
		this.random.nextBytes(name);
		if (this.random.nextBoolean()) {
			name = name().getBytes(StandardCharsets.UTF_8);
		}
		ByteArrayOutputStream payload = new ByteArrayOutputStream();
		DataOutputStream out = new DataOutputStream(payload);
		switch (this.random.nextInt(3)) {
			case 0 -> {
				out.write(new byte[] { 0, 50, 0, 10, 0, 0, (byte) name.length });
				out.write(name);
				// Exclusive, without arguments.
				out.write(new byte[] { 4, 0, 0, 0, 0 });
			}
			case 1 -> {
				out.write(new byte[] { 0, 40, 0, 10, 0, 0, (byte) name.length });
				out.write(name);
				// Of type topic, auto-delete, without arguments.
				out.write(new byte[] { 5, 't', 'o', 'p', 'i', 'c', 4, 0, 0, 0, 0 });
			}
			default -> {
				out.write(new byte[] { 0, 60, 0, 20, 0, 0, 21 });
				out.write("amq.rabbitmq.reply-to".getBytes(StandardCharsets.US_ASCII));
				out.writeByte(name.length);
				out.write(name);
				out.write(new byte[] { 2, 0, 0, 0, 0 });
			}
		}
		raw.send(new Frame(AMQP.FRAME_METHOD, 1, payload.toByteArray()));
		Frame answer = raw.readFrame();
		if (RawConnection.methodOf(answer).equals("40.11")) {
			// It would stay.
			payload.reset();
			out.write(new byte[] { 0, 40, 0, 20, 0, 0, (byte) name.length });
			out.write(name);
			out.writeByte(0);
			raw.send(new Frame(AMQP.FRAME_METHOD, 1, payload.toByteArray()));
			raw.readFrame();
		}
	}

	private void declareMany(RawConnection raw) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		String name = name();
		bytes.write(bytes(
				new AMQP.Queue.Declare.Builder().queue(name).arguments(Map.of("x-max-length", 10)).nowait().build()));
		bytes.write(bytes(new AMQP.Exchange.Declare.Builder().exchange(name).type("topic").nowait().build()));
		for (int i = 0; i < 200; i++) {
			bytes.write(bytes(new AMQP.Queue.Declare.Builder().queue("").exclusive().nowait().build()));
			bytes.write(bytes(new AMQP.Queue.Bind.Builder().queue("")
				.exchange("amq.topic")
				.routingKey("#.a." + i + ".#.*")
				.nowait()
				.build()));
			bytes.write(bytes(
					new AMQP.Queue.Bind.Builder().queue(name).exchange(name).routingKey("key" + i).nowait().build()));
			bytes.write(bytes(new AMQP.Basic.Consume.Builder().queue(name).consumerTag("c" + i).nowait().build()));
		}
		bytes.write(bytes(new AMQP.Queue.Delete.Builder().queue(name).nowait().build()));
		raw.write(bytes.toByteArray());
		pause();
	}

	private void sendBrokenFrames(RawConnection raw) throws IOException {
		List<byte[]> sound = SeedFrames.sound(this.random);
		for (int i = 0; i < 6; i++) {
			raw.write(SeedFrames.broken(sound.get(this.random.nextInt(sound.size())), this.random));
		}
		pause();
	}

	private String name() {
		return NAMES.get(this.random.nextInt(NAMES.size()));
	}

	/** How long it keeps the broker waiting. */
	private void pause() {
		LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(this.random.nextInt(100)));
	}

	private static byte[] bytes(Method method) throws IOException {
		return bytes(1, method);
	}

	private static byte[] bytes(int channel, Method method) throws IOException {
		return SeedFrames.bytes(((com.rabbitmq.client.impl.Method) method).toFrame(channel));
	}

}
