package dev.warren.broker.rabbitmq;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.warren.broker.EmbeddedBroker;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Broken frames harm nobody but the connection they come on.
 */
class FuzzTests {

	private static final int CONNECTIONS = 500;

	private static final int FRAMES_PER_CONNECTION = 40;

	/** Any seed will do, as long as a failure can be repeated. */
	private static final long SEED = 20261121;

	@Test
	void mutatedFramesLeaveOtherConnectionsWorking() throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().start()) {
			ConnectionFactory factory = new ConnectionFactory();
			factory.setUri(broker.uri());
			Random random = new Random(SEED);
			List<byte[]> frames = validFrames();
			try (Connection bystander = factory.newConnection(); Channel channel = bystander.createChannel()) {
				String queue = channel.queueDeclare().getQueue();
				for (int i = 0; i < CONNECTIONS; i++) {
					attack(broker, frames, random);
					if (i % 10 == 0) {
						channel.basicPublish("", queue, null, "still here".getBytes(StandardCharsets.UTF_8));
						assertThat(channel.queueDeclarePassive(queue).getMessageCount()).isEqualTo(1);
						assertThat(channel.basicGet(queue, true)).isNotNull();
					}
				}
			}
			try (Connection newcomer = factory.newConnection()) {
				assertThat(newcomer.isOpen()).isTrue();
			}
		}
	}

	private static void attack(EmbeddedBroker broker, List<byte[]> frames, Random random) throws IOException {
		try (Socket socket = new Socket(broker.host(), broker.port())) {
			OutputStream out = socket.getOutputStream();
			out.write(handshake());
			// The end of the handshake is its last answer, channel.open-ok.
			readUntilChannelIsOpen(socket.getInputStream());
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			for (int i = 0; i < FRAMES_PER_CONNECTION; i++) {
				bytes.write(mutate(frames.get(random.nextInt(frames.size())), random));
			}
			out.write(bytes.toByteArray());
			out.flush();
		}
		catch (SocketException ex) {
			// The broker had enough of us.
		}
	}

	private static void readUntilChannelIsOpen(InputStream in) throws IOException {
		int match = 0;
		byte[] openOk = { 0, 20, 0, 11 };
		while (match < openOk.length) {
			int octet = in.read();
			if (octet < 0) {
				throw new IOException("The broker refused the handshake");
			}
			match = (octet == openOk[match]) ? match + 1 : ((octet == openOk[0]) ? 1 : 0);
		}
	}

	private static byte[] mutate(byte[] frame, Random random) {
		byte[] mutated = frame.clone();
		switch (random.nextInt(6)) {
			case 0 -> mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
			case 1 -> {
				for (int i = 0; i < 4; i++) {
					mutated[7 + random.nextInt(mutated.length - 7)] = (byte) random.nextInt();
				}
			}
			case 2 -> mutated[2] = (byte) random.nextInt(4);
			case 3 -> mutated[3 + random.nextInt(4)] = (byte) random.nextInt(2);
			case 4 -> {
				byte[] shorter = new byte[Math.max(1, random.nextInt(mutated.length))];
				System.arraycopy(mutated, 0, shorter, 0, shorter.length);
				return shorter;
			}
			default -> {
				// Valid, but perhaps not here.
			}
		}
		return mutated;
	}

	private static byte[] handshake() throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.write(new byte[] { 'A', 'M', 'Q', 'P', 0, 0, 9, 1 });
		bytes.write(method(0, 10, 11, (out) -> {
			out.write(ArgumentTable.write(Map.of("product", "fuzz")));
			shortString(out, "PLAIN");
			longString(out, "\0guest\0guest");
			shortString(out, "en_US");
		}));
		bytes.write(method(0, 10, 31, (out) -> {
			out.writeShort(2047);
			out.writeInt(131072);
			out.writeShort(0);
		}));
		bytes.write(method(0, 10, 40, (out) -> {
			shortString(out, "/");
			shortString(out, "");
			out.writeByte(0);
		}));
		bytes.write(method(1, 20, 10, (out) -> shortString(out, "")));
		return bytes.toByteArray();
	}

	private static List<byte[]> validFrames() throws IOException {
		return List.of(method(1, 50, 10, (out) -> {
			out.writeShort(0);
			shortString(out, "fuzz");
			out.writeByte(0b01000);
			out.write(ArgumentTable.write(Map.of("x-max-length", 10, "x-message-ttl", 1000)));
		}), method(1, 40, 10, (out) -> {
			out.writeShort(0);
			shortString(out, "fuzz");
			shortString(out, "topic");
			out.writeByte(0b00100);
			out.write(ArgumentTable.write(Map.of("alternate-exchange", "amq.fanout")));
		}), method(1, 50, 20, (out) -> {
			out.writeShort(0);
			shortString(out, "fuzz");
			shortString(out, "fuzz");
			shortString(out, "#.fuzz.*");
			out.writeByte(0);
			out.writeInt(0);
		}), method(1, 60, 40, (out) -> {
			out.writeShort(0);
			shortString(out, "");
			shortString(out, "fuzz");
			out.writeByte(0);
		}), frame(2, 1, (out) -> {
			out.writeShort(60);
			out.writeShort(0);
			out.writeLong(4);
			out.writeShort(0x2100);
			out.write(ArgumentTable.write(Map.of("CC", List.of("fuzz"), "number", 1L)));
			shortString(out, "1000");
		}), frame(3, 1, (out) -> out.writeInt(42)), method(1, 60, 20, (out) -> {
			out.writeShort(0);
			shortString(out, "fuzz");
			shortString(out, "");
			out.writeByte(0);
			out.write(ArgumentTable.write(Map.of("x-priority", 1)));
		}), method(1, 60, 70, (out) -> {
			out.writeShort(0);
			shortString(out, "fuzz");
			out.writeByte(0);
		}), method(1, 60, 80, (out) -> {
			out.writeLong(1);
			out.writeByte(1);
		}), method(1, 60, 120, (out) -> {
			out.writeLong(1);
			out.writeByte(0b11);
		}), method(1, 85, 10, (out) -> out.writeByte(0)), method(1, 90, 10, (out) -> {
		}), method(1, 20, 40, (out) -> {
			out.writeShort(200);
			shortString(out, "done");
			out.writeInt(0);
		}), method(1, 20, 10, (out) -> shortString(out, "")), frame(8, 0, (out) -> {
		}));
	}

	private static byte[] method(int channel, int classId, int methodId, Content content) throws IOException {
		return frame(1, channel, (out) -> {
			out.writeShort(classId);
			out.writeShort(methodId);
			content.write(out);
		});
	}

	private static byte[] frame(int type, int channel, Content content) throws IOException {
		ByteArrayOutputStream payload = new ByteArrayOutputStream();
		content.write(new DataOutputStream(payload));
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		DataOutputStream out = new DataOutputStream(bytes);
		out.writeByte(type);
		out.writeShort(channel);
		out.writeInt(payload.size());
		payload.writeTo(out);
		out.writeByte(0xCE);
		return bytes.toByteArray();
	}

	private static void shortString(DataOutputStream out, String text) throws IOException {
		out.writeByte(text.length());
		out.writeBytes(text);
	}

	private static void longString(DataOutputStream out, String text) throws IOException {
		out.writeInt(text.length());
		out.writeBytes(text);
	}

	private interface Content {

		void write(DataOutputStream out) throws IOException;

	}

}
