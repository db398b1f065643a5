package dev.warren.broker;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the README has to copy.
 */
class ReadmeTests {

	private static final Pattern VERSION = Pattern.compile("<version>(.*?)</version>");

	private static final Pattern JAVA = Pattern.compile("^```java\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

	private static final Pattern CLASS_NAME = Pattern.compile("^class (\\w+)", Pattern.MULTILINE);

	@Test
	void theDependencyHasTheVersionOfThePom() throws Exception {
		assertThat(find(VERSION, "README.md")).containsExactly(find(VERSION, "pom.xml").get(0));
	}

	@Test
	void theJavaCompilesAsItIs(@TempDir Path classes) throws Exception {
		List<String> sources = find(JAVA, "README.md");

		assertThat(sources).isNotEmpty().allSatisfy((source) -> assertThat(compiles(source, classes)).isTrue());
	}

	private static List<String> find(Pattern pattern, String file) throws Exception {
		return pattern.matcher(Files.readString(Path.of(file))).results().map((result) -> result.group(1)).toList();
	}

	private static boolean compiles(String source, Path classes) {
		String name = CLASS_NAME.matcher(source)
			.results()
			.map((MatchResult result) -> result.group(1))
			.findFirst()
			.get();
		JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///" + name + ".java"),
				JavaFileObject.Kind.SOURCE) {

			@Override
			public CharSequence getCharContent(boolean ignoreEncodingErrors) {
				return source;
			}

		};
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		return compiler
			.getTask(null, null, null,
					List.of("-d", classes.toString(), "-proc:none", "-classpath",
							System.getProperty("java.class.path")),
					null, List.of(file))
			.call();
	}

}
