package dev.warren.messaging.publish;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/**
 * A TCP proxy before a broker, which can stop forwarding, cut connections, and rewrite
 * the frames that the broker sends (AMQP 0-9-1, section 4.2.3).
 */
final class AmqpProxy implements AutoCloseable {

	private static final int FRAME_METHOD = 1;

	private static final short CLASS_BASIC = 60;

	private static final short METHOD_ACK = 80;

	private static final short METHOD_NACK = 120;

	private final ServerSocket server;

	private final int brokerPort;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private volatile CountDownLatch toBroker = new CountDownLatch(0);

	private volatile CountDownLatch fromBroker = new CountDownLatch(0);

	private volatile UnaryOperator<byte[]> methods = UnaryOperator.identity();

	AmqpProxy(int brokerPort) throws IOException {
		this.brokerPort = brokerPort;
		this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		start(this::accept);
	}

	int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Stops forwarding, and reading, in both directions.
	 */
	void freeze() {
		this.toBroker = new CountDownLatch(1);
		freezeAnswers();
	}

	/**
	 * Stops forwarding what the broker answers.
	 */
	void freezeAnswers() {
		this.fromBroker = new CountDownLatch(1);
	}

	void thaw() {
		this.toBroker.countDown();
		this.fromBroker.countDown();
	}

	/**
	 * Cuts the connections there are.
	 */
	void cut() {
		this.sockets.forEach(AmqpProxy::close);
	}

	/**
	 * Has the broker refuse what it accepts.
	 */
	void turnAcksIntoNacks() {
		this.methods = (payload) -> {
			if (readShort(payload, 0) == CLASS_BASIC && readShort(payload, 2) == METHOD_ACK) {
				payload[3] = METHOD_NACK;
			}
			return payload;
		};
	}

	void leaveAcksAlone() {
		this.methods = UnaryOperator.identity();
	}

	private static short readShort(byte[] bytes, int offset) {
		return (short) ((bytes[offset] << 8) | (bytes[offset + 1] & 0xff));
	}

	private void accept() throws IOException {
		while (true) {
			Socket client = this.server.accept();
			Socket broker = new Socket(InetAddress.getLoopbackAddress(), this.brokerPort);
			client.setTcpNoDelay(true);
			broker.setTcpNoDelay(true);
			this.sockets.add(client);
			this.sockets.add(broker);
			start(() -> pump(client, broker, this::forwardBytes));
			start(() -> pump(broker, client, this::forwardFrames));
		}
	}

	private void pump(Socket from, Socket to, Forwarding forwarding) {
		try (from; to) {
			forwarding.forward(from.getInputStream(), to.getOutputStream());
		}
		catch (IOException ex) {
			// Either side has left, or was cut off.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.sockets.remove(from);
		this.sockets.remove(to);
	}

	private void forwardBytes(InputStream in, OutputStream out) throws IOException, InterruptedException {
		byte[] buffer = new byte[8192];
		for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
			this.toBroker.await();
			out.write(buffer, 0, count);
		}
	}

	private void forwardFrames(InputStream in, OutputStream out) throws IOException, InterruptedException {
		DataInputStream frames = new DataInputStream(in);
		DataOutputStream forwarded = new DataOutputStream(out);
		while (true) {
			byte type = frames.readByte();
			short channel = frames.readShort();
			byte[] payload = new byte[frames.readInt()];
			frames.readFully(payload);
			byte end = frames.readByte();
			this.fromBroker.await();
			forwarded.writeByte(type);
			forwarded.writeShort(channel);
			forwarded.writeInt(payload.length);
			forwarded.write((type == FRAME_METHOD) ? this.methods.apply(payload) : payload);
			forwarded.writeByte(end);
			forwarded.flush();
		}
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		thaw();
		cut();
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// As good as closed.
		}
	}

	private static void start(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// The proxy was closed.
			}
		}, "amqp-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	private interface Task {

		void run() throws IOException;

	}

	private interface Forwarding {

		void forward(InputStream in, OutputStream out) throws IOException, InterruptedException;

	}

}
