package dev.warren.logs;

import java.nio.file.Files;
import java.nio.file.Path;
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
 * The subscriptions the service begins by itself.
 */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
		"spring.config.name=logs-service", "warren.logs.everything-to-log=true", "warren.logs.critical-to-file=true" })
class StandingSubscriptionsTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private static Path directory;

	private final LogsClient logs;

	StandingSubscriptionsTests(@LocalServerPort int port) {
		this.logs = new LogsClient(port);
	}

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("warren.logs.critical-file", () -> directory.resolve("logs/critical.log"));
		BrokerUnderTest.register(registry);
	}

	@Test
	void everythingGoesToTheLogWithItsTraceAndWhatIsCriticalToTheFile(CapturedOutput output) throws Exception {
		await().until(() -> this.logs.list("/subscriptions")
			.stream()
			.filter((subscription) -> !subscription.get("queue").isNull())
			.count() == 3);

		this.logs.emitTopic("kern.critical", "A kernel error");
		this.logs.emitTopic("cron.info", "A job\ndone");
		this.logs.emit("direct", "{\"severity\":\"critical\",\"message\":\"A disk error\"}");
		this.logs.emit("direct", "{\"severity\":\"info\",\"message\":\"No disk error\"}");

		Path file = directory.resolve("logs/critical.log");
		await().until(() -> Files.exists(file) && Files.readAllLines(file).size() == 2);
		assertThat(Files.readString(file)).contains("kern.critical: A kernel error", "critical: A disk error");
		await().until(() -> output.getOut().contains("everything received 'cron.info':'A job"));
		assertThat(output.getOut())
			.containsPattern("[0-9a-f]{32}-[0-9a-f]{16}.* \\[x\\] everything received 'kern.critical':'A kernel error'")
			.doesNotContain("A job\ndone")
			.doesNotContain("everything received 'critical'");
		List<String> ids = this.logs.list("/subscriptions")
			.stream()
			.map((subscription) -> subscription.get("id").asString())
			.toList();
		assertThat(ids).containsExactlyInAnyOrder("everything", "critical-topics", "critical-severity");
		assertThat(this.logs.messages("everything")).containsExactly("A kernel error", "A job\ndone");
	}

}
