package dev.warren.broker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import com.rabbitmq.client.GetResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an older version has written, this one reads. The files are never written again: a
 * new format gets a file of its own beside them. {@code data-format-1.zip} is of version
 * 0.1.0, which was stopped after it was given the user {@code ann}, the virtual host
 * {@code team}, a policy, two queues with an exchange and a binding, and four messages.
 */
class OlderDataDirectoryTests {

	@TempDir
	Path directory;

	@Test
	void theFirstFormatIsRead() throws Exception {
		unzip("data-format-1.zip");

		try (EmbeddedBroker broker = EmbeddedBroker.builder().diskStore(this.directory).start()) {
			try (AmqpClient client = AmqpClient.connect(broker.uri())) {
				GetResponse first = client.channel().basicGet("classic", true);
				assertThat(first.getProps().getHeaders()).isEqualTo(Map.of("n", 1L));
				assertThat(client.drain("classic")).containsExactly("two", "three");
			}
			String team = "amqp://ann:a%20secret@" + broker.host() + ":" + broker.port() + "/team";
			try (AmqpClient client = AmqpClient.connect(team)) {
				assertThat(client.drain("quorum")).containsExactly("kept");
				client.publishConfirmed("logs", "a.b.c", List.of("again"));
				assertThat(client.drain("quorum")).containsExactly("again");
			}
			assertThat(broker.administration().virtualHost("team")).satisfies((virtualHost) -> assertThat(
					Objects.requireNonNull(Objects.requireNonNull(virtualHost).queues().queue("quorum"))
						.arguments()
						.maxLength())
				.isEqualTo(100L));
		}
	}

	private void unzip(String name) throws IOException {
		try (InputStream resource = Objects.requireNonNull(getClass().getResourceAsStream(name));
				ZipInputStream zip = new ZipInputStream(resource)) {
			for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
				Path file = this.directory.resolve(entry.getName());
				Files.createDirectories(file.getParent());
				Files.copy(zip, file);
			}
		}
	}

}
