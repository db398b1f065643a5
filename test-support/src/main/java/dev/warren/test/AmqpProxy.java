package dev.warren.test;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/**
 * A network between a service and its broker, which can freeze, be cut, and turn the
 * broker's acks into nacks (AMQP 0-9-1, section 4.2.3).
 */
public final class AmqpProxy implements AutoCloseable {

	private static final int FRAME_METHOD = 1;

	private static final short CLASS_BASIC = 60;

	private static final short METHOD_ACK = 80;

	private static final short METHOD_NACK = 120;

	private final ServerSocket server;

	private final InetSocketAddress broker;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private volatile boolean refusing;

	private volatile CountDownLatch toBroker = new CountDownLatch(0);

	private volatile CountDownLatch fromBroker = new CountDownLatch(0);

	private volatile UnaryOperator<byte[]> methods = UnaryOperator.identity();

	public AmqpProxy(BrokerUnderTest broker) throws IOException {
		this(broker.host(), broker.port());
	}

	/**
	 * A proxy that forwards to a port of this machine.
	 */
	public AmqpProxy(int brokerPort) throws IOException {
		this("127.0.0.1", brokerPort);
	}

	private AmqpProxy(String host, int port) throws IOException {
		this.broker = new InetSocketAddress(host, port);
		this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		start(this::accept);
	}

	public int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Host and port, as {@code spring.rabbitmq.addresses} takes them.
	 */
	public String address() {
		return "127.0.0.1:" + port();
	}

	/**
	 * Stops forwarding, and reading, in both directions.
	 */
	public void freeze() {
		this.toBroker = new CountDownLatch(1);
		freezeAnswers();
	}

	/**
	 * Stops forwarding what the broker answers.
	 */
	public void freezeAnswers() {
		this.fromBroker = new CountDownLatch(1);
	}

	/**
	 * Forwards again, and what was held first.
	 */
	public void thaw() {
		this.toBroker.countDown();
		this.fromBroker.countDown();
	}

	/**
	 * Cuts the connections there are.
	 */
	public void cut() {
		this.sockets.forEach(AmqpProxy::close);
	}

	/**
	 * Cuts the connections there are and, until {@link #mend()}, those that come.
	 */
	public AmqpProxy refuse() {
		this.refusing = true;
		cut();
		return this;
	}

	/**
	 * Forwards connections that come from now on.
	 */
	public void mend() {
		this.refusing = false;
	}

	/**
	 * Has the broker refuse what it accepts.
	 */
	public void turnAcksIntoNacks() {
		this.methods = (payload) -> {
			if (readShort(payload, 0) == CLASS_BASIC && readShort(payload, 2) == METHOD_ACK) {
				payload[3] = METHOD_NACK;
			}
			return payload;
		};
	}

	/**
	 * Ends {@link #turnAcksIntoNacks()}.
	 */
	public void leaveAcksAlone() {
		this.methods = UnaryOperator.identity();
	}

	private static short readShort(byte[] bytes, int offset) {
		return (short) ((bytes[offset] << 8) | (bytes[offset + 1] & 0xff));
	}

	private void accept() throws IOException {
		while (true) {
			Socket client = this.server.accept();
			Socket broker = new Socket();
			this.sockets.add(client);
			this.sockets.add(broker);
			start(() -> forward(client, broker));
		}
	}

	private void forward(Socket client, Socket broker) throws IOException {
		try {
			client.setTcpNoDelay(true);
			broker.setTcpNoDelay(true);
			if (this.refusing) {
				throw new IOException("refused");
			}
			broker.connect(this.broker);
		}
		catch (IOException ex) {
			forget(client, broker);
			return;
		}
		start(() -> pump(client, broker, this::forwardBytes));
		start(() -> pump(broker, client, this::forwardFrames));
	}

	private void forget(Socket client, Socket broker) {
		for (Socket socket : List.of(client, broker)) {
			close(socket);
			this.sockets.remove(socket);
		}
	}

	private void pump(Socket from, Socket to, Forwarding forwarding) {
		try {
			forwarding.forward(from.getInputStream(), to.getOutputStream());
		}
		catch (IOException ex) {
			// Either side has left, or was cut off.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		forget(from, to);
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
