package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The packages of the engine, as {@code ARCHITECTURE.md} has them.
 */
class EnginePackagesTests {

	private static final String ENGINE = "dev.warren.broker.rabbitmq";

	/** From the bottom up. */
	static final List<String> PACKAGES = List.of("time", "stats", "wire", "access", "definitions", "upgrade", "disk",
			"store", "event", "death", "policy", "routing", "arguments", "queue", "reply", "fault", "host", "channel",
			"connection", "transport");

	private static final int MOST_LINES_OF_A_PACKAGE = 2500;

	private static final int MOST_LINES_OF_A_CLASS = 400;

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(ENGINE);

	@Test
	void allClassesAreInOneOfThePackages() {
		assertThat(CLASSES.stream()
			.map(JavaClass::getPackageName)
			.filter((name) -> !name.equals(ENGINE))
			.map((name) -> name.substring(ENGINE.length() + 1))
			.distinct()).containsExactlyInAnyOrderElementsOf(PACKAGES);
		assertThat(CLASSES).noneMatch((javaClass) -> javaClass.getPackageName().equals(ENGINE)
				&& !javaClass.getSimpleName().equals("package-info"));
	}

	@ParameterizedTest
	@FieldSource("PACKAGES")
	void aPackageKnowsOnlyThoseBelow(String name) {
		List<String> above = PACKAGES.subList(PACKAGES.indexOf(name) + 1, PACKAGES.size());

		noClasses().that()
			.resideInAPackage(ENGINE + "." + name)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(above.stream().map((one) -> ENGINE + "." + one).toArray(String[]::new))
			.check(CLASSES);
	}

	@Test
	void packagesHaveNoCycles() {
		slices().matching(ENGINE + ".(*)").should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void theEngineDoesNotKnowWhatItIsPartOf() {
		noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("dev.warren.broker", "dev.warren.broker.app..", "dev.warren.broker.autoconfigure..",
					"dev.warren.broker.junit..")
			.check(CLASSES);
	}

	@Test
	void qpidIsBehindTheStoreAndTheTransport() {
		noClasses().that()
			.resideOutsideOfPackages(ENGINE + ".disk", ENGINE + ".store", ENGINE + ".transport")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.apache.qpid..", "com.sleepycat..")
			.check(CLASSES);
	}

	@Test
	void onlyTheClockKnowsTheTime() {
		noClasses().that()
			.resideOutsideOfPackage(ENGINE + ".time")
			.should()
			.callMethod(System.class, "currentTimeMillis")
			.orShould()
			.callMethod(System.class, "nanoTime")
			.orShould()
			.callMethod(Instant.class, "now")
			.orShould()
			.callConstructor(Date.class)
			.orShould()
			.dependOnClassesThat()
			.areAssignableTo(Clock.class)
			.check(CLASSES);
	}

	@ParameterizedTest
	@FieldSource("PACKAGES")
	void aPackageCanBeReadInAnAfternoon(String name) throws IOException {
		try (Stream<Path> sources = sources(name)) {
			assertThat(sources.mapToLong(EnginePackagesTests::lines).sum()).isBetween(1L,
					(long) MOST_LINES_OF_A_PACKAGE);
		}
	}

	@ParameterizedTest
	@FieldSource("PACKAGES")
	void noClassIsLong(String name) throws IOException {
		try (Stream<Path> sources = sources(name)) {
			assertThat(sources).allSatisfy((source) -> assertThat(lines(source)).as(source.toString())
				.isLessThanOrEqualTo(MOST_LINES_OF_A_CLASS));
		}
	}

	private static Stream<Path> sources(String name) throws IOException {
		return Files.list(Path.of("src/main/java", ENGINE.split("\\.")).resolve(name));
	}

	private static long lines(Path source) {
		try (Stream<String> lines = Files.lines(source)) {
			return lines.count();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
