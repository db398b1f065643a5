package dev.warren.logs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a subscription's stream in a thread of its own, from the moment it is told to.
 */
final class EventReader implements AutoCloseable {

	private final Socket socket = new Socket();

	private final BufferedReader in;

	private final List<Event> events = new ArrayList<>();

	private final Thread thread = new Thread(this::read, "event-reader");

	private EventReader(int port, String path, int receiveBufferSize) throws IOException {
		this.socket.setReceiveBufferSize(receiveBufferSize);
		this.socket.connect(new InetSocketAddress("127.0.0.1", port));
		// HTTP/1.0, so that the body comes without chunks.
		this.socket.getOutputStream().write(("GET " + path + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
		this.in = new BufferedReader(new InputStreamReader(this.socket.getInputStream(), StandardCharsets.UTF_8));
		String status = this.in.readLine();
		if (status == null || !status.contains(" 200")) {
			throw new IOException("answered: " + status);
		}
		// The first comment comes once the reader has its place in the feed.
		while (!":".equals(this.in.readLine())) {
			continue;
		}
		this.thread.setDaemon(true);
	}

	static EventReader open(LogsClient logs, String subscription) throws IOException {
		return open(logs, subscription, 64 * 1024);
	}

	static EventReader open(LogsClient logs, String subscription, int receiveBufferSize) throws IOException {
		return new EventReader(logs.port(), "/subscriptions/" + subscription + "/messages/stream", receiveBufferSize);
	}

	EventReader start() {
		this.thread.start();
		return this;
	}

	private void read() {
		String name = "message";
		try {
			for (String line = this.in.readLine(); line != null; line = this.in.readLine()) {
				if (line.startsWith("event: ")) {
					name = line.substring("event: ".length());
				}
				else if (line.startsWith("data: ")) {
					add(new Event(name, line.substring("data: ".length())));
					name = "message";
				}
			}
		}
		catch (IOException ex) {
			// Closed.
		}
	}

	boolean hasEnded() {
		return !this.thread.isAlive();
	}

	private synchronized void add(Event event) {
		this.events.add(event);
	}

	synchronized int count() {
		return this.events.size();
	}

	synchronized List<Event> events() {
		return List.copyOf(this.events);
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	record Event(String name, String data) {

	}

}
