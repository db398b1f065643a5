package dev.warren.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tables in this module's TESTS.md and the project's README say what the tests do. A
 * test that fails tells the table that belongs there.
 */
class TableTests {

	private static final Path SOURCES = Path.of("src", "test", "java", "dev", "warren", "interop");

	@Test
	void everyTestIsInTheTableOfThisModule() throws Exception {
		StringBuilder table = new StringBuilder(
				"| tutorial | | what is tested |" + columns() + "|---|---|---|" + rule());
		for (Method test : tests()) {
			Row row = row(test);
			table
				.append("| %s | %s | [%s](%s) |".formatted(row.tutorial(), row.direction(), sentence(test), link(test)))
				.append(cells((client) -> List.of(row.clients()).contains(client) ? "✓" : ""));
		}

		assertContains(Path.of("TESTS.md"), table);
	}

	@Test
	void everyTutorialIsInTheTableOfTheProject() throws Exception {
		StringBuilder table = new StringBuilder("| tutorial |" + columns() + "|---|" + rule());
		List<Row> rows = tests().stream().map(TableTests::row).toList();
		for (Tutorial tutorial : rows.stream().map(Row::tutorial).distinct().toList()) {
			table.append("| %s |".formatted(tutorial)).append(cells((client) -> directions(rows, tutorial, client)));
		}

		assertContains(Path.of("..", "README.md"), table);
	}

	private static void assertContains(Path readme, CharSequence table) {
		assertThat(read(readme)).withFailMessage("%s needs this table:%n%n%s", readme, table).contains(table);
	}

	private static String columns() {
		return cells(Client::toString);
	}

	private static String rule() {
		return "---|".repeat(Client.values().length) + "\n";
	}

	private static String cells(Function<Client, String> cell) {
		return Stream.of(Client.values()).map(cell).map(" %s |"::formatted).collect(Collectors.joining("", "", "\n"));
	}

	private static String directions(List<Row> rows, Tutorial tutorial, Client client) {
		Set<Direction> directions = EnumSet.noneOf(Direction.class);
		for (Row row : rows) {
			if (row.tutorial() == tutorial && List.of(row.clients()).contains(client)) {
				directions.add(row.direction());
			}
		}
		if (directions.containsAll(EnumSet.of(Direction.TO_SERVICE, Direction.TO_CLIENT))) {
			return "⇄";
		}
		return directions.stream().map(Direction::toString).findFirst().orElse("");
	}

	/**
	 * The tests of all classes, tutorial by tutorial and then in the order of the source,
	 * which reflection does not know.
	 */
	private static List<Method> tests() throws IOException {
		try (Stream<Path> files = Files.list(SOURCES)) {
			return files.filter((file) -> file.toString().endsWith("IT.java"))
				.map(TableTests::testClass)
				.flatMap((type) -> Stream.of(type.getDeclaredMethods()))
				.filter((method) -> method.isAnnotationPresent(Row.class))
				.sorted(Comparator.comparing((Method test) -> row(test).tutorial())
					.thenComparing((test) -> read(source(test)).indexOf("void " + test.getName() + "(")))
				.toList();
		}
	}

	private static Class<?> testClass(Path file) {
		try {
			return Class
				.forName(TableTests.class.getPackageName() + "." + file.getFileName().toString().replace(".java", ""));
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Row row(Method test) {
		return Objects.requireNonNull(test.getAnnotation(Row.class));
	}

	private static Path source(Method test) {
		return SOURCES.resolve(test.getDeclaringClass().getSimpleName() + ".java");
	}

	private static String link(Method test) {
		return source(test).toString().replace('\\', '/');
	}

	private static String sentence(Method test) {
		return test.getName().replaceAll("(?=\\p{Lu})", " ").toLowerCase(Locale.ROOT);
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
