package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes {@code COMPATIBILITY.md} of the results that {@link CompatibilityResults} wrote
 * in a run against the embedded broker and one against RabbitMQ. Run it in the module's
 * directory; it refuses results that are incomplete.
 */
final class CompatibilityPage {

	private static final Path SOURCES = Path.of("src", "test", "java", "dev", "warren", "broker", "rabbitmq");

	private static final List<Class<?>> GROUPS = List.of(DeclaringTests.class, PublishingTests.class,
			ConsumingTests.class, QueueArgumentsTests.class, DeadLetteringTests.class, ExchangesTests.class,
			DirectReplyToTests.class, ConnectionsTests.class, VirtualHostsAndPermissionsTests.class,
			SpringAmqpTests.class, NotSupportedTests.class);

	private static final String HEAD = """
			# Compatibility with RabbitMQ

			What a RabbitMQ client sees, as tests say it. Each line is a test that ran against RabbitMQ %s and
			against Warren's embedded broker, and this page is made of their results: do not edit it. In this
			directory:

			```
			../mvnw test -Dgroups=compatibility
			src/test/rabbitmq.sh ../mvnw test -Dgroups=compatibility
			java -cp target/test-classes dev.warren.broker.rabbitmq.CompatibilityPage
			```

			""";

	private record Line(String method, String result, String sentence) {

		static Line parse(String line) {
			String[] fields = line.split("\t", 3);
			return new Line(fields[0], fields[1], fields[2]);
		}

	}

	private record Group(String name, String testClass, List<Line> lines) {

		static Group read(Path file) throws IOException {
			List<String> lines = Files.readAllLines(file);
			return new Group(lines.get(0), file.getFileName().toString().replace(".tsv", ""),
					lines.stream().skip(1).map(Line::parse).toList());
		}

	}

	private CompatibilityPage() {
	}

	public static void main(String[] args) throws IOException {
		Map<String, Group> warren = read(directory(false));
		Map<String, Group> rabbitMq = read(directory(true));
		String version = Files.readString(directory(true).resolve("version")).strip();
		Files.writeString(Path.of("COMPATIBILITY.md"), page(version, warren, rabbitMq));
	}

	static Path directory(boolean rabbitMq) {
		return Path.of("target", "compatibility", rabbitMq ? "rabbitmq" : "embedded");
	}

	private static Map<String, Group> read(Path directory) throws IOException {
		Map<String, Group> groups = new LinkedHashMap<>();
		if (Files.isDirectory(directory)) {
			try (Stream<Path> files = Files.list(directory)) {
				for (Path file : files.filter((path) -> path.toString().endsWith(".tsv")).sorted().toList()) {
					Group group = Group.read(file);
					groups.put(group.testClass, group);
				}
			}
		}
		return groups;
	}

	private static String page(String version, Map<String, Group> warren, Map<String, Group> rabbitMq)
			throws IOException {
		List<String> known = GROUPS.stream().<String>map(Class::getSimpleName).toList();
		if (!known.containsAll(warren.keySet())) {
			throw new IllegalStateException("Of " + warren.keySet() + " the page knows only " + known);
		}
		StringBuilder summary = new StringBuilder("| | behaviours | RabbitMQ | Warren |\n|---|---|---|---|\n");
		StringBuilder tables = new StringBuilder();
		for (Class<?> group : GROUPS) {
			String testClass = group.getSimpleName();
			Group expected = require(rabbitMq, testClass, "RabbitMQ");
			Group actual = require(warren, testClass, "the embedded broker");
			List<Line> lines = inSourceOrder(actual);
			summary.append("| [%s](#%s) | %d | %d | %d |%n".formatted(actual.name, anchor(actual.name), lines.size(),
					passed(expected), passed(actual)));
			tables.append(
					"%n## %s%n%n| Behaviour | RabbitMQ | Warren | Test |%n|---|---|---|---|%n".formatted(actual.name));
			for (Line line : lines) {
				tables.append("| %s | %s | %s | [%s](%s/%s.java) |%n".formatted(line.sentence.replace("|", "\\|"),
						result(expected, line), line.result, line.method, SOURCES.toString().replace('\\', '/'),
						testClass));
			}
		}
		return (HEAD.formatted(version) + summary + tables).replace("\r\n", "\n");
	}

	private static Group require(Map<String, Group> groups, String testClass, String broker) {
		Group group = groups.get(testClass);
		if (group == null) {
			throw new IllegalStateException("No results of " + testClass + " with " + broker);
		}
		return group;
	}

	private static long passed(Group group) {
		return group.lines.stream().filter((line) -> line.result.equals("yes")).count();
	}

	private static String result(Group group, Line line) {
		return group.lines.stream()
			.filter((other) -> other.method.equals(line.method) && other.sentence.equals(line.sentence))
			.map(Line::result)
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("No result with RabbitMQ: " + line));
	}

	/**
	 * JUnit's order is its own; the reader's is the source's.
	 */
	private static List<Line> inSourceOrder(Group group) throws IOException {
		String source = Files.readString(SOURCES.resolve(group.testClass + ".java"));
		List<Line> lines = new ArrayList<>(group.lines);
		lines.sort(Comparator.comparingInt((line) -> source.indexOf("void " + line.method + "(")));
		return lines;
	}

	private static String anchor(String heading) {
		return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
	}

}
