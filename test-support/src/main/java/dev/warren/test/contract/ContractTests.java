package dev.warren.test.contract;

import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.warren.test.BrokerUnderTest;
import dev.warren.test.LocalService;
import dev.warren.test.RestClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a service answers is what its OpenAPI document says, no more and no less. A
 * service's tests extend it by the requests that get it to give its own answers.
 */
public abstract class ContractTests {

	private static final int REQUESTS = Integer.getInteger("warren.test.requests", 300);

	private static final int MAX_FAULTS = 10;

	/**
	 * The service, yet to be run.
	 */
	protected abstract SpringApplication application();

	/**
	 * The properties that the requests need, such as low limits: as many streams as
	 * {@link #useEverything} opens, and no more.
	 */
	protected List<String> properties() {
		return List.of();
	}

	/**
	 * The documented answers that cannot be had from an embedded broker, such as
	 * {@code GET /queue 409}.
	 */
	protected Set<String> notToBeHad() {
		return Set.of();
	}

	/**
	 * Has every operation give its result, and each of the problems that is its own. Not
	 * those of all operations, nor what it takes that there is no broker.
	 */
	protected abstract void useEverything(Contract contract, BrokerUnderTest broker) throws Exception;

	@Test
	void everyDocumentedAnswerIsGiven() throws Exception {
		try (BrokerUnderTest broker = embeddedBroker();
				LocalService service = start(broker, "--warren.web.max-request-size=1MB",
						"--warren.web.upload-timeout=5s");
				Contract contract = new Contract(ready(service))) {
			useEverything(contract, broker);
			new CommonProblems(contract).provoke();
			broker.stop();
			contract.client().awaitNotReady();
			for (Operation operation : contract.operations()) {
				if (contract.isUnseen(operation, 503) || operation.hasBody()) {
					contract.provoke(operation, contract.lastSuccess(operation));
				}
			}

			assertThat(contract.unseen()).isEqualTo(notToBeHad());
		}
	}

	@Test
	void noOtherAnswerIsGiven() throws Exception {
		long seed = Long.getLong("warren.test.seed", System.nanoTime());
		List<String> faults = new ArrayList<>();
		try (BrokerUnderTest broker = embeddedBroker();
				LocalService service = start(broker);
				Contract contract = new Contract(ready(service))) {
			RequestGenerator generator = new RequestGenerator(contract, seed);
			for (int i = 0; i < REQUESTS && faults.size() < MAX_FAULTS; i++) {
				Operation operation = generator.operation();
				HttpRequest.Builder request = generator.request(operation);
				String fault = faultIn(contract, generator, operation, request);
				if (fault != null) {
					faults.add(request.build() + ": " + fault);
				}
			}
		}

		assertThat(faults).as("-Dwarren.test.seed=" + seed).isEmpty();
	}

	private static @Nullable String faultIn(Contract contract, RequestGenerator generator, Operation operation,
			HttpRequest.Builder request) throws Exception {
		HttpResponse<InputStream> response = contract.client().send(request, BodyHandlers.ofInputStream());
		try (InputStream in = response.body()) {
			String type = Contract.type(response);
			String body = type.equals("text/event-stream") ? null
					: new String(in.readAllBytes(), StandardCharsets.UTF_8);
			if (body != null) {
				generator.learn(body);
			}
			return contract.faultIn(operation, response.statusCode(), type, body);
		}
	}

	// One that a test can stop, wherever the others run.
	private static BrokerUnderTest embeddedBroker() {
		BrokerUnderTest broker = BrokerUnderTest.stopped();
		broker.restart();
		return broker;
	}

	private LocalService start(BrokerUnderTest broker, String... more) {
		List<String> properties = new ArrayList<>(List.of(more));
		// Receivers tell of a queue that is deleted, each of them.
		properties.add("--logging.level.root=error");
		properties.addAll(properties());
		return LocalService.start(application(), broker.address(), properties.toArray(String[]::new));
	}

	private static RestClient ready(LocalService service) {
		RestClient client = new RestClient(service.port());
		client.awaitReady();
		return client;
	}

}
