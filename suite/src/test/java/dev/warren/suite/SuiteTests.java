package dev.warren.suite;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.warren.test.RestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.warren.test.RestClient.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The suite as its users run it.
 */
class SuiteTests {

	private static final HttpClient http = HttpClient.newHttpClient();

	@TempDir
	Path directory;

	@Test
	void startsAllPartsTellsWhereTheyAreAndStopsTheServicesBeforeTheBroker() throws Exception {
		try (SuiteProcess suite = SuiteProcess.onFreePorts(this.directory).awaitReady()) {
			String hello = suite.url("hello-service");

			HttpResponse<String> sent = http.send(HttpRequest.newBuilder(URI.create(hello + "/messages"))
				.header("Content-Type", "text/plain")
				.POST(HttpRequest.BodyPublishers.ofString("Hello World!"))
				.build(), HttpResponse.BodyHandlers.ofString());

			assertThat(sent.statusCode()).isEqualTo(202);
			await().until(() -> get(hello + "/messages").contains("Hello World!"));
			assertThat(get(suite.url("embedded-broker") + "/actuator/health")).contains("\"status\":\"UP\"");
			assertThat(suite.terminate()).isEqualTo(143);
			assertThat(suite.output()).containsSubsequence("hello-service      [] o.s.boot.tomcat.GracefulShutdown",
					"embedded-broker    [] o.s.boot.tomcat.GracefulShutdown");
			assertThat(suite.output()).doesNotContain("ERROR").doesNotContain("WARN").doesNotContain("Exception");
		}
	}

	@Test
	void onePartsProblemDocumentsAndEndpointsAreNotAnothers() throws Exception {
		try (SuiteProcess suite = SuiteProcess.onFreePorts(this.directory).awaitReady()) {
			String broker = suite.url("embedded-broker");

			assertThat(status(broker + "/swagger-ui.html")).isEqualTo(404);
			assertThat(status(broker + "/v3/api-docs")).isEqualTo(404);
			assertThat(status(broker + "/actuator/prometheus")).isEqualTo(404);
			assertThat(status(broker + "/messages")).isEqualTo(404);
			assertThat(get(suite.url("hello-service") + "/v3/api-docs")).contains("\"title\":\"hello-service\"");
		}
	}

	@Test
	void aRestartOfTheBrokerKeepsWhatIsDurableAndTheServicesRecover() throws Exception {
		try (SuiteProcess suite = SuiteProcess.onFreePorts(this.directory, "--warren.broker.store=disk").awaitReady()) {
			RestClient console = new RestClient(suite.url("console"));
			assertStatus(console.putJson("/postbox/boxes/attic", "{\"keys\":[\"anna\"]}"), 201);
			assertStatus(console.postJson("/postbox/letters", "{\"to\":\"anna\",\"text\":\"Dear Anna\"}"), 202);
			assertStatus(console.delete("/hello/receivers/receiver-1"), 204);
			assertStatus(console.postText("/hello/messages", "not durable"), 202);

			assertThat(console.object("/settings").get("restart").asBoolean()).isTrue();
			assertStatus(console.post("/restart-broker"), 204);

			await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
				assertThat(console.object("/postbox/boxes").toString()).contains("\"messages\":1");
				assertThat(console.object("/hello/queue").get("messages").asInt()).isZero();
				assertStatus(console.postText("/hello/messages", "Hello again!"), 202);
			});
			assertStatus(console.get("/broker/api/faults/%2F"), 200);
			assertThat(get(suite.url("embedded-broker") + "/actuator/health")).contains("\"status\":\"UP\"");
			assertThat(suite.terminate()).isEqualTo(143);
			assertThat(suite.output()).doesNotContain("ERROR").doesNotContain("\tat ");
		}
	}

	@Test
	void aTakenHttpPortIsNamedWithThePropertyThatChangesIt() throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				SuiteProcess suite = SuiteProcess.onFreePorts(this.directory,
						"--hello-service.server.port=" + taken.getLocalPort())) {
			assertThat(suite.awaitExit()).isEqualTo(1);

			assertThat(suite.output()).contains("hello-service, " + taken.getLocalPort())
				.containsOnlyOnce("--hello-service.server.port=")
				.doesNotContain("\tat ");
		}
	}

	@Test
	void aTakenBrokerPortIsNamedWithThePropertyThatChangesIt() throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				SuiteProcess suite = SuiteProcess.onFreePorts(this.directory,
						"--warren.broker.port=" + taken.getLocalPort())) {
			assertThat(suite.awaitExit()).isEqualTo(1);

			assertThat(suite.output()).contains(String.valueOf(taken.getLocalPort()))
				.containsOnlyOnce("warren.broker.port")
				.doesNotContain("\tat ");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			--warren.broker.data-dir=/dev/null/data | warren.broker.data-dir
			--warren.broker.port=amqp               | 'warren.broker.port' cannot be 'amqp'
			--warren.broker.stor=memory             | no property 'warren.broker.stor'
			--warren.broker.store=paper             | 'warren.broker.store' cannot be 'paper'
			--warren.broker.enabled=perhaps         | 'warren.broker.enabled' cannot be 'perhaps'
			--warren.edition=old                    | 'warren.edition' cannot be 'old'
			--warren.hello.recievers=3              | no property 'warren.hello.recievers'
			--warren.helo.receivers=3               | no property 'warren.helo.receivers'
			--warren.queues.typ=quorum              | no property 'warren.queues.typ'
			--rpc-service.warren.rpc.server=2       | no property 'warren.rpc.server'
			--rpc-service.server.port=http          | 'server.port'
			--rpc-service.server.port=99999         | --rpc-service.server.port=
			""")
	void whatIsWrongIsSaidInTheLastTwoLines(String argument, String words) throws Exception {
		try (SuiteProcess suite = SuiteProcess.onFreePorts(this.directory, "--warren.broker.store=disk", argument)) {
			assertThat(suite.awaitExit()).isEqualTo(1);

			List<String> lines = suite.output().lines().toList();
			assertThat(lines.subList(lines.size() - 2, lines.size()).toString()).contains(" did not start: ", words);
			assertThat(suite.output()).doesNotContain("\tat ");
		}
	}

	@Test
	void theLogIsAlsoInTheFileThatIsNamed() throws Exception {
		try (SuiteProcess suite = SuiteProcess.onFreePorts(this.directory, "--logging.file.name=suite.log")
			.awaitReady()) {
			assertThat(this.directory.resolve("suite.log")).content().contains("Connected to Warren");
			suite.terminate();
		}
	}

	@Test
	void aSecondSuiteInTheSameDirectoryLeavesTheFirstAlone() throws Exception {
		try (SuiteProcess first = SuiteProcess.onFreePorts(this.directory, "--warren.broker.store=disk").awaitReady();
				SuiteProcess second = SuiteProcess.onFreePorts(this.directory, "--warren.broker.store=disk")) {
			assertThat(second.awaitExit()).isEqualTo(1);

			assertThat(second.output()).contains("in use by another broker").doesNotContain("\tat ");
			assertThat(get(first.url("embedded-broker") + "/actuator/health")).contains("\"status\":\"UP\"");
		}
	}

	@Test
	void queuesAndMessagesOfTheDiskStoreAreInTheDataDirectory() throws Exception {
		try (SuiteProcess suite = SuiteProcess.onFreePorts(this.directory, "--warren.broker.store=disk").awaitReady()) {
			assertThat(this.directory.resolve("data")).isNotEmptyDirectory();
			suite.terminate();
		}
	}

	private static String get(String url) throws Exception {
		return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString()).body();
	}

	private static int status(String url) throws Exception {
		return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding())
			.statusCode();
	}

}
