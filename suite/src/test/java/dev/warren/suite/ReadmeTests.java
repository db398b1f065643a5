package dev.warren.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The README's tour: what follows a {@code $} in a block marked {@code console} is pasted
 * into a shell and gives the output shown, but for ids, times and ports.
 */
class ReadmeTests {

	private static final Path README = Path.of("..", "README.md");

	private static final Pattern CONSOLE = Pattern.compile("^```console\\n(.*?)^```",
			Pattern.MULTILINE | Pattern.DOTALL);

	private static final Pattern SHELL = Pattern.compile("^```(?:console|sh)\\n(.*?)^```|`(curl [^`]*)`",
			Pattern.MULTILINE | Pattern.DOTALL);

	private static final Pattern QUOTED_OR_COMMENT = Pattern.compile("\\\\.|'[^']*'|\"[^\"]*\"|(?<!\\S)#.*");

	/** Blocks, tables, headings, what is in backquotes, and where links go. */
	private static final Pattern NOT_PROSE = Pattern.compile("^```.*?^```|^\\|.*?$|^#.*?$|`[^`]*`|\\]\\([^)]*\\)",
			Pattern.MULTILINE | Pattern.DOTALL);

	/** What zsh, or any shell, takes for a pattern or for the end of a command. */
	private static final Pattern SPECIAL = Pattern.compile("(?<!\\$)\\?|\\[(?=\\S)|\\w&\\w");

	private static final Pattern CHANGED_USE = Pattern
		.compile("\"change\":\"([^\"]*)\".*?\"subject\":\"queue '([^']*)'");

	@TempDir
	Path directory;

	@Test
	void everyCommandQuotesWhatAShellWouldTakeForAPattern() throws Exception {
		try (Stream<Path> files = Files.find(Path.of(".."), 2, (path, attributes) -> path.endsWith("README.md"))) {
			assertThat(files.flatMap(ReadmeTests::commands)).hasSizeGreaterThan(50)
				.allSatisfy((command) -> assertThat(QUOTED_OR_COMMENT.matcher(command).replaceAll("")).as(command)
					.doesNotContainPattern(SPECIAL));
		}
	}

	@Test
	void everyCommandOfTheTourGivesTheOutputShown() throws Exception {
		needsCurl();
		List<Step> tour = tour();
		assertThat(tour).hasSizeGreaterThan(10);
		SuiteProcess suite = start();
		try {
			for (Step step : tour) {
				String command = onPortsOf(suite, step.command());
				if (command.equals("./mvnw spring-boot:run")) {
					suite.terminate();
					suite.close();
					suite = start();
				}
				else if (command.contains("-X ") || command.contains("-d ")) {
					assertThat(stable(run(command))).as(command).isEqualTo(stable(step.output()));
				}
				else {
					// What is only read may take a moment to become true.
					Awaitility.await(command)
						.atMost(Duration.ofSeconds(20))
						.untilAsserted(() -> assertThat(stable(run(command))).isEqualTo(stable(step.output())));
				}
			}
			// The queues of the older texts, as the table of the README says.
			assertThat(CHANGED_USE.matcher(run("curl -s " + suite.url("embedded-broker") + "/actuator/upgradereport"))
				.results()
				.map((use) -> use.group(1) + " on " + use.group(2))
				.distinct()).containsExactlyInAnyOrder("transient-queue on hello", "transient-queue on rpc_queue");
		}
		finally {
			suite.close();
		}
	}

	private SuiteProcess start() throws IOException {
		return SuiteProcess.onFreePorts(this.directory, "--warren.broker.store=disk").awaitReady();
	}

	@ParameterizedTest
	@ValueSource(strings = { "broker", "queue", "confirm", "ack", "dead letter", "prefetch", "exchange", "binding",
			"routing key", "durable" })
	void aTermIsExplainedWhereItIsFirstUsed(String term) throws Exception {
		Matcher first = Pattern.compile("(\\*\\*)?\\b" + term + "\\b", Pattern.CASE_INSENSITIVE)
			.matcher(NOT_PROSE.matcher(Files.readString(README)).replaceAll(""));

		assertThat(first.find()).as("the README says what a %s is", term).isTrue();
		assertThat(first.group(1)).as("the first '%s' in the README is its explanation", term).isNotNull();
	}

	private static void needsCurl() throws Exception {
		boolean curl = run("curl --version").startsWith("curl");
		if (System.getenv("CI") != null) {
			assertThat(curl).as("curl, which CI must have").isTrue();
		}
		assumeTrue(curl, "needs bash and curl");
	}

	private static String onPortsOf(SuiteProcess suite, String command) throws IOException {
		String changed = command;
		for (Part service : Part.SERVICES) {
			changed = changed.replace("localhost:" + ownPort(service),
					URI.create(suite.url(service.name())).getAuthority());
		}
		return changed;
	}

	private static Object ownPort(Part service) throws IOException {
		String file = service.name() + ".yml";
		return Objects.requireNonNull(new YamlPropertySourceLoader().load(file, new ClassPathResource(file))
			.get(0)
			.getProperty("server.port"), file);
	}

	private static List<Step> tour() throws IOException {
		List<Step> steps = new ArrayList<>();
		for (MatchResult block : CONSOLE.matcher(Files.readString(README)).results().toList()) {
			for (String step : block.group(1).split("(?m)^\\$ ")) {
				if (!step.isBlank()) {
					int end = step.indexOf('\n');
					steps.add(new Step(step.substring(0, end), step.substring(end).strip()));
				}
			}
		}
		return steps;
	}

	/**
	 * The commands in the text and in blocks; where a block shows output, too, only the
	 * lines after a {@code $}.
	 */
	private static Stream<String> commands(Path file) {
		try {
			return SHELL.matcher(Files.readString(file)).results().flatMap((match) -> {
				if (match.group(2) != null) {
					return Stream.of(match.group(2));
				}
				String block = match.group(1);
				return match.group().startsWith("```sh") ? Stream.of(block)
						: block.lines().filter((line) -> line.startsWith("$ ")).map((line) -> line.substring(2));
			});
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The output with what differs from run to run made equal.
	 */
	private static String stable(String output) {
		return output.replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID")
			.replaceAll("amq\\.gen-[A-Za-z0-9_-]+", "QUEUE")
			.replaceAll("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", "TRACE")
			.replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", "TIME")
			.replaceAll("\"instance\":\"[0-9a-f]{8}\"", "\"instance\":\"I\"")
			.replaceAll("\"(timestamp|age|elapsedMs)\":[0-9.E-]+", "\"$1\":N");
	}

	private static String run(String command) throws IOException, InterruptedException {
		Process process = new ProcessBuilder("bash", "-c", command + " 2>/dev/null").start();
		process.getOutputStream().close();
		String output = new String(process.getInputStream().readAllBytes());
		process.waitFor();
		return output.strip();
	}

	private record Step(String command, String output) {

	}

}
