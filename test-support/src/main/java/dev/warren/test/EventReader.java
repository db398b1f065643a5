package dev.warren.test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads server-sent events in a thread of its own, from the moment it is told to, and can
 * stop reading without leaving.
 */
public final class EventReader implements AutoCloseable {

	/** Of its threads, so that a test can tell them from those of the service. */
	public static final String THREAD_NAME = "event-reader";

	private static final JsonMapper jsonMapper = new JsonMapper();

	private final Socket socket = new Socket();

	private final BufferedReader in;

	private final List<Event> events = new ArrayList<>();

	private final Thread thread = new Thread(this::read, THREAD_NAME);

	private volatile CountDownLatch reading = new CountDownLatch(1);

	private EventReader(int port, String path, int receiveBufferSize) throws IOException {
		this.socket.setReceiveBufferSize(receiveBufferSize);
		this.socket.connect(new InetSocketAddress("127.0.0.1", port));
		// HTTP/1.0, so that the body comes without chunks.
		this.socket.getOutputStream()
			.write(("GET " + path + " HTTP/1.0\r\nHost: 127.0.0.1:" + port + "\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
		this.in = new BufferedReader(new InputStreamReader(this.socket.getInputStream(), StandardCharsets.UTF_8));
		String status = this.in.readLine();
		if (status == null || !status.contains(" 200")) {
			throw new IOException("answered: " + status);
		}
		// The first comment comes once the service will miss no event.
		for (String line = ""; !line.startsWith(":");) {
			line = this.in.readLine();
			if (line == null) {
				throw new IOException("the stream has ended");
			}
		}
		this.thread.setDaemon(true);
		this.thread.start();
	}

	/**
	 * Opens a stream and returns when the service has begun it. Nothing is read before
	 * {@link #start()}.
	 */
	public static EventReader open(RestClient service, String path) throws IOException {
		return open(service, path, 64 * 1024);
	}

	/**
	 * Opens a stream with a small buffer, which is soon full while nothing is read.
	 */
	public static EventReader open(RestClient service, String path, int receiveBufferSize) throws IOException {
		return new EventReader(service.port(), path, receiveBufferSize);
	}

	/**
	 * Begins to read, or goes on.
	 */
	public EventReader start() {
		this.reading.countDown();
		return this;
	}

	/**
	 * Stops reading, and stays.
	 */
	public void pause() {
		this.reading = new CountDownLatch(1);
	}

	private void read() {
		String name = "message";
		try {
			this.reading.await();
			for (String line = this.in.readLine(); line != null; line = this.in.readLine()) {
				this.reading.await();
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
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Whether the stream has ended, on either side, and everything was read.
	 */
	public boolean hasEnded() {
		return !this.thread.isAlive();
	}

	private synchronized void add(Event event) {
		this.events.add(event);
	}

	public synchronized int count() {
		return this.events.size();
	}

	/**
	 * What was read, oldest first.
	 */
	public synchronized List<Event> events() {
		return List.copyOf(this.events);
	}

	/**
	 * What was read of the events with a name, oldest first.
	 */
	public List<Event> events(String name) {
		return events().stream().filter((event) -> event.name().equals(name)).toList();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
		start();
	}

	/**
	 * A server-sent event.
	 *
	 * @param name {@code message} if the event has no other
	 * @param data its only line of data
	 */
	public record Event(String name, String data) {

		/**
		 * The data as JSON.
		 */
		public JsonNode json() {
			return jsonMapper.readTree(this.data);
		}

	}

}
