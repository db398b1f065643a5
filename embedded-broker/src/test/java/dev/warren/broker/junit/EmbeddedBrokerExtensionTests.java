package dev.warren.broker.junit;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.warren.broker.AmqpClient;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.RabbitMqVersion;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineTestKit;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

class EmbeddedBrokerExtensionTests {

	private static final Set<EmbeddedBroker> seen = ConcurrentHashMap.newKeySet();

	@Test
	void aClassAndItsNestedClassesShareOneBrokerWhichIsClosedAfterwards() {
		run(OneForTheClass.class, 3);

		assertThat(seen).hasSize(1).noneMatch(EmbeddedBroker::isRunning);
	}

	@Test
	void onAnInstanceFieldEachTestHasItsOwnBroker() {
		run(OneForEachTest.class, 2);

		assertThat(seen).hasSize(2).noneMatch(EmbeddedBroker::isRunning);
	}

	@Test
	void aTestFindsNoMessagesOfTheOneBefore() {
		run(LeavesAMessage.class, 2);
	}

	@Test
	void aBrokerCanBeConfigured() {
		run(WithAnotherUser.class, 1);

		assertThat(seen).singleElement().extracting(EmbeddedBroker::username).isEqualTo("jason");
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void theUpgradeReportOfTheClassIsLogged(CapturedOutput output) {
		run(WithGlobalPrefetch.class, 1);

		assertThat(output).containsOnlyOnce("Upgrade report of WithGlobalPrefetch. As RabbitMQ 3.10")
			.contains("- global-prefetch, different since 4.3");
	}

	private static void run(Class<?> testClass, int tests) {
		seen.clear();
		EngineTestKit.engine("junit-jupiter")
			.selectors(selectClass(testClass))
			.execute()
			.testEvents()
			.assertStatistics((statistics) -> statistics.started(tests).succeeded(tests));
	}

	@EmbeddedBrokerTest(version = RabbitMqVersion.V3_10)
	static class WithGlobalPrefetch {

		@Test
		void asksForIt(EmbeddedBroker broker) throws Exception {
			try (AmqpClient client = AmqpClient.connect(broker.uri())) {
				client.channel().basicQos(3, true);
			}
		}

	}

	@EmbeddedBrokerTest
	static class OneForTheClass {

		OneForTheClass(EmbeddedBroker broker) {
			seen.add(broker);
		}

		@Test
		void aMessageGoesThrough(EmbeddedBroker broker) throws Exception {
			seen.add(broker);
			try (AmqpClient client = AmqpClient.connect(broker.uri())) {
				client.declare("hello");
				client.publishConfirmed("", "hello", List.of("Hello World!"));
				assertThat(client.drain("hello")).containsExactly("Hello World!");
			}
		}

		@Test
		void itRuns(EmbeddedBroker broker) {
			assertThat(broker.isRunning()).isTrue();
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

	@EmbeddedBrokerTest
	static class LeavesAMessage {

		@RepeatedTest(2)
		void inAQueueThatStays(EmbeddedBroker broker) throws Exception {
			try (AmqpClient client = AmqpClient.connect(broker.uri())) {
				assertThat(client.declare("hello").getMessageCount()).isZero();
				client.publishConfirmed("", "hello", List.of("Hello World!"));
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
		void another(EmbeddedBroker broker) {
			seen.add(broker);
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

}
