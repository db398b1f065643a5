package dev.warren.rpc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A network between a service and its broker, which can be cut. It begins cut.
 */
final class Link implements AutoCloseable {

	private final String broker;

	private final ServerSocket listener;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private volatile boolean whole;

	Link(TestBroker broker) throws IOException {
		this.broker = broker.address();
		this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		daemon(this::accept);
	}

	String address() {
		return "127.0.0.1:" + this.listener.getLocalPort();
	}

	Link mend() {
		this.whole = true;
		return this;
	}

	/**
	 * Cuts all connections, and those that come while it is cut.
	 */
	void cut() {
		this.whole = false;
		drop();
	}

	/**
	 * Cuts all connections there are.
	 */
	void drop() {
		for (Socket socket : this.sockets) {
			close(socket);
		}
	}

	private void accept() {
		try {
			while (true) {
				Socket near = this.listener.accept();
				this.sockets.add(near);
				if (!this.whole) {
					close(near);
					continue;
				}
				URI address = URI.create("amqp://" + this.broker);
				Socket far = new Socket(address.getHost(), address.getPort());
				this.sockets.add(far);
				near.setTcpNoDelay(true);
				far.setTcpNoDelay(true);
				daemon(() -> copy(near, far));
				daemon(() -> copy(far, near));
			}
		}
		catch (IOException ex) {
			drop();
		}
	}

	private void copy(Socket from, Socket to) {
		try (InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
			in.transferTo(out);
		}
		catch (IOException ex) {
			// Cut.
		}
		close(from);
		close(to);
	}

	private void close(Socket socket) {
		this.sockets.remove(socket);
		try {
			socket.close();
		}
		catch (IOException ex) {
			// Closed is closed.
		}
	}

	private static void daemon(Runnable task) {
		Thread thread = new Thread(task, "link");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.listener.close();
		cut();
	}

}
