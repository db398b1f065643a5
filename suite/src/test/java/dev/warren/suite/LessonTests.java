package dev.warren.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.rabbitmq.client.ConnectionFactory;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A lesson is what a reader came for: the classes of a service's own package, short, and
 * in plain Spring AMQP.
 */
class LessonTests {

	private static final int MAX_LINES = 120;

	private static final int MAX_SHARED_TYPES = 5;

	private static final int MAX_FILES_OF_A_MESSAGE = 5;

	private static final int MAX_LINES_OF_A_MESSAGE = 400;

	private static final Path ROOT = Path.of("..");

	private static final JavaClasses WARREN = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("dev.warren");

	static List<Lesson> lessons() {
		return List.of(new Lesson("hello-service", "hello"), new Lesson("work-queue-service", "workqueue"),
				new Lesson("logs-service", "logs"), new Lesson("rpc-service", "rpc"),
				new Lesson("postbox-service", "postbox"));
	}

	@ParameterizedTest
	@MethodSource("lessons")
	void aLessonsClassFitsAScreenOrTwo(Lesson lesson) throws IOException {
		assertThat(lesson.sources()).isNotEmpty()
			.allSatisfy((source) -> assertThat(Files.readAllLines(source)).as(source.toString())
				.hasSizeLessThanOrEqualTo(MAX_LINES));
	}

	@ParameterizedTest
	@MethodSource("lessons")
	void aLessonKnowsTheJdkSpringAndAFewSharedTypes(Lesson lesson) throws IOException {
		String readme = Files.readString(ROOT.resolve(lesson.module()).resolve("README.md"));
		Set<String> shared = new TreeSet<>();
		for (JavaClass type : WARREN) {
			if (lesson.teaches(type)) {
				for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
					JavaClass target = dependency.getTargetClass().getBaseComponentType();
					if (target.getPackageName().startsWith("dev.warren.messaging")) {
						shared.add(outermost(target).getSimpleName());
					}
				}
			}
		}

		assertThat(shared).hasSizeLessThanOrEqualTo(MAX_SHARED_TYPES)
			.allSatisfy((type) -> assertThat(readme).as(lesson.module()).contains("`" + type + "`"));
		assertThat(lesson.imports()).allSatisfy((line) -> assertThat(line)
			.matches("import (static )?(java|jakarta|org\\.springframework|org\\.slf4j|org\\.jspecify)\\..*|"
					+ "import (static )?dev\\.warren\\.(messaging|" + lesson.name() + ")\\..*|" + lesson.exception()));
		noClasses().that(lesson.predicate())
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("dev.warren." + lesson.name() + ".*..")
			.because("a lesson can be copied without the machinery")
			.check(WARREN);
	}

	@ParameterizedTest
	@MethodSource("lessons")
	void aLessonStartsNoThreadAndKeepsNoConnection(Lesson lesson) {
		noClasses().that(lesson.predicate())
			.should()
			.dependOnClassesThat()
			.haveNameMatching(
					"java\\.util\\.concurrent\\..*Execut.*|java\\.util\\.Timer|org\\.springframework\\.(scheduling|core\\.task|core\\.retry|util\\.backoff)\\..*")
			.orShould()
			.callConstructorWhere(DescribedPredicate.describe("a thread is made",
					(call) -> call.getTargetOwner().isAssignableTo(Thread.class)))
			.orShould()
			.callConstructor(ConnectionFactory.class)
			.orShould()
			.callMethodWhere(DescribedPredicate.describe("a connection is made",
					(call) -> call.getTargetOwner().isAssignableTo(ConnectionFactory.class)
							&& call.getName().equals("newConnection")))
			.check(WARREN);
	}

	@ParameterizedTest
	@MethodSource("lessons")
	void aMessageIsFollowedThroughAFewFiles(Lesson lesson) throws IOException {
		List<Path> files = lesson.filesOfAMessage();
		int lines = 0;
		for (Path file : files) {
			lines += Files.readAllLines(file).size();
		}

		assertThat(files).isNotEmpty().hasSizeLessThanOrEqualTo(MAX_FILES_OF_A_MESSAGE);
		assertThat(lines).isLessThanOrEqualTo(MAX_LINES_OF_A_MESSAGE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "work-queue-service", "rpc-service" })
	void whoeverCopiesTheSettingsHandlesOneMessageAtATime(String service) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.addFirst(new MapPropertySource("service", Map.of("spring.config.name", service)));
		ConfigDataEnvironmentPostProcessor.applyTo(environment);

		assertThat(environment.getProperty("spring.rabbitmq.listener.simple.prefetch")).isEqualTo("1");
	}

	@Test
	void everyLessonIsChecked() {
		assertThat(lessons()).hasSameSizeAs(Part.SERVICES);
	}

	private static JavaClass outermost(JavaClass type) {
		return type.getEnclosingClass().map(LessonTests::outermost).orElse(type);
	}

	record Lesson(String module, String name) {

		// A letter that is pulled now and acknowledged later is held by a channel, for
		// which
		// Spring AMQP has no type of its own.
		String exception() {
			return this.name.equals("postbox") ? "import com\\.rabbitmq\\.client\\.(Channel|Connection|GetResponse);"
					: "nothing else";
		}

		private Path folder() {
			return ROOT.resolve(this.module).resolve("src/main/java/dev/warren").resolve(this.name);
		}

		// Application and properties may stand beside the lesson.
		private boolean teaches(JavaClass type) {
			return type.getPackageName().equals("dev.warren." + this.name)
					&& !outermost(type).getSimpleName().matches(".*Application|.*Properties|package-info");
		}

		DescribedPredicate<JavaClass> predicate() {
			return DescribedPredicate.describe("are the lesson of " + this.module, this::teaches);
		}

		List<Path> sources() throws IOException {
			try (Stream<Path> files = Files.list(folder())) {
				return files.filter((file) -> file.toString().endsWith(".java"))
					.filter((file) -> !file.getFileName().toString().matches(".*(Application|Properties)\\.java"))
					.sorted()
					.toList();
			}
		}

		List<String> imports() throws IOException {
			List<String> imports = new ArrayList<>();
			for (Path source : sources()) {
				Files.readAllLines(source).stream().filter((line) -> line.startsWith("import ")).forEach(imports::add);
			}
			return imports;
		}

		/**
		 * The files that the service's README lists under "One message, followed", or
		 * letter.
		 */
		List<Path> filesOfAMessage() throws IOException {
			String readme = Files.readString(ROOT.resolve(this.module).resolve("README.md"));
			String section = readme.substring(readme.indexOf(", followed\n"));
			int end = section.indexOf("\n## ", 1);
			return Pattern.compile("\\]\\(([^)]*\\.java)\\)")
				.matcher((end > 0) ? section.substring(0, end) : section)
				.results()
				.map((match) -> ROOT.resolve(this.module).resolve(match.group(1)))
				.distinct()
				.toList();
		}

		@Override
		public String toString() {
			return this.module;
		}

	}

}
