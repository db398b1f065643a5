package dev.warren.broker.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import dev.warren.broker.AmqpClient;
import dev.warren.broker.EmbeddedBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The app as a real process: killed, terminated, and failing to start.
 */
class EmbeddedBrokerApplicationTests {

	@TempDir
	Path directory;

	@Test
	void aKilledBrokerLosesNothingItHasConfirmed() throws Exception {
		List<String> texts = IntStream.range(0, 5000).mapToObj((i) -> "task " + i).toList();
		try (BrokerProcess broker = BrokerProcess.fromClassPath(this.directory);
				AmqpClient client = AmqpClient.connect(broker.awaitUri())) {
			client.channel().exchangeDeclare("sorting_room", "direct", true);
			client.declare("po_box");
			client.channel().queueBind("po_box", "sorting_room", "jason");
			client.publishConfirmed("sorting_room", "jason", texts);
			broker.kill();
		}

		try (BrokerProcess broker = BrokerProcess.fromClassPath(this.directory);
				AmqpClient client = AmqpClient.connect(broker.awaitUri())) {
			assertThat(client.drain("po_box")).isEqualTo(texts);
			client.publishConfirmed("sorting_room", "jason", List.of("by the old binding"));
			assertThat(client.drain("po_box")).containsExactly("by the old binding");
		}
	}

	@Test
	void aTerminatedBrokerClosesItsStore() throws Exception {
		try (BrokerProcess broker = BrokerProcess.fromClassPath(this.directory)) {
			try (AmqpClient client = AmqpClient.connect(broker.awaitUri())) {
				client.declare("hello");
				client.publishConfirmed("", "hello", List.of("Hello World!"));
			}

			assertThat(broker.terminate()).isEqualTo(143);

			assertThat(broker.output()).doesNotContain("Exception");
		}
		try (EmbeddedBroker broker = EmbeddedBroker.builder().diskStore(this.directory.resolve("data")).start();
				AmqpClient client = AmqpClient.connect(broker.uri())) {
			assertThat(client.drain("hello")).containsExactly("Hello World!");
		}
	}

	@Test
	void aSecondBrokerOnTheSameDataDirectoryIsRefusedAndTheFirstGoesOn() throws Exception {
		try (BrokerProcess first = BrokerProcess.fromClassPath(this.directory);
				AmqpClient client = AmqpClient.connect(first.awaitUri())) {
			client.declare("hello");
			client.publishConfirmed("", "hello", List.of("Hello World!"));

			assertStartFails("is in use by another broker", "'warren.broker.data-dir'");

			assertThat(client.drain("hello")).containsExactly("Hello World!");
		}
	}

	@Test
	void aTakenPortEndsTheStart() throws Exception {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertStartFails("cannot listen on port " + socket.getLocalPort(), "'warren.broker.port'",
					"--warren.broker.port=" + socket.getLocalPort());
		}
	}

	@Test
	void aDataDirectoryThatCannotBeOneEndsTheStart() throws Exception {
		Path file = Files.createFile(this.directory.resolve("file"));

		assertStartFails("'" + file + "' is not a directory", "'warren.broker.data-dir'",
				"--warren.broker.data-dir=" + file);
	}

	@Test
	void aMisspeltPropertyEndsTheStart() throws Exception {
		assertStartFails("There is no property 'warren.broker.prot'",
				"is one of enabled, version, port, ssl, bind-address, store, data-dir", "--warren.broker.prot=5672");
		assertStartFails("There is no property 'warren.broker.ssl.bundel'",
				"Correct the name to 'warren.broker.ssl.bundle'.", "--warren.broker.ssl.bundel=broker");
	}

	@Test
	void helpPrintsThePropertiesAndStartsNoBroker() throws Exception {
		try (BrokerProcess broker = BrokerProcess.fromClassPath(this.directory, "--warren.broker.port=0", "--help")) {
			assertThat(broker.awaitExit()).isZero();

			assertThat(broker.output()).containsPattern("warren\\.broker\\.port +5672 +the TCP port for AMQP")
				.containsPattern("warren\\.broker\\.ssl\\.client-auth +none +whether clients")
				.contains("ctl COMMAND", "certificates [--directory=DIRECTORY]")
				.doesNotContain("accepts AMQP connections", "guest");
			assertThat(this.directory.resolve("data")).doesNotExist();
		}
	}

	@Test
	void aPropertyThatCannotHaveItsValueEndsTheStart() throws Exception {
		assertStartFails("'warren.broker.store' cannot be 'paper'", "It is one of memory, disk.",
				"--warren.broker.store=paper");
	}

	@Test
	void aTakenHttpPortEndsTheStart() throws Exception {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertStartFails("cannot serve HTTP on port " + socket.getLocalPort(), "'server.port'",
					"--server.port=" + socket.getLocalPort());
		}
	}

	@Test
	void anHttpPortThatDoesNotExistEndsTheStart() throws Exception {
		assertStartFails("its port does not exist", "'server.port'", "--server.port=70000");
	}

	private void assertStartFails(String cause, String property, String... arguments)
			throws IOException, InterruptedException {
		try (BrokerProcess broker = BrokerProcess.fromClassPath(this.directory, arguments)) {
			assertThat(broker.awaitExit()).isEqualTo(1);
			assertThat(broker.output()).containsOnlyOnce("APPLICATION FAILED TO START")
				.containsOnlyOnce(cause)
				.contains(property)
				.doesNotContain("Bindable@")
				.doesNotContain("\tat ");
		}
	}

}
