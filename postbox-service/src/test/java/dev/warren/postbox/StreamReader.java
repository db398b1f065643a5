package dev.warren.postbox;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the stream of a box in a thread of its own, from the moment it is told to.
 */
final class StreamReader implements AutoCloseable {

	private static final JsonMapper jsonMapper = new JsonMapper();

	private final Socket socket = new Socket();

	private final BufferedReader in;

	private final List<JsonNode> letters = new ArrayList<>();

	private final Thread thread = new Thread(this::read, "stream-reader");

	private volatile String end = "";

	private StreamReader(int port, String box, int receiveBufferSize) throws IOException {
		this.socket.setReceiveBufferSize(receiveBufferSize);
		this.socket.connect(new InetSocketAddress("127.0.0.1", port));
		// HTTP/1.0, so that the body comes without chunks.
		this.socket.getOutputStream()
			.write(("GET /boxes/" + box + "/stream HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
		this.in = new BufferedReader(new InputStreamReader(this.socket.getInputStream(), StandardCharsets.UTF_8));
		String status = this.in.readLine();
		if (status == null || !status.contains(" 200")) {
			throw new IOException("answered: " + status);
		}
		// The first comment comes once the consumer is there.
		String line = this.in.readLine();
		while (line != null && !line.startsWith(":")) {
			line = this.in.readLine();
		}
		this.thread.setDaemon(true);
	}

	static StreamReader open(PostboxClient postbox, String box) throws IOException {
		return open(postbox, box, 64 * 1024);
	}

	static StreamReader open(PostboxClient postbox, String box, int receiveBufferSize) throws IOException {
		return new StreamReader(postbox.port(), box, receiveBufferSize);
	}

	StreamReader start() {
		this.thread.start();
		return this;
	}

	private void read() {
		boolean ending = false;
		try {
			for (String line = this.in.readLine(); line != null; line = this.in.readLine()) {
				if (line.equals("event: end")) {
					ending = true;
				}
				else if (line.startsWith("data: ") && ending) {
					this.end = line.substring("data: ".length());
				}
				else if (line.startsWith("data: ")) {
					add(jsonMapper.readTree(line.substring("data: ".length())));
				}
			}
		}
		catch (IOException ex) {
			// Closed.
		}
	}

	/**
	 * Why the service ended the stream, or empty if it did not.
	 */
	String end() {
		return this.end;
	}

	boolean hasEnded() {
		return !this.thread.isAlive();
	}

	private synchronized void add(JsonNode letter) {
		this.letters.add(letter);
	}

	synchronized List<JsonNode> letters() {
		return List.copyOf(this.letters);
	}

	List<String> texts() {
		return letters().stream().map((letter) -> letter.get("text").asString()).toList();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
