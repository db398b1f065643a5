package dev.warren.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What TESTING.md shows is code of tests that run.
 */
class TestingPageTests {

	private static final Pattern CODE = Pattern.compile("^```(?:java|kotlin)\\n(.*?)^```",
			Pattern.MULTILINE | Pattern.DOTALL);

	private static final List<Path> SOURCES = List.of(Path.of("src/test/java/dev/warren/broker/guide"),
			Path.of("../consumer-tests/src/it"));

	static Stream<String> snippets() throws IOException {
		return CODE.matcher(Files.readString(Path.of("TESTING.md"))).results().map((result) -> result.group(1));
	}

	@ParameterizedTest
	@MethodSource("snippets")
	void aSnippetIsPartOfATest(String snippet) {
		assertThat(SOURCES.stream().flatMap(TestingPageTests::files).map(TestingPageTests::text))
			.anyMatch((text) -> text.contains(withoutIndentation(snippet)));
	}

	private static Stream<Path> files(Path folder) {
		try {
			return Files.walk(folder).filter((file) -> file.toString().matches(".*\\.(java|kt)")).toList().stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String text(Path file) {
		try {
			return withoutIndentation(Files.readString(file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String withoutIndentation(String text) {
		return text.replaceAll("(?m)^[\\t ]+", "");
	}

}
