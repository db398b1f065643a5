package dev.warren.broker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class DiskStoreTests {

	@TempDir
	Path directory;

	@Test
	void queuesExchangesBindingsAndMessagesSurviveARestart() throws Exception {
		List<String> texts = IntStream.range(0, 500).mapToObj((i) -> "task " + i).toList();
		try (EmbeddedBroker broker = start(); AmqpClient client = AmqpClient.connect(broker.uri())) {
			client.channel().exchangeDeclare("sorting_room", "direct", true);
			client.declare("po_box");
			client.channel().queueBind("po_box", "sorting_room", "jason");
			client.publishConfirmed("sorting_room", "jason", texts);
		}

		try (EmbeddedBroker broker = start(); AmqpClient client = AmqpClient.connect(broker.uri())) {
			client.channel().exchangeDeclarePassive("sorting_room");
			assertThat(client.channel().queueDeclarePassive("po_box").getMessageCount()).isEqualTo(texts.size());
			assertThat(client.drain("po_box")).isEqualTo(texts);
			client.publishConfirmed("sorting_room", "jason", List.of("by the old binding"));
			assertThat(client.drain("po_box")).containsExactly("by the old binding");
		}
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void whatItCreatesIsClosedToOtherUsers() throws Exception {
		Path data = this.directory.resolve("parent/data");
		try (EmbeddedBroker broker = EmbeddedBroker.builder().diskStore(data).start();
				AmqpClient client = AmqpClient.connect(broker.uri())) {
			client.declare("hello");
			client.publishConfirmed("", "hello", List.of("for your eyes only"));

			try (Stream<Path> all = Files.walk(data)) {
				assertThat(all).hasSizeGreaterThan(3).allSatisfy((path) -> {
					String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
					assertThat(permissions).isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
				});
			}
		}
	}

	@Test
	void whatIsNotDurableDoesNotSurvive() throws Exception {
		try (EmbeddedBroker broker = start(); AmqpClient client = AmqpClient.connect(broker.uri())) {
			client.channel().queueDeclare("passing", false, false, false, null);
		}

		try (EmbeddedBroker broker = start(); AmqpClient client = AmqpClient.connect(broker.uri())) {
			assertThat(client.declare("passing").getMessageCount()).isZero();
		}
	}

	@Test
	void twoBrokersInOneJvmHaveADirectoryEach() throws Exception {
		try (EmbeddedBroker one = EmbeddedBroker.builder().diskStore(this.directory.resolve("one")).start();
				EmbeddedBroker other = EmbeddedBroker.builder().diskStore(this.directory.resolve("other")).start();
				AmqpClient client = AmqpClient.connect(one.uri());
				AmqpClient clientOfOther = AmqpClient.connect(other.uri())) {
			client.declare("hello");
			clientOfOther.declare("hello");

			client.publishConfirmed("", "hello", List.of("for one"));

			assertThat(clientOfOther.drain("hello")).isEmpty();
		}
	}

	@Test
	void eachVirtualHostHasADirectoryInsideTheDataDirectory() throws Exception {
		List<String> names = List.of("/", "..", "a/b", "a b", "ä%2F*");
		EmbeddedBroker.Builder builder = EmbeddedBroker.builder().diskStore(this.directory);
		names.forEach(builder::virtualHost);

		builder.start().close();

		try (Stream<Path> files = Files.list(this.directory)) {
			assertThat(files.map((file) -> file.getFileName().toString())).containsExactlyInAnyOrder("broker.lock",
					DataDirectory.FORMAT_FILE, "definitions.json", "virtual-hosts");
		}
		try (Stream<Path> files = Files.list(this.directory.resolve("virtual-hosts"))) {
			assertThat(files).hasSize(names.size()).allMatch(Files::isDirectory);
		}
	}

	private EmbeddedBroker start() {
		return EmbeddedBroker.builder().diskStore(this.directory).start();
	}

}
