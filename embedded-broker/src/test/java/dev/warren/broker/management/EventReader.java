package dev.warren.broker.management;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the events of a virtual host on a thread of its own.
 */
final class EventReader implements AutoCloseable {

	private static final JsonMapper mapper = new JsonMapper();

	private final InputStream stream;

	private final CompletableFuture<Long> start = new CompletableFuture<>();

	private final CompletableFuture<Void> end = new CompletableFuture<>();

	private final Queue<List<JsonNode>> batches = new ConcurrentLinkedQueue<>();

	private volatile long lost;

	private EventReader(InputStream stream) {
		this.stream = stream;
		Thread thread = new Thread(this::read, "test-event-reader");
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Begins to read, and returns when nothing that happens from then on is missed.
	 */
	static EventReader open(ManagementClient api, String virtualHost) throws IOException, InterruptedException {
		HttpResponse<InputStream> response = api.stream("events/" + ManagementClient.encode(virtualHost));
		if (response.statusCode() != 200) {
			throw new IOException("The answer is " + response.statusCode());
		}
		return of(response.body());
	}

	/**
	 * Reads what follows the head of an answer.
	 */
	static EventReader of(InputStream stream) {
		EventReader reader = new EventReader(stream);
		reader.start.join();
		return reader;
	}

	private void read() {
		try (BufferedReader lines = new BufferedReader(new InputStreamReader(this.stream, StandardCharsets.UTF_8))) {
			String event = "";
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				if (line.startsWith("event: ")) {
					event = line.substring("event: ".length());
				}
				else if (line.startsWith("data: ")) {
					data(event, mapper.readTree(line.substring("data: ".length())));
				}
			}
			this.end.complete(null);
		}
		catch (IOException | RuntimeException ex) {
			this.end.completeExceptionally(ex);
			this.start.completeExceptionally(ex);
		}
	}

	private void data(String event, JsonNode data) {
		switch (event) {
			case "start" -> this.start.complete(data.get("seq").asLong());
			case "lost" -> this.lost += data.asLong();
			case "events" -> this.batches.add(data.valueStream().toList());
			default -> throw new IllegalStateException("An event " + event);
		}
	}

	long start() {
		return this.start.join();
	}

	/**
	 * Done when the broker has ended the stream.
	 */
	CompletableFuture<Void> end() {
		return this.end;
	}

	long lost() {
		return this.lost;
	}

	Stream<JsonNode> events() {
		return this.batches.stream().flatMap(List::stream);
	}

	Stream<JsonNode> events(String what) {
		return events().filter(is(what));
	}

	static Predicate<JsonNode> is(String what) {
		return (event) -> event.get("what").asString().equals(what);
	}

	@Override
	public void close() {
		try {
			this.stream.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
