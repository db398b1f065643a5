package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.warren.broker.RabbitMqVersion;

/**
 * Makes {@code COMPATIBILITY.md} of the results that {@link CompatibilityResults} wrote
 * in runs against the RabbitMQs of all versions and the embedded broker as each of them.
 * Run it in the module's directory; it refuses results that are incomplete.
 */
final class CompatibilityPage {

	private static final Path SOURCES = Path.of("src", "test", "java", "dev", "warren", "broker", "rabbitmq");

	private static final List<Class<?>> GROUPS = List.of(DeclaringTests.class, PublishingTests.class,
			ConsumingTests.class, ConsumerTimeoutTests.class, DelayedRetryTests.class, QueueArgumentsTests.class,
			DeadLetteringTests.class, PoliciesAtRunTimeTests.class, ExchangesTests.class, ExchangeTypesTests.class,
			DirectReplyToTests.class, ConnectionsTests.class, VirtualHostsAndPermissionsTests.class,
			PermissionTableTests.class, TopicPermissionsTests.class, LimitsTests.class, SpringAmqpTests.class,
			ApplicationTests.class, NotSupportedTests.class);

	private static final String HEAD = """
			# Compatibility with RabbitMQ

			What a RabbitMQ client sees, as tests say it. The embedded broker behaves as RabbitMQ %s, as it is told
			(`warren.broker.version`, `EmbeddedBroker.builder().version(…)`); by default as the newest. Each line is a test
			that ran against the real RabbitMQ of each version (%s) and against the embedded broker as that version.
			This page is made of their results, do not edit it: `src/test/compatibility.sh` runs them all.

			Beside these, every argument of queues and consumers with values of all types, and every method on every type of
			queue, has the outcome that it has on RabbitMQ, down to the texts: in [tables](src/test/resources/dev/warren/broker/rabbitmq)
			recorded from the real ones, to which `OutcomeTableTests` holds the broker. Left out are streams, which are not
			supported, and what is an internal error of RabbitMQ 3.10: `x-queue-master-locator` that is no text or names no
			locator, and `x-credit`.

			In the tables, *yes* is what both do, and – is not the way of that version: another line tells what is.

			""";

	private static final String YES = "yes";

	private static final String OTHER_VERSION = "other version";

	private record Line(String method, String sentence) {

	}

	/**
	 * The results of one class: by line, those of RabbitMQ and of Warren in each version.
	 */
	private record Group(String name, String testClass, Map<Line, Results> lines) {

	}

	private record Results(Map<RabbitMqVersion, String> rabbitMq, Map<RabbitMqVersion, String> warren) {

		Results() {
			this(new EnumMap<>(RabbitMqVersion.class), new EnumMap<>(RabbitMqVersion.class));
		}

		String cell(RabbitMqVersion version) {
			String expected = this.rabbitMq.get(version);
			String actual = this.warren.get(version);
			if (expected == null || actual == null) {
				throw new IllegalStateException("A result of " + version + " is missing");
			}
			if (expected.equals(actual)) {
				return expected.startsWith(OTHER_VERSION) ? "–" : expected;
			}
			return actual.equals(YES) ? "Warren only" : "RabbitMQ only";
		}

		boolean ran() {
			return this.warren.containsValue(YES) || this.warren.containsValue("no");
		}

		boolean isDifference() {
			return this.warren.values().stream().anyMatch((result) -> result.startsWith(OTHER_VERSION));
		}

	}

	private CompatibilityPage() {
	}

	public static void main(String[] args) throws IOException {
		List<Group> groups = new ArrayList<>();
		for (Class<?> group : GROUPS) {
			groups.add(read(group.getSimpleName()));
		}
		List<String> versions = new ArrayList<>();
		for (RabbitMqVersion version : RabbitMqVersion.values()) {
			versions.add(Files.readString(directory(true, version).resolve("version")).strip());
		}
		Files.writeString(Path.of("COMPATIBILITY.md"), page(versions, groups));
	}

	static Path directory(boolean rabbitMq, RabbitMqVersion version) {
		return Path.of("target", "compatibility", (rabbitMq ? "rabbitmq-" : "embedded-") + version);
	}

	private static Group read(String testClass) throws IOException {
		Map<Line, Results> lines = new LinkedHashMap<>();
		String name = testClass;
		for (RabbitMqVersion version : RabbitMqVersion.values()) {
			for (boolean rabbitMq : new boolean[] { true, false }) {
				List<String> file = Files.readAllLines(directory(rabbitMq, version).resolve(testClass + ".tsv"));
				name = file.get(0);
				for (String text : file.subList(1, file.size())) {
					String[] fields = text.split("\t", 3);
					Results results = lines.computeIfAbsent(new Line(fields[0], fields[2]), (line) -> new Results());
					(rabbitMq ? results.rabbitMq() : results.warren()).put(version, fields[1]);
				}
			}
		}
		return new Group(name, testClass, inSourceOrder(testClass, withDisabled(lines)));
	}

	/**
	 * A test with parameters that is disabled is one line, of no parameters: its result
	 * is that of all lines it has where it runs.
	 */
	private static Map<Line, Results> withDisabled(Map<Line, Results> lines) {
		Map<Line, Results> ran = new LinkedHashMap<>(lines);
		ran.values().removeIf((results) -> !results.ran());
		lines.forEach((disabled, results) -> ran.forEach((line, others) -> {
			if (line.method.equals(disabled.method)) {
				results.rabbitMq.forEach(others.rabbitMq::putIfAbsent);
				results.warren.forEach(others.warren::putIfAbsent);
			}
		}));
		return ran;
	}

	/**
	 * JUnit's order is its own; the reader's is the source's.
	 */
	private static Map<Line, Results> inSourceOrder(String testClass, Map<Line, Results> lines) throws IOException {
		String source = Files.readString(SOURCES.resolve(testClass + ".java"));
		List<Line> sorted = new ArrayList<>(lines.keySet());
		sorted.sort(Comparator.comparingInt((line) -> source.indexOf("void " + line.method + "(")));
		Map<Line, Results> inOrder = new LinkedHashMap<>();
		sorted.forEach((line) -> inOrder.put(line, lines.get(line)));
		return inOrder;
	}

	private static String page(List<String> versions, List<Group> groups) {
		List<RabbitMqVersion> all = Arrays.asList(RabbitMqVersion.values());
		StringBuilder page = new StringBuilder(
				HEAD.formatted(all.stream().map(RabbitMqVersion::toString).collect(Collectors.joining(", ")),
						String.join(", ", versions)));
		appendOnPurpose(page, groups);
		appendSummary(page, groups);
		page.append("\n## What differs between versions\n\n").append(heading());
		for (Group group : groups) {
			group.lines.forEach((line, results) -> {
				if (results.isDifference()) {
					page.append(row(group, line, results));
				}
			});
		}
		for (Group group : groups) {
			page.append("%n## %s%n%n".formatted(group.name)).append(heading());
			group.lines.forEach((line, results) -> page.append(row(group, line, results)));
		}
		return page.toString().replace("\r\n", "\n");
	}

	/**
	 * What Warren does and a RabbitMQ does not, or does not show, with the reasons.
	 */
	private static void appendOnPurpose(StringBuilder page, List<Group> groups) {
		page.append("## What Warren does otherwise, on purpose\n\n| What Warren does | RabbitMQ |\n|---|---|\n");
		for (Group group : groups) {
			group.lines.forEach((line, results) -> {
				Set<String> reasons = new LinkedHashSet<>();
				results.rabbitMq.forEach((version, result) -> {
					if (!result.equals(YES) && !result.startsWith(OTHER_VERSION)) {
						reasons.add(result.replace("not seen: ", ""));
					}
				});
				if (!reasons.isEmpty()) {
					page.append("| %s | %s |%n".formatted(escape(line.sentence), escape(String.join("; ", reasons))));
				}
			});
		}
		page.append('\n');
	}

	private static void appendSummary(StringBuilder page, List<Group> groups) {
		page.append("## Summary\n\nHow many of a version's behaviours RabbitMQ and Warren both have.\n\n| | %s |%n"
			.formatted(Arrays.stream(RabbitMqVersion.values())
				.map(RabbitMqVersion::toString)
				.collect(Collectors.joining(" | "))));
		page.append("|---|").append("---|".repeat(RabbitMqVersion.values().length)).append('\n');
		for (Group group : groups) {
			page.append("| [%s](#%s) |".formatted(group.name, anchor(group.name)));
			for (RabbitMqVersion version : RabbitMqVersion.values()) {
				List<String> cells = group.lines.values()
					.stream()
					.map((results) -> results.cell(version))
					.filter((cell) -> !cell.equals("–"))
					.toList();
				page.append(" %d of %d |".formatted(cells.stream().filter(YES::equals).count(), cells.size()));
			}
			page.append('\n');
		}
	}

	private static String heading() {
		StringBuilder heading = new StringBuilder("| Behaviour |");
		for (RabbitMqVersion version : RabbitMqVersion.values()) {
			heading.append(" %s |".formatted(version));
		}
		return heading.append(" Test |\n|---|")
			.append("---|".repeat(RabbitMqVersion.values().length + 1))
			.append('\n')
			.toString();
	}

	private static String row(Group group, Line line, Results results) {
		StringBuilder row = new StringBuilder("| %s |".formatted(escape(line.sentence)));
		for (RabbitMqVersion version : RabbitMqVersion.values()) {
			row.append(" %s |".formatted(results.cell(version)));
		}
		return row
			.append(" [%s](%s/%s.java) |%n".formatted(line.method, SOURCES.toString().replace('\\', '/'),
					group.testClass))
			.toString();
	}

	private static String escape(String text) {
		return text.replace("|", "\\|");
	}

	private static String anchor(String heading) {
		return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
	}

}
