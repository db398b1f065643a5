package dev.warren.logs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.warren.test.BrokerUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The file of what is critical while it cannot be written.
 */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
		"spring.config.name=logs-service", "warren.logs.critical-to-file=true", "warren.logs.feed-capacity=5" })
class CriticalFileTests {

	private static final String FAULT = "Lines are not written, trying again: ";

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private static Path directory;

	private final LogsClient logs;

	CriticalFileTests(@LocalServerPort int port) {
		this.logs = new LogsClient(port);
	}

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("warren.logs.critical-file", () -> directory.resolve("critical.log"));
		BrokerUnderTest.register(registry);
	}

	@Test
	void nobodyWaitsForTheFileWhichTellsWhatItLost(CapturedOutput output) throws Exception {
		Path file = Files.createDirectory(directory.resolve("critical.log"));
		await().until(() -> !this.logs.subscription("critical-topics").get("queue").isNull());

		for (int i = 1; i <= 7; i++) {
			this.logs.emitTopic("kern.critical", "line " + i);
		}
		this.logs.emitTopic("cron.critical", "one\r\ntwo\u001b[31m\u2028\u202ethree \u2713");
		await().until(() -> this.logs.subscription("critical-topics").get("received").asInt() == 8);
		await().until(() -> output.getAll().contains(FAULT));
		Files.delete(file);

		await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(file) && Files.readAllLines(file).size() == 6);
		List<String> lines = Files.readAllLines(file);
		assertThat(lines.get(0)).contains("3 lines lost here");
		assertThat(lines.subList(1, 5)).extracting((line) -> line.replaceFirst(".*Z ", ""))
			.containsExactly("kern.critical: line 4", "kern.critical: line 5", "kern.critical: line 6",
					"kern.critical: line 7");
		assertThat(lines.get(5)).endsWith(" cron.critical: one\\u000d\\u000atwo\\u001b[31m\\u2028\\u202ethree \u2713");
		assertThat(output).containsOnlyOnce(FAULT);
	}

}
