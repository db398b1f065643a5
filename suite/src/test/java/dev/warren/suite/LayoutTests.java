package dev.warren.suite;

import java.util.List;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules of the layout.
 */
class LayoutTests {

	private static final String SUITE = "dev.warren.suite..";

	private static final String BROKER = "dev.warren.broker..";

	private static final String MESSAGING = "dev.warren.messaging..";

	private static final String CONSOLE = "dev.warren.console..";

	private static final String TEST_SUPPORT = "dev.warren.test..";

	private static final List<String> SERVICES = Part.SERVICES.stream()
		.flatMap((part) -> part.application().get().getAllSources().stream())
		.map((source) -> ((Class<?>) source).getPackageName() + "..")
		.toList();

	private static final JavaClasses WARREN = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("dev.warren");

	@Test
	void onlyTheBrokerKnowsQpid() {
		noClasses().that()
			.resideOutsideOfPackage(BROKER)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.apache.qpid..", "com.sleepycat..")
			.check(WARREN);
	}

	@Test
	void theBrokerKnowsNoOtherModule() {
		noClasses().that()
			.resideInAPackage(BROKER)
			.should()
			.dependOnClassesThat(in("dev.warren..").and(notIn(BROKER)))
			.check(WARREN);
	}

	@Test
	void messagingSupportKnowsNoOtherModule() {
		noClasses().that()
			.resideInAPackage(MESSAGING)
			.should()
			.dependOnClassesThat(in("dev.warren..").and(notIn(MESSAGING)))
			.check(WARREN);
	}

	@Test
	void testSupportKnowsOnlyTheBroker() {
		noClasses().that()
			.resideInAPackage(TEST_SUPPORT)
			.should()
			.dependOnClassesThat(in("dev.warren..").and(notIn(TEST_SUPPORT)).and(notIn(BROKER)))
			.check(WARREN);
	}

	@Test
	void onlyTestsKnowTestSupport() {
		noClasses().that()
			.resideOutsideOfPackage(TEST_SUPPORT)
			.should()
			.dependOnClassesThat(in(TEST_SUPPORT))
			.check(WARREN);
	}

	@Test
	void aServiceKnowsOnlyMessagingSupport() {
		for (String service : SERVICES) {
			noClasses().that()
				.resideInAPackage(service)
				.should()
				.dependOnClassesThat(in("dev.warren..").and(notIn(service)).and(notIn(MESSAGING)))
				.check(WARREN);
		}
	}

	@Test
	void theConsoleKnowsOnlyMessagingSupport() {
		noClasses().that()
			.resideInAPackage(CONSOLE)
			.should()
			.dependOnClassesThat(in("dev.warren..").and(notIn(CONSOLE)).and(notIn(MESSAGING)))
			.orShould()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.amqp..", "com.rabbitmq..")
			.check(WARREN);
	}

	@Test
	void onlyTheSuiteKnowsTheConsole() {
		noClasses().that()
			.resideOutsideOfPackages(CONSOLE, SUITE)
			.should()
			.dependOnClassesThat(in(CONSOLE))
			.check(WARREN);
	}

	@Test
	void packagesHaveNoCycles() {
		slices().matching("dev.warren.(**)").should().beFreeOfCycles().check(WARREN);
	}

	@Test
	void everyPackageIsNullMarked() {
		classes().should(com.tngtech.archunit.lang.conditions.ArchConditions.be(DescribedPredicate.describe(
				"in a @NullMarked package", (javaClass) -> javaClass.getPackage().isAnnotatedWith(NullMarked.class))))
			.check(WARREN);
	}

	@Test
	void everyServiceIsChecked() {
		assertThat(SERVICES).contains("dev.warren.hello..", "dev.warren.workqueue..", "dev.warren.logs..",
				"dev.warren.rpc..", "dev.warren.postbox..");
		assertThat(WARREN).anyMatch((javaClass) -> javaClass.getPackageName().startsWith("dev.warren.broker"));
	}

	private static DescribedPredicate<JavaClass> in(String packages) {
		return JavaClass.Predicates.resideInAPackage(packages);
	}

	private static DescribedPredicate<JavaClass> notIn(String packages) {
		return JavaClass.Predicates.resideOutsideOfPackage(packages);
	}

}
