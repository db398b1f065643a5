package dev.warren.broker.management;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The commands of OPERATING.md work as they stand there, in their order.
 */
class OperatingPageTests {

	private static final Path CURL = Path.of("/usr/bin/curl");

	@Test
	void everyRequestOfThePageIsAnswered() throws Exception {
		assumeTrue(Files.isExecutable(CURL), "needs curl");
		List<String> commands = Files.readAllLines(Path.of("OPERATING.md"))
			.stream()
			.filter((line) -> line.startsWith("curl "))
			.toList();
		assertThat(commands).hasSizeGreaterThan(5);
		try (ManagedApplication application = new ManagedApplication("--warren.broker.faults=true")) {
			String port = String.valueOf(application.port());
			for (String command : commands) {
				assertThat(run(command.replaceFirst("^curl", "curl -sS --fail-with-body").replace("15672", port)))
					.as(command)
					.isEmpty();
			}
		}
	}

	/**
	 * What a command says if it fails.
	 */
	private static String run(String command) throws IOException, InterruptedException {
		Process process = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes());
		return (process.waitFor() == 0) ? "" : output;
	}

}
