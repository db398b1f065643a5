package dev.warren.broker.ctl;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.warren.broker.AmqpClient;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.app.EmbeddedBrokerApplication;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What RabbitMQ 4.3's {@code rabbitmqctl} says and does.
 */
class WarrenctlTests {

	@TempDir
	static Path directory;

	private static ConfigurableApplicationContext context;

	private static EmbeddedBroker broker;

	@BeforeAll
	static void start() {
		context = EmbeddedBrokerApplication.application()
			.run("--server.port=0", "--warren.broker.port=0", "--warren.broker.data-dir=" + directory);
		broker = context.getBean(EmbeddedBroker.class);
	}

	@AfterAll
	static void stop() {
		context.close();
		assertThat(directory.resolve(BrokerAddress.ACCESS_FILE)).doesNotExist();
	}

	private static Result ctl(String... words) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		ByteArrayOutputStream err = new ByteArrayOutputStream();
		int status = new Warrenctl(new PrintStream(out, true, StandardCharsets.UTF_8),
				new PrintStream(err, true, StandardCharsets.UTF_8),
				Map.of("WARREN_BROKER_DATA_DIR", directory.toString()))
			.execute(List.of(words));
		return new Result(status, lines(out), lines(err));
	}

	private static List<String> lines(ByteArrayOutputStream stream) {
		return stream.toString(StandardCharsets.UTF_8).lines().toList();
	}

	@Test
	void aUserIsAddedPermittedAndDeleted() throws Exception {
		assertThat(ctl("add_user", "ann", "secret").out()).startsWith("Adding user \"ann\" ...",
				"Done. Don't forget to grant the user permissions to some virtual hosts! "
						+ "See 'warrenctl help set_permissions' to learn more.");
		assertThat(ctl("add_user", "ann", "secret")).isEqualTo(
				new Result(70, List.of("Adding user \"ann\" ..."), List.of("Error:", "User \"ann\" already exists")));
		ctl("add_vhost", "orders");
		assertThat(ctl("set_permissions", "-p", "orders", "ann", "^a.*", ".*", ".*").out())
			.containsExactly("Setting permissions for user \"ann\" in vhost \"orders\" ...");
		assertThat(ctl("-q", "list_permissions", "-p", "orders").out()).containsExactly("user\tconfigure\twrite\tread",
				"ann\t^a.*\t.*\t.*");
		ctl("set_user_tags", "ann", "monitoring", "management");
		assertThat(ctl("-s", "list_users").out()).contains("ann\t[monitoring, management]");

		try (AmqpClient client = AmqpClient.connect("amqp://ann:secret@127.0.0.1:%d/orders".formatted(broker.port()))) {
			client.declare("a1");
		}
		assertThat(ctl("-q", "list_queues", "-p", "orders", "name", "messages").out()).contains("a1\t0");

		assertThat(ctl("change_password", "ann", "other").status()).isZero();
		assertThat(ctl("authenticate_user", "ann", "other").out()).contains("Success");
		assertThat(ctl("authenticate_user", "ann", "secret").err()).containsExactly("Error:",
				"Error: failed to authenticate user \"ann\"", "user 'ann' - invalid credentials");
		assertThat(ctl("delete_vhost", "orders").status()).isZero();
		assertThat(ctl("delete_user", "ann").status()).isZero();
		assertThat(ctl("-s", "list_users").out()).noneMatch((line) -> line.startsWith("ann\t"));
	}

	@Test
	void whatIsDeclaredIsListed() throws Exception {
		try (AmqpClient client = AmqpClient.connect(broker.uri())) {
			client.declare("jobs");
			client.publishConfirmed("", "jobs", List.of("1", "2"));
		}

		assertThat(ctl("list_queues").out())
			.startsWith("Timeout: 60.0 seconds ...", "Listing queues for vhost / ...", "name\tmessages")
			.contains("jobs\t2");
		assertThat(ctl("list_queues", "--formatter", "json").out()).contains("{\"name\":\"jobs\",\"messages\":2}");
		assertThat(ctl("list_queues", "--formatter", "csv", "name").out()).contains("\"name\"", "\"jobs\"");
		assertThat(ctl("list_bindings", "-q", "source_name", "destination_name").out()).contains("\tjobs");
		assertThat(ctl("list_exchanges", "-q").out()).contains("name\ttype", "\tdirect", "amq.topic\ttopic");
		assertThat(ctl("list_queues", "-p", "nowhere", "-q")).isEqualTo(new Result(0, List.of(), List.of()));
		assertThat(ctl("purge_queue", "jobs").out()).containsExactly("Purging queue 'jobs' in vhost '/' ...");
		assertThat(ctl("-q", "delete_queue", "jobs").out())
			.containsExactly("Queue was successfully deleted with 0 ready messages");
		assertThat(ctl("delete_queue", "jobs").status()).isEqualTo(64);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					list_queue                            | 64 | Command 'list_queue' not found.
					list_queues nothing                   | 64 | Error (argument validation): Info key(s) nothing are not supported
					list_queues --nothing                 | 64 | Error (argument validation): Invalid options for this command:
					add_user                              | 64 | Error (argument validation): not enough arguments.
					set_permissions guest .* .* .* .*     | 64 | Error (argument validation): too many arguments.
					list_users --formatter nothing        | 64 | Error (argument validation): Formatter nothing is not one of
					change_password nobody secret         | 67 | User "nobody" does not exist
					set_permissions nobody .* .* .*       | 67 | User nobody does not exist
					set_permissions -p x guest .* .* .*   | 69 | Virtual host x does not exist
					list_permissions -p nowhere           | 65 | Virtual host 'nowhere' does not exist
					delete_vhost nowhere                  | 65 | Virtual host 'nowhere' does not exist
					purge_queue nothing                   | 65 | Object (queue, stream, exchange, etc) was not found
					delete_queue nothing                  | 64 | No such queue was found
					import_definitions nothing.json       | 65 | Error (argument validation): Bad argument: File nothing.json does not exist
					list_users --data-dir /nowhere        | 69 | Error: no broker runs in the data directory '/nowhere'
					list_users --url http://127.0.0.1:1   | 69 | Error: unable to perform an operation on the broker at http://127.0.0.1:1.
					list_users --url ftp:x                | 64 | Error (argument validation): --url is not a URL
					""")
	void whatCannotBeDoneIsSaidWithItsStatus(String words, int status, String message) {
		Result result = ctl(words.split(" "));

		assertThat(result.status()).isEqualTo(status);
		assertThat(result.err()).anyMatch((line) -> line.startsWith(message));
	}

	@Test
	void aPasswordIsNotRepeated() {
		assertThat(ctl("add_user", "ann", "secret", "extra").err().toString()).doesNotContain("secret");
		assertThat(ctl("list_users", "--url", "http://ann:se cret@host").err().toString()).doesNotContain("cret");
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void theTokenIsForTheOwnerOfTheDataDirectory() throws Exception {
		Path file = directory.resolve(BrokerAddress.ACCESS_FILE);

		assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
		List<String> access = Files.readAllLines(file);
		assertThat(status(access.get(0), access.get(1))).isEqualTo(200);
		assertThat(status(access.get(0), access.get(1) + "x")).isEqualTo(401);
		assertThat(status(access.get(0), "")).isEqualTo(401);
	}

	private static int status(String url, String token) throws Exception {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create(url + "/api/users"))
				.header("Authorization", "Bearer " + token)
				.build(), BodyHandlers.discarding())
			.statusCode();
	}

	@Test
	void theHelpNamesEachCommand() {
		assertThat(ctl("help").out()).anyMatch((line) -> line.strip().startsWith("list_queues "))
			.anyMatch((line) -> line.strip().startsWith("set_permissions "));
		assertThat(ctl("help", "set_permissions").out())
			.anyMatch((line) -> line.endsWith("set_permissions [--vhost <vhost>] <username> <conf> <write> <read>"));
		assertThat(ctl().status()).isEqualTo(64);
	}

	@Test
	void aBackupThatIsMadeWhileClientsPublishHasWhatWasConfirmedBefore(@TempDir Path target) throws Exception {
		Path backup = target.resolve("backup");
		try (AmqpClient client = AmqpClient.connect(broker.uri())) {
			client.declare("kept");
			client.publishConfirmed("", "kept", List.of("one", "two"));
			AtomicBoolean done = new AtomicBoolean();
			CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> {
				try (AmqpClient other = AmqpClient.connect(broker.uri())) {
					while (!done.get()) {
						other.publishConfirmed("", "kept", List.of("later"));
					}
				}
				catch (Exception ex) {
					throw new IllegalStateException(ex);
				}
			});
			assertThat(ctl("backup", backup.toString())).extracting(Result::status).isEqualTo(0);
			done.set(true);
			publishing.get(1, TimeUnit.MINUTES);
		}

		assertThat(ctl("backup", backup.toString()).err()).anyMatch((line) -> line.contains("something in it"));
		try (EmbeddedBroker restored = EmbeddedBroker.builder().diskStore(backup).start();
				AmqpClient client = AmqpClient.connect(restored.uri())) {
			assertThat(client.drain("kept")).startsWith("one", "two");
		}
	}

	/**
	 * What a command did.
	 *
	 * @param status what it exits with
	 * @param out the lines it printed
	 * @param err the lines it complained with
	 */
	private record Result(int status, List<String> out, List<String> err) {

	}

}
