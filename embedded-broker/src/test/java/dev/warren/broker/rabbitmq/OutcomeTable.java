package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.warren.broker.RabbitMqVersion;

/**
 * What came of each case, such as declaring a queue with an argument. The file of a
 * version has a heading for each subject, below it the outcomes, and with each the values
 * that had it.
 */
final class OutcomeTable {

	private static final Path RESOURCES = Path.of("src", "test", "resources");

	private static final String BETWEEN = " ; ";

	/** Outcomes by subject and value. */
	private final Map<String, Map<String, String>> outcomes = new LinkedHashMap<>();

	void add(String subject, String value, String outcome) {
		this.outcomes.computeIfAbsent(subject, (key) -> new LinkedHashMap<>()).put(value, outcome);
	}

	/**
	 * The outcomes, by subject and value as in {@code classic x-expires = int 0}.
	 */
	Map<String, String> lines() {
		Map<String, String> lines = new LinkedHashMap<>();
		this.outcomes.forEach((subject, ofSubject) -> ofSubject
			.forEach((value, outcome) -> lines.put(subject + " = " + value, outcome)));
		return lines;
	}

	private static String resource(RabbitMqVersion version) {
		return OutcomeTable.class.getPackageName().replace('.', '/') + "/outcomes-" + version + ".txt";
	}

	static OutcomeTable of(RabbitMqVersion version) {
		OutcomeTable table = new OutcomeTable();
		try (InputStream file = OutcomeTable.class.getResourceAsStream("/" + resource(version))) {
			String[] subjects = {};
			String outcome = "";
			for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
				if (line.startsWith("\t\t")) {
					for (String value : line.strip().split(BETWEEN)) {
						for (String subject : subjects) {
							table.add(subject, value, outcome);
						}
					}
				}
				else if (line.startsWith("\t")) {
					outcome = line.strip();
				}
				else {
					subjects = line.strip().split(BETWEEN);
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return table;
	}

	/**
	 * Writes the table as that of a version.
	 */
	void write(RabbitMqVersion version) throws IOException {
		Map<Map<String, String>, List<String>> subjects = new LinkedHashMap<>();
		this.outcomes.forEach(
				(subject, ofSubject) -> subjects.computeIfAbsent(ofSubject, (key) -> new ArrayList<>()).add(subject));
		StringBuilder text = new StringBuilder();
		subjects.forEach((ofSubjects, names) -> {
			text.append(String.join(BETWEEN, names)).append('\n');
			Map<String, List<String>> byOutcome = new LinkedHashMap<>();
			ofSubjects
				.forEach((value, outcome) -> byOutcome.computeIfAbsent(outcome, (key) -> new ArrayList<>()).add(value));
			byOutcome.forEach((outcome, values) -> text.append('\t')
				.append(outcome)
				.append("\n\t\t")
				.append(String.join(BETWEEN, values))
				.append('\n'));
		});
		Path path = RESOURCES.resolve(resource(version));
		Files.createDirectories(path.getParent());
		Files.writeString(path, text);
	}

}
