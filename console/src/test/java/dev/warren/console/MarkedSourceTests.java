package dev.warren.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A control of a lesson shows the Java that does it, with the line marked: the line must
 * be there.
 */
class MarkedSourceTests {

	private static final Pattern SERVICE = Pattern.compile("(?m)^(?:\\tservice: |const SERVICE = )'([a-z-]+)'");

	private static final Pattern MARK = Pattern.compile("java: \\['([\\w/]+)', '([^']+)'");

	static Stream<Arguments> marks() throws IOException {
		Resource[] lessons = new PathMatchingResourcePatternResolver()
			.getResources("classpath:dev/warren/console/web/page/lessons/*.js");
		return Arrays.stream(lessons).flatMap((lesson) -> marks(text(lesson)));
	}

	private static Stream<Arguments> marks(String lesson) {
		Matcher service = SERVICE.matcher(lesson);
		return !service.find() ? Stream.empty()
				: MARK.matcher(lesson)
					.results()
					.map((mark) -> Arguments.of(service.group(1) + "/" + mark.group(1) + ".java", mark.group(2)));
	}

	private static String text(Resource resource) {
		try {
			return resource.getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	@ParameterizedTest
	@MethodSource("marks")
	void aMarkedLineIsInTheSource(String source, String mark) {
		Resource resource = new ClassPathResource("dev/warren/console/sources/" + source);

		assertThat(resource.exists()).as(source).isTrue();
		assertThat(text(resource)).containsOnlyOnce(mark);
	}

}
