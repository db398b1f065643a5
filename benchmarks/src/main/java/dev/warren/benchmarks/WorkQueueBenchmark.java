package dev.warren.benchmarks;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.workqueue.WorkQueueServiceApplication;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * The work queue service beside the plain Java client and beside plain Spring AMQP:
 * single tasks over REST, batches with each of tutorial 7's strategies, and draining the
 * queue. They take turns, so that what else the machine does meets both; the figures are
 * medians after a warm-up.
 */
public final class WorkQueueBenchmark {

	private static final int ROUNDS = Integer.getInteger("rounds", 11);

	private static final int WARM_UP = Integer.getInteger("warm-up", 20);

	private static final int BATCH = 10_000;

	private static final int SLOW_BATCH = 1000;

	private static final int REQUESTS = 2000;

	private static final int CALLERS = 16;

	private static final int BACKLOG = 100_000;

	private static final int PREFETCH = 100;

	// Of the worker's progress. A shorter one would take up a good part of the machine, a
	// longer one would count as work.
	private static final long POLL_NANOS = 50_000_000;

	private static final String TEXT = "Task 0123456";

	private static final JsonMapper json = new JsonMapper();

	private final HttpClient http = HttpClient.newHttpClient();

	private final String url;

	private final RawClient raw;

	private final PlainService plain;

	private final String plainUrl;

	private WorkQueueBenchmark(String url, RawClient raw, PlainService plain, String plainUrl) {
		this.url = url;
		this.raw = raw;
		this.plain = plain;
		this.plainUrl = plainUrl;
	}

	/**
	 * Runs the benchmark and prints its figures as Markdown.
	 * @param arguments the URI of a broker to use instead of an embedded one
	 * @throws Exception if something fails
	 */
	public static void main(String[] arguments) throws Exception {
		System.out.println(Machine.describe());
		if (arguments.length > 0) {
			run(arguments[0]);
			return;
		}
		try (EmbeddedBroker broker = EmbeddedBroker.builder().start()) {
			run(broker.uri());
		}
	}

	private static void run(String uri) throws Exception {
		URI broker = URI.create(uri);
		try (ConfigurableApplicationContext service = WorkQueueServiceApplication.application()
			.run("--server.port=0", "--spring.rabbitmq.addresses=" + broker.getHost() + ":" + broker.getPort(),
					"--warren.work.workers=0", "--warren.work.prefetch=" + PREFETCH);
				ConfigurableApplicationContext plain = PlainService.start(broker.getHost(), broker.getPort(), PREFETCH);
				RawClient raw = new RawClient(uri)) {
			new WorkQueueBenchmark(url(service), raw, plain.getBean(PlainService.class), url(plain)).run();
		}
	}

	private static String url(ConfigurableApplicationContext service) {
		return "http://127.0.0.1:" + service.getEnvironment().getProperty("local.server.port");
	}

	private void run() throws Exception {
		compare("REST, %d callers".formatted(CALLERS), REQUESTS, WARM_UP, null, () -> requests(this.plainUrl),
				() -> requests(this.url));
		List<String> texts = Collections.nCopies(BATCH, TEXT);
		compare("batch of %,d, async".formatted(BATCH), BATCH, WARM_UP, () -> this.raw.publish(BATCH, TEXT),
				() -> this.plain.send(texts), () -> publish("async", BATCH));
		System.out.printf("| strategy | tasks/s |%n|---|---|%n");
		for (String strategy : List.of("individual", "batch", "async")) {
			int count = strategy.equals("individual") ? SLOW_BATCH : BATCH;
			List<Long> times = new ArrayList<>();
			for (int i = 0; i < WARM_UP + ROUNDS; i++) {
				long time = publish(strategy, count);
				this.raw.purge();
				if (i >= WARM_UP) {
					times.add(time);
				}
			}
			System.out.printf("| %s | %,d |%n", strategy, rate(count, median(times)));
		}
		// Ten times as many messages a round as a batch.
		compare("drain %,d, prefetch %d".formatted(BACKLOG, PREFETCH), BACKLOG, WARM_UP / 4, () -> {
			this.raw.publish(BACKLOG, TEXT);
			return this.raw.consume(BACKLOG, PREFETCH);
		}, () -> {
			this.raw.publish(BACKLOG, TEXT);
			return this.plain.drain(BACKLOG, POLL_NANOS);
		}, this::drain);
	}

	private void compare(String what, int count, int warmUp, @Nullable Run raw, Run plain, Run service)
			throws Exception {
		List<Long> rawTimes = new ArrayList<>();
		List<Long> plainTimes = new ArrayList<>();
		List<Long> serviceTimes = new ArrayList<>();
		for (int i = 0; i < warmUp + ROUNDS; i++) {
			long rawTime = time(raw);
			long plainTime = time(plain);
			long serviceTime = time(service);
			if (i >= warmUp) {
				rawTimes.add(rawTime);
				plainTimes.add(plainTime);
				serviceTimes.add(serviceTime);
			}
		}
		System.out.printf("| %s | Java client %,d/s | plain Spring %,d/s | service %,d/s | of plain Spring %.2f |%n",
				what, (raw != null) ? rate(count, median(rawTimes)) : 0, rate(count, median(plainTimes)),
				rate(count, median(serviceTimes)), (double) median(plainTimes) / median(serviceTimes));
	}

	private long time(@Nullable Run run) throws Exception {
		long time = (run != null) ? run.nanos() : 0;
		this.raw.purge();
		return time;
	}

	private long requests(String service) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create(service + "/tasks"))
			.header("Content-Type", "text/plain")
			.POST(BodyPublishers.ofString(TEXT))
			.build();
		ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
		long start = System.nanoTime();
		List<Future<Integer>> answers = new ArrayList<>();
		for (int i = 0; i < REQUESTS; i++) {
			answers.add(callers.submit(() -> this.http.send(request, BodyHandlers.discarding()).statusCode()));
		}
		for (Future<Integer> answer : answers) {
			if (answer.get() != 202) {
				throw new IllegalStateException("not accepted");
			}
		}
		callers.shutdown();
		return System.nanoTime() - start;
	}

	private long publish(String strategy, int count) throws Exception {
		JsonNode receipt = post("/tasks/batch?confirm=" + strategy,
				json.writeValueAsString(Collections.nCopies(count, TEXT)));
		if (receipt.get("confirmed").asInt() != count) {
			throw new IllegalStateException(receipt.toString());
		}
		return (long) (receipt.get("elapsedMs").asDouble() * 1e6);
	}

	private long drain() throws Exception {
		this.raw.publish(BACKLOG, TEXT);
		long start = System.nanoTime();
		String worker = post("/workers", "").get("id").asString();
		while (done(worker) < BACKLOG) {
			LockSupport.parkNanos(POLL_NANOS);
		}
		long time = System.nanoTime() - start;
		this.http.send(HttpRequest.newBuilder(URI.create(this.url + "/workers/" + worker)).DELETE().build(),
				BodyHandlers.discarding());
		while (done(worker) >= 0) {
			LockSupport.parkNanos(POLL_NANOS);
		}
		return time;
	}

	private long done(String worker) throws Exception {
		JsonNode workers = json.readTree(this.http
			.send(HttpRequest.newBuilder(URI.create(this.url + "/workers")).build(), BodyHandlers.ofString())
			.body());
		for (JsonNode status : workers) {
			if (status.get("id").asString().equals(worker)) {
				return status.get("done").asLong();
			}
		}
		return -1;
	}

	private JsonNode post(String path, String body) throws Exception {
		return json.readTree(
				this.http
					.send(HttpRequest.newBuilder(URI.create(this.url + path))
						.header("Content-Type", "application/json")
						.POST(BodyPublishers.ofString(body))
						.build(), BodyHandlers.ofString())
					.body());
	}

	private static long median(List<Long> values) {
		return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
	}

	private static long rate(int count, long nanos) {
		return Math.round(count / (nanos / 1e9));
	}

	@FunctionalInterface
	private interface Run {

		long nanos() throws Exception;

	}

}
