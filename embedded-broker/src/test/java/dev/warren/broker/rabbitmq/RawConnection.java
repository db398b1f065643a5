package dev.warren.broker.rabbitmq;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.LongStringHelper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A socket and AMQP frames, for what the client would never say. Reading gives up after
 * half a minute.
 */
class RawConnection implements Closeable {

	static final byte[] HEADER_0_9_1 = { 'A', 'M', 'Q', 'P', 0, 0, 9, 1 };

	private final Socket socket;

	private final DataInputStream in;

	private final DataOutputStream out;

	RawConnection(String host, int port) throws IOException {
		this.socket = new Socket(host, port);
		this.socket.setSoTimeout(30_000);
		this.in = new DataInputStream(this.socket.getInputStream());
		// A frame is written in many pieces; each but the first would wait for the
		// other side's delayed acknowledgement.
		this.socket.setTcpNoDelay(true);
		this.out = new DataOutputStream(new BufferedOutputStream(this.socket.getOutputStream()));
	}

	RawConnection write(byte... bytes) throws IOException {
		this.out.write(bytes);
		this.out.flush();
		return this;
	}

	RawConnection send(int channel, Method method) throws IOException {
		return send(((com.rabbitmq.client.impl.Method) method).toFrame(channel));
	}

	RawConnection send(Frame frame) throws IOException {
		frame.writeTo(this.out);
		this.out.flush();
		return this;
	}

	/**
	 * Sends a frame whose payload is just these bytes.
	 */
	RawConnection frame(int type, int channel, int... payload) throws IOException {
		byte[] bytes = new byte[payload.length];
		for (int i = 0; i < payload.length; i++) {
			bytes[i] = (byte) payload[i];
		}
		return send(new Frame(type, channel, bytes));
	}

	/**
	 * Sends that many messages without content to the queue, and then the method, all at
	 * once.
	 */
	RawConnection sendTogether(int channel, int messages, String queue, Method last) throws IOException {
		for (int i = 0; i < messages; i++) {
			((com.rabbitmq.client.impl.Method) new AMQP.Basic.Publish.Builder().exchange("").routingKey(queue).build())
				.toFrame(channel)
				.writeTo(this.out);
			new AMQP.BasicProperties().toFrame(channel, 0).writeTo(this.out);
		}
		return send(channel, last);
	}

	/**
	 * The next frame that is not a heartbeat.
	 */
	Frame readFrame() throws IOException {
		while (true) {
			Frame frame = Frame.readFrom(this.in, Integer.MAX_VALUE);
			assertThat(frame).as("a frame within half a minute").isNotNull();
			if (frame.type != AMQP.FRAME_HEARTBEAT) {
				return frame;
			}
		}
	}

	/**
	 * Waits for a heartbeat; nothing else may come before.
	 */
	void readHeartbeat() throws IOException {
		Frame frame = Frame.readFrom(this.in, Integer.MAX_VALUE);
		assertThat(frame).as("a frame within half a minute").isNotNull();
		assertThat(frame.type).isEqualTo(AMQP.FRAME_HEARTBEAT);
	}

	Method readMethod() throws IOException {
		Frame frame = readFrame();
		assertThat(frame.type).as("the type of a method frame").isEqualTo(AMQP.FRAME_METHOD);
		return AMQImpl.readMethodFrom(new DataInputStream(new ByteArrayInputStream(frame.getPayload())));
	}

	<T extends Method> T expect(Class<T> type) throws IOException {
		Method method = readMethod();
		assertThat(method).isInstanceOf(type);
		return type.cast(method);
	}

	/**
	 * Waits for a connection.close with this code and text.
	 */
	void expectClose(int code, String pattern) throws IOException {
		AMQP.Connection.Close close = expect(AMQP.Connection.Close.class);
		assertThat(close.getReplyCode() + " " + close.getReplyText()).matches(code + " " + pattern);
		send(0, new AMQP.Connection.CloseOk.Builder().build());
		expectEnd();
	}

	/**
	 * Waits for the end of the connection, which may say why, or may not. RabbitMQ is
	 * silent where a handshake fails and where it cannot read a method at all.
	 */
	void expectRefusal() throws IOException {
		try {
			expect(AMQP.Connection.Close.class);
		}
		catch (EOFException | SocketException ex) {
			return;
		}
		send(0, new AMQP.Connection.CloseOk.Builder().build());
		expectEnd();
	}

	/**
	 * The rest of what the broker sends until it closes the socket.
	 */
	byte[] expectEnd() throws IOException {
		ByteArrayOutputStream rest = new ByteArrayOutputStream();
		try {
			this.in.transferTo(rest);
		}
		catch (SocketException | EOFException ex) {
			// A reset is an end as well.
		}
		return rest.toByteArray();
	}

	AMQP.Connection.Start start() throws IOException {
		return write(HEADER_0_9_1).expect(AMQP.Connection.Start.class);
	}

	AMQP.Connection.Tune authenticate(String mechanism, byte[] response) throws IOException {
		start();
		sendStartOk(mechanism, response);
		return expect(AMQP.Connection.Tune.class);
	}

	RawConnection sendStartOk(String mechanism, byte[] response) throws IOException {
		return send(0,
				new AMQP.Connection.StartOk.Builder()
					.clientProperties(Map.of("capabilities", Map.of("authentication_failure_close", true)))
					.mechanism(mechanism)
					.response(LongStringHelper.asLongString(response))
					.locale("en_US")
					.build());
	}

	static byte[] plain(String user, String password) {
		return ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Goes through the handshake, up to an open virtual host.
	 */
	RawConnection open() throws IOException {
		return open(0);
	}

	RawConnection open(int heartbeat) throws IOException {
		AMQP.Connection.Tune tune = authenticate("PLAIN", plain("guest", "guest"));
		send(0, new AMQP.Connection.TuneOk.Builder().channelMax(tune.getChannelMax())
			.frameMax(tune.getFrameMax())
			.heartbeat(heartbeat)
			.build());
		send(0, new AMQP.Connection.Open.Builder().virtualHost("/").build());
		expect(AMQP.Connection.OpenOk.class);
		return this;
	}

	/**
	 * The same, and a channel 1.
	 */
	RawConnection openChannel() throws IOException {
		open();
		send(1, new AMQP.Channel.Open.Builder().build());
		expect(AMQP.Channel.OpenOk.class);
		return this;
	}

	/**
	 * Sends what may be nonsense, ends the sending half, and waits for the broker's end.
	 */
	void sendAndEnd(byte[] bytes) throws IOException {
		try {
			write(bytes);
			this.socket.shutdownOutput();
		}
		catch (SocketException ex) {
			// The broker may have seen enough before the last byte.
		}
		expectEnd();
	}

	/**
	 * The properties of the message whose header comes next.
	 */
	AMQP.BasicProperties readProperties() throws IOException {
		Frame frame = readFrame();
		assertThat(frame.type).as("the type of a header frame").isEqualTo(AMQP.FRAME_HEADER);
		DataInputStream header = new DataInputStream(new ByteArrayInputStream(frame.getPayload()));
		return (AMQP.BasicProperties) AMQImpl.readContentHeaderFrom(header);
	}

	/**
	 * Drops the connection as a client does that is killed: by a reset.
	 */
	void kill() throws IOException {
		this.socket.setSoLinger(true, 0);
		this.socket.close();
	}

	/**
	 * Class and method of a method frame, as in "10.50", in any version of the protocol.
	 */
	static String methodOf(Frame frame) {
		byte[] payload = Arrays.copyOf(frame.getPayload(), 4);
		return payload[1] + "." + payload[3];
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
