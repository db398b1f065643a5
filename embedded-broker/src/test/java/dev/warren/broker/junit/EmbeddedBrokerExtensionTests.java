package dev.warren.broker.junit;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.warren.broker.AmqpClient;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.RabbitMqVersion;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

class EmbeddedBrokerExtensionTests {

	private static final Set<EmbeddedBroker> seen = ConcurrentHashMap.newKeySet();

	@Test
	void onAStaticFieldAClassAndItsNestedClassesShareOneBrokerWhichIsClosedAfterwards() {
		run(OneForTheClass.class, 2);

		assertThat(seen).hasSize(1).noneMatch(EmbeddedBroker::isRunning);
	}

	@Test
	void onAnInstanceFieldEachTestHasItsOwnBroker() {
		run(OneForEachTest.class, 2);

		assertThat(seen).hasSize(2).noneMatch(EmbeddedBroker::isRunning);
	}

	@Test
	void aBrokerCanBeConfigured() {
		run(WithAnotherUser.class, 1);

		assertThat(seen).singleElement().extracting(EmbeddedBroker::username).isEqualTo("jason");
	}

	@Test
	void ofTwoEachHasItsOwnBroker() {
		run(Two.class, 1);

		assertThat(seen).extracting(EmbeddedBroker::username).containsExactlyInAnyOrder("jason", "guest");
		assertThat(seen).noneMatch(EmbeddedBroker::isRunning);
	}

	@Test
	void aParameterThatCouldBeEitherOfTwoIsRefused() {
		TestRuns.of(EitherOfTwo.class)
			.assertThatEvents()
			.haveExactly(1,
					finishedWithFailure(instanceOf(ParameterResolutionException.class), message(
							(text) -> text.contains("EitherOfTwo has 2 brokers, and a parameter does not say which: "
									+ "call broker() of the extension's field"))));
	}

	@Test
	void classesThatInheritAFieldHaveABrokerEach() {
		seen.clear();

		TestRuns.assertAllSucceeded(2, TestRuns.of(Inherits.class, InheritsToo.class));

		assertThat(seen).hasSize(2).noneMatch(EmbeddedBroker::isRunning);
	}

	@Test
	void thereIsNoBrokerBeforeTheTests() {
		assertThatIllegalStateException().isThrownBy(new EmbeddedBrokerExtension()::broker)
			.withMessage("The broker is not running: it is started before the class or, on an instance field, "
					+ "before the test");
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void theUpgradeReportIsLogged(CapturedOutput output) {
		run(WithGlobalPrefetch.class, 1);

		assertThat(output).containsOnlyOnce("Upgrade report of WithGlobalPrefetch. As RabbitMQ 3.10")
			.contains("- global-prefetch, different since 4.3");
	}

	private static void run(Class<?> testClass, int tests) {
		seen.clear();
		TestRuns.assertAllSucceeded(tests, TestRuns.of(testClass));
	}

	static class OneForTheClass {

		@RegisterExtension
		static final EmbeddedBrokerExtension extension = new EmbeddedBrokerExtension();

		OneForTheClass(EmbeddedBroker broker) {
			seen.add(broker);
		}

		@Test
		void itIsThatOfTheField(EmbeddedBroker broker) {
			seen.add(broker);
			assertThat(extension.broker()).isSameAs(broker);
		}

		@Nested
		class Inside {

			@Test
			void itIsTheSame(EmbeddedBroker broker) {
				seen.add(broker);
				assertThat(broker.isRunning()).isTrue();
			}

		}

	}

	static class OneForEachTest {

		@RegisterExtension
		final EmbeddedBrokerExtension extension = new EmbeddedBrokerExtension();

		@Test
		void one(EmbeddedBroker broker) {
			seen.add(broker);
		}

		@Test
		void another() {
			seen.add(this.extension.broker());
		}

	}

	static class WithAnotherUser {

		@RegisterExtension
		static EmbeddedBrokerExtension extension = new EmbeddedBrokerExtension(
				EmbeddedBroker.builder().user("jason", "secret"));

		@Test
		void itIsUsed(EmbeddedBroker broker) {
			seen.add(broker);
		}

	}

	static class Two {

		@RegisterExtension
		static final EmbeddedBrokerExtension one = new EmbeddedBrokerExtension(
				EmbeddedBroker.builder().user("jason", "secret"));

		@RegisterExtension
		final EmbeddedBrokerExtension another = new EmbeddedBrokerExtension();

		@Test
		void bothRun() {
			seen.add(one.broker());
			seen.add(this.another.broker());
			assertThat(seen).allMatch(EmbeddedBroker::isRunning);
		}

	}

	static class EitherOfTwo {

		@RegisterExtension
		static final EmbeddedBrokerExtension one = new EmbeddedBrokerExtension();

		@RegisterExtension
		static final EmbeddedBrokerExtension another = new EmbeddedBrokerExtension();

		@Test
		void whichIsIt(EmbeddedBroker broker) {
		}

	}

	abstract static class WithAField {

		@RegisterExtension
		static final EmbeddedBrokerExtension extension = new EmbeddedBrokerExtension();

		@Test
		void itRuns(EmbeddedBroker broker) {
			seen.add(broker);
			assertThat(extension.broker()).isSameAs(broker);
		}

	}

	static class Inherits extends WithAField {

	}

	static class InheritsToo extends WithAField {

	}

	static class WithGlobalPrefetch {

		@RegisterExtension
		static final EmbeddedBrokerExtension extension = new EmbeddedBrokerExtension(
				EmbeddedBroker.builder().version(RabbitMqVersion.V3_10));

		@Test
		void asksForIt(EmbeddedBroker broker) throws Exception {
			try (AmqpClient client = AmqpClient.connect(broker.uri())) {
				client.channel().basicQos(3, true);
			}
		}

	}

}
