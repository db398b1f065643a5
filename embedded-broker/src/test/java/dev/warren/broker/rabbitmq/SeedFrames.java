package dev.warren.broker.rabbitmq;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.impl.Frame;

/**
 * Frames as clients send them, and what can be made of them.
 */
final class SeedFrames {

	private SeedFrames() {
	}

	/**
	 * Frames of each kind, for channel 1. Content is one element, of three frames.
	 */
	static List<byte[]> sound(Random random) throws IOException {
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

	static byte[] bytes(Frame frame) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		frame.writeTo(new DataOutputStream(bytes));
		return bytes.toByteArray();
	}

	/**
	 * The frame, broken in one of nine ways.
	 */
	static byte[] broken(byte[] frame, Random random) {
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

}
