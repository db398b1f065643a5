package dev.warren.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
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
 * The RPC service beside the plain Java client, which sends what tutorial 6 sends, or the
 * properties the service sends: round trips with one call and with 64 in flight, as
 * batches, of which the service's part is AMQP; and one by one through REST, beside the
 * same endpoint without AMQP. All take turns, so that what else the machine does meets
 * them alike; the figures are medians after a warm-up.
 */
public final class RpcBenchmark {

	private static final int ROUNDS = Integer.getInteger("rounds", 11);

	private static final int WARM_UP = Integer.getInteger("warm-up", 30);

	private static final int SERVERS = Integer.getInteger("servers", 2);

	// The most a batch may have.
	private static final int CALLS = Integer.getInteger("calls", 1000);

	private static final int BATCHES = Integer.getInteger("batches", 5);

	private static final int REQUESTS = 5000;

	private static final int IN_FLIGHT = 64;

	private static final int N = 30;

	private static final String NUMBERS = Collections.nCopies(CALLS, N).toString();

	static final String VALUE = "832040";

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
		// A connection for each caller, rather than five.
		System.setProperty("http.maxConnections", Integer.toString(IN_FLIGHT));
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
		try (RawRpc tutorial = new RawRpc(uri, SERVERS, false);
				RawRpc raw = new RawRpc(uri, SERVERS, true);
				ConfigurableApplicationContext servers = start(address, "server", 1);
				ConfigurableApplicationContext one = start(address, "client", 1);
				ConfigurableApplicationContext many = start(address, "client", IN_FLIGHT);
				ConfigurableApplicationContext local = WithoutAmqp.start(address)) {
			awaitServers(url(servers));
			System.out.printf(
					"| %,d calls of fib(%d), %d servers | tutorial | Java client | service |"
							+ " service / tutorial | service / Java client |%n|---|---|---|---|---|---|%n",
					CALLS, N, SERVERS);
			compare(1, 1, tutorial, raw, url(one), url(local));
			compare(IN_FLIGHT, BATCHES, tutorial, raw, url(many), url(local));
			rest(tutorial, raw, url(many), url(local));
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
		HttpRequest readiness = HttpRequest.newBuilder(URI.create(url + "/actuator/health/readiness")).build();
		while (this.http.send(readiness, BodyHandlers.discarding()).statusCode() != 200) {
			Thread.onSpinWait();
		}
	}

	// The AMQP part is what the same batch without AMQP does not take. The p99 is of a
	// batch: of many together it would tell whose turn the garbage collector interrupted.
	private void compare(int inFlight, int batches, RawRpc tutorial, RawRpc raw, String service, String local)
			throws Exception {
		List<List<Calls>> results = takeTurns(batches, List.of(() -> tutorial.ask(CALLS, inFlight, N),
				() -> raw.ask(CALLS, inFlight, N), () -> batch(service), () -> batch(local)));
		double tutorialRate = median(results.get(0), Calls::rate);
		double rawRate = median(results.get(1), Calls::rate);
		double rate = 1 / (1 / median(results.get(2), Calls::rate) - 1 / median(results.get(3), Calls::rate));
		System.out.printf("| %d in flight, round trips/s | %,.0f | %,.0f | %,.0f | %.2f | %.2f |%n", inFlight,
				tutorialRate, rawRate, rate, rate / tutorialRate, rate / rawRate);
		double tutorialP99 = median(results.get(0), Calls::p99);
		double rawP99 = median(results.get(1), Calls::p99);
		double p99 = median(results.get(2), Calls::p99);
		System.out.printf("| %d in flight, p99, ms | %.2f | %.2f | %.2f | %.2f | %.2f |%n", inFlight, tutorialP99,
				rawP99, p99, p99 / tutorialP99, p99 / rawP99);
	}

	private void rest(RawRpc tutorial, RawRpc raw, String rpc, String local) throws Exception {
		List<List<Calls>> results = takeTurns(1, List.of(() -> tutorial.ask(REQUESTS, IN_FLIGHT, N),
				() -> raw.ask(REQUESTS, IN_FLIGHT, N), () -> requests(rpc), () -> requests(local)));
		double[] rates = { median(results.get(0), Calls::rate), median(results.get(1), Calls::rate) };
		double rate = median(results.get(2), Calls::rate);
		double localRate = median(results.get(3), Calls::rate);
		double[] expected = { 1 / (1 / localRate + 1 / rates[0]), 1 / (1 / localRate + 1 / rates[1]) };
		System.out.printf("%n| REST, %d callers, requests/s | tutorial | Java client |%n|---|---|---|%n", IN_FLIGHT);
		System.out.printf("| H, the endpoint without AMQP | %,.0f | %,.0f |%n", localRate, localRate);
		System.out.printf("| A, round trips with %d in flight | %,.0f | %,.0f |%n", IN_FLIGHT, rates[0], rates[1]);
		System.out.printf("| 1 / (1/H + 1/A) | %,.0f | %,.0f |%n", expected[0], expected[1]);
		System.out.printf("| the service | %,.0f | %,.0f |%n", rate, rate);
		System.out.printf("| ratio | %.2f | %.2f |%n", rate / expected[0], rate / expected[1]);
		System.out.printf("%np99: %.2f ms without AMQP, %.2f ms of the service%n", median(results.get(3), Calls::p99),
				median(results.get(2), Calls::p99));
	}

	private static List<List<Calls>> takeTurns(int times, List<Callable<Calls>> runs) throws Exception {
		List<List<Calls>> results = new ArrayList<>();
		runs.forEach((run) -> results.add(new ArrayList<>()));
		for (int round = 0; round < WARM_UP + ROUNDS; round++) {
			for (int i = 0; i < runs.size(); i++) {
				for (int time = 0; time < times; time++) {
					Calls calls = runs.get(i).call();
					if (round >= WARM_UP) {
						results.get(i).add(calls);
					}
				}
			}
		}
		return results;
	}

	private Calls batch(String url) throws Exception {
		long begin = System.nanoTime();
		HttpResponse<String> response = this.http.send(HttpRequest.newBuilder(URI.create(url + "/fibonacci/batch"))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(NUMBERS))
			.build(), BodyHandlers.ofString());
		double[] millis = new double[CALLS];
		int index = 0;
		for (JsonNode answer : json.readTree(response.body())) {
			check(answer.path("value").asString("").equals(VALUE), response.body());
			millis[index++] = answer.get("elapsedMs").asDouble();
		}
		return new Calls(System.nanoTime() - begin, millis);
	}

	private Calls requests(String url) throws Exception {
		double[] millis = new double[REQUESTS];
		AtomicInteger next = new AtomicInteger();
		ExecutorService callers = Executors.newFixedThreadPool(IN_FLIGHT);
		long begin = System.nanoTime();
		List<Future<?>> all = new ArrayList<>();
		for (int i = 0; i < IN_FLIGHT; i++) {
			all.add(callers.submit(() -> {
				for (int call = next.getAndIncrement(); call < millis.length; call = next.getAndIncrement()) {
					long start = System.nanoTime();
					request(url + "/fibonacci/" + N);
					millis[call] = (System.nanoTime() - start) / 1e6;
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

	// A caller that reads its own connection: with HttpClient, whose threads hand over to
	// each other, the callers would cost more than what they call.
	private static void request(String url) throws IOException {
		try (InputStream response = URI.create(url).toURL().openStream()) {
			String body = new String(response.readAllBytes(), StandardCharsets.UTF_8);
			check(body.contains(VALUE), body);
		}
	}

	private static void check(boolean answered, String response) {
		if (!answered) {
			throw new IllegalStateException(response);
		}
	}

	private static double median(List<Calls> rounds, ToDoubleFunction<Calls> figure) {
		double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
		return sorted[sorted.length / 2];
	}

}
