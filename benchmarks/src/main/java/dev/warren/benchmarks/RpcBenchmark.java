package dev.warren.benchmarks;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.rpc.RpcServiceApplication;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * The RPC service beside tutorial 6 with the plain Java client: round trips with one call
 * and with 64 in flight, as batches, of which the service's part is AMQP; and one by one
 * through REST, beside the same endpoint without AMQP. All take turns, so that what else
 * the machine does meets them alike; the figures are medians after a warm-up.
 */
public final class RpcBenchmark {

	private static final int ROUNDS = Integer.getInteger("rounds", 11);

	private static final int WARM_UP = Integer.getInteger("warm-up", 20);

	private static final int SERVERS = Integer.getInteger("servers", 2);

	// The most a batch may have.
	private static final int CALLS = Integer.getInteger("calls", 1000);

	private static final int BATCHES = Integer.getInteger("batches", 5);

	private static final int IN_FLIGHT = 64;

	private static final int N = 30;

	private static final String VALUE = "832040";

	private static final JsonMapper json = new JsonMapper();

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private RpcBenchmark() {
	}

	/**
	 * Runs the benchmark and prints its figures as Markdown.
	 * @param arguments the URI of a broker to use instead of an embedded one
	 * @throws Exception if something fails
	 */
	public static void main(String[] arguments) throws Exception {
		System.out.println(Machine.describe());
		if (arguments.length > 0) {
			new RpcBenchmark().run(arguments[0]);
			return;
		}
		try (EmbeddedBroker broker = EmbeddedBroker.builder().start()) {
			new RpcBenchmark().run(broker.uri());
		}
	}

	private void run(String uri) throws Exception {
		URI broker = URI.create(uri);
		String address = broker.getHost() + ":" + broker.getPort();
		try (RawRpc raw = new RawRpc(uri, SERVERS);
				ConfigurableApplicationContext servers = start(address, "server", 1);
				ConfigurableApplicationContext one = start(address, "client", 1);
				ConfigurableApplicationContext many = start(address, "client", IN_FLIGHT);
				ConfigurableApplicationContext local = WithoutAmqp.start(address)) {
			awaitServers(url(servers));
			System.out.printf(
					"| %,d calls of fib(%d), %d servers | Java client | service | ratio |%n|---|---|---|---|%n", CALLS,
					N, SERVERS);
			compare(1, () -> batches(raw, 1, 1), () -> batches(url(one), 1), () -> batches(url(local), 1));
			double rawRate = compare(IN_FLIGHT, () -> batches(raw, BATCHES, IN_FLIGHT),
					() -> batches(url(many), BATCHES), () -> batches(url(local), BATCHES));
			rest(url(many), url(local), rawRate);
		}
	}

	private static ConfigurableApplicationContext start(String brokerAddress, String role, int batchWindow) {
		return RpcServiceApplication.application()
			.run("--server.port=0", "--spring.rabbitmq.addresses=" + brokerAddress, "--warren.rpc.roles=" + role,
					"--warren.rpc.servers=" + SERVERS, "--warren.rpc.batch-window=" + batchWindow);
	}

	private static String url(ConfigurableApplicationContext service) {
		return "http://127.0.0.1:" + service.getEnvironment().getProperty("local.server.port");
	}

	private void awaitServers(String url) throws Exception {
		while (get(url + "/actuator/health/readiness").statusCode() != 200) {
			Thread.onSpinWait();
		}
	}

	// The AMQP part is what the same batch without AMQP does not take.
	private double compare(int inFlight, Callable<Calls> raw, Callable<Calls> service, Callable<Calls> local)
			throws Exception {
		List<Calls> ofRaw = new ArrayList<>();
		List<Calls> ofService = new ArrayList<>();
		List<Calls> ofLocal = new ArrayList<>();
		takeTurns(List.of(raw, service, local), List.of(ofRaw, ofService, ofLocal));
		double rawRate = median(ofRaw, Calls::rate);
		double rate = 1 / (1 / median(ofService, Calls::rate) - 1 / median(ofLocal, Calls::rate));
		System.out.printf("| %d in flight, round trips/s | %,.0f | %,.0f | %.2f |%n", inFlight, rawRate, rate,
				rate / rawRate);
		double rawP99 = median(ofRaw, Calls::p99);
		double p99 = median(ofService, Calls::p99);
		System.out.printf("| %d in flight, p99, ms | %.2f | %.2f | %.2f |%n", inFlight, rawP99, p99, p99 / rawP99);
		return rawRate;
	}

	private void rest(String rpc, String local, double rawRate) throws Exception {
		List<Calls> ofRpc = new ArrayList<>();
		List<Calls> ofLocal = new ArrayList<>();
		takeTurns(List.of(() -> requests(local), () -> requests(rpc)), List.of(ofLocal, ofRpc));
		double localRate = median(ofLocal, Calls::rate);
		double rate = median(ofRpc, Calls::rate);
		double expected = 1 / (1 / localRate + 1 / rawRate);
		System.out.printf("%n| REST, %d callers | requests/s | p99, ms |%n|---|---|---|%n", IN_FLIGHT);
		System.out.printf("| H, the endpoint without AMQP | %,.0f | %.2f |%n", localRate, median(ofLocal, Calls::p99));
		System.out.printf("| A, the plain client's round trips | %,.0f | |%n", rawRate);
		System.out.printf("| 1 / (1/H + 1/A) | %,.0f | |%n", expected);
		System.out.printf("| the service | %,.0f | %.2f |%n", rate, median(ofRpc, Calls::p99));
		System.out.printf("| ratio | %.2f | |%n", rate / expected);
	}

	private static void takeTurns(List<Callable<Calls>> runs, List<List<Calls>> results) throws Exception {
		for (int round = 0; round < WARM_UP + ROUNDS; round++) {
			for (int i = 0; i < runs.size(); i++) {
				Calls calls = runs.get(i).call();
				if (round >= WARM_UP) {
					results.get(i).add(calls);
				}
			}
		}
	}

	private static Calls batches(RawRpc raw, int batches, int inFlight) throws Exception {
		double[] millis = new double[CALLS * batches];
		long nanos = 0;
		for (int i = 0; i < batches; i++) {
			Calls batch = raw.ask(CALLS, inFlight, N);
			System.arraycopy(batch.millis(), 0, millis, i * CALLS, CALLS);
			nanos += batch.nanos();
		}
		return new Calls(nanos, millis);
	}

	private Calls batches(String url, int batches) throws Exception {
		String numbers = json.writeValueAsString(Collections.nCopies(CALLS, N));
		double[] millis = new double[CALLS * batches];
		int index = 0;
		long begin = System.nanoTime();
		for (int i = 0; i < batches; i++) {
			HttpResponse<String> response = this.http.send(HttpRequest.newBuilder(URI.create(url + "/fibonacci/batch"))
				.header("Content-Type", "application/json")
				.POST(BodyPublishers.ofString(numbers))
				.build(), BodyHandlers.ofString());
			for (JsonNode answer : json.readTree(response.body())) {
				check(answer.path("value").asString(""), response);
				millis[index++] = answer.get("elapsedMs").asDouble();
			}
		}
		return new Calls(System.nanoTime() - begin, millis);
	}

	private Calls requests(String url) throws Exception {
		double[] millis = new double[CALLS * BATCHES];
		AtomicInteger next = new AtomicInteger();
		ExecutorService callers = Executors.newFixedThreadPool(IN_FLIGHT);
		long begin = System.nanoTime();
		List<Future<?>> all = new ArrayList<>();
		for (int i = 0; i < IN_FLIGHT; i++) {
			all.add(callers.submit(() -> {
				for (int call = next.getAndIncrement(); call < millis.length; call = next.getAndIncrement()) {
					long start = System.nanoTime();
					HttpResponse<String> response = get(url + "/fibonacci/" + N);
					millis[call] = (System.nanoTime() - start) / 1e6;
					check(response.body().contains(VALUE) ? VALUE : "", response);
				}
				return null;
			}));
		}
		for (Future<?> caller : all) {
			caller.get();
		}
		long nanos = System.nanoTime() - begin;
		callers.shutdown();
		return new Calls(nanos, millis);
	}

	private static void check(String value, HttpResponse<String> response) {
		if (!value.equals(VALUE)) {
			throw new IllegalStateException(response.body());
		}
	}

	private HttpResponse<String> get(String url) throws Exception {
		return this.http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
	}

	private static double median(List<Calls> rounds, ToDoubleFunction<Calls> figure) {
		double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
		return sorted[sorted.length / 2];
	}

}
