package dev.warren.broker.junit;

import java.net.ConnectException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.broker.AmqpClient;
import dev.warren.broker.BrokerMessage;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.RabbitMqVersion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EmbeddedBrokerTestTests {

	private static final Set<EmbeddedBroker> seen = ConcurrentHashMap.newKeySet();

	private static volatile CountDownLatch together = new CountDownLatch(0);

	@Test
	void aClassAndItsNestedClassesShareAVirtualHostWhichIsGoneAfterwards() {
		run(3, Orders.class);

		assertThat(seen).singleElement().satisfies((broker) -> {
			assertThat(broker.virtualHost()).isEqualTo("Orders");
			assertThat(broker.isRunning()).isFalse();
		});
	}

	@Test
	void classesShareABrokerAndHaveVirtualHostsOfTheirOwn() {
		run(4, Orders.class, Invoices.class);

		assertThat(seen).extracting(EmbeddedBroker::port).containsOnly(seen.iterator().next().port());
		assertThat(seen).extracting(EmbeddedBroker::virtualHost).containsExactlyInAnyOrder("Orders", "Invoices");
	}

	@Test
	void aClassOfTheSameNameInARunWithinHasAnotherVirtualHost() {
		run(1, Same.Invoices.class);

		assertThat(seen).hasSize(2);
	}

	@Test
	void classesForDifferentVersionsHaveDifferentBrokers() {
		run(2, Invoices.class, AsRabbitMq40.class);

		assertThat(seen).extracting(EmbeddedBroker::port).doesNotHaveDuplicates();
		assertThat(seen).extracting(EmbeddedBroker::version)
			.containsExactlyInAnyOrder(RabbitMqVersion.ofThisJvm(), RabbitMqVersion.V4_0);
	}

	@Test
	void aClassMayKeepItsMessagesOnDisk() {
		run(2, Invoices.class, OnDisk.class);

		assertThat(seen).extracting(EmbeddedBroker::port).doesNotHaveDuplicates();
		assertThat(seen).filteredOn((broker) -> broker.dataDir().isPresent())
			.singleElement()
			.satisfies((broker) -> assertThat(broker.dataDir().orElseThrow()).doesNotExist());
	}

	@Test
	void theBrokerIsClosedAtTheEndOfTheRun() {
		run(1, Invoices.class);

		assertThat(seen).singleElement()
			.satisfies((broker) -> assertThatThrownBy(() -> AmqpClient.connect(broker.uri()))
				.isInstanceOf(ConnectException.class));
	}

	@Test
	void eightClassesRunInParallel() {
		together = new CountDownLatch(8);

		TestRuns.assertAllSucceeded(24, TestRuns.inParallel(8, PARALLEL));
	}

	@Test
	void methodsTakeTurnsAlsoWhereJUnitRunsThemInParallel() {
		TestRuns.assertAllSucceeded(31, TestRuns.allInParallel(4, List.of(Turns.class, Turns.Other.class)));
	}

	@Test
	void aTestFindsNoMessagesOfTheOneBefore() {
		run(2, LeavesAMessage.class);
	}

	@Test
	void aClientThatNamesNoVirtualHostIsRefused() {
		run(1, WithoutVirtualHost.class);
	}

	@Test
	void withOneInstanceForTheClassItsConstructorGetsTheBroker() {
		run(2, OneInstance.class);

		assertThat(seen).hasSize(1);
	}

	@Test
	void aParameterIsTheBrokerOfTheClassAlsoBesideExtensions() {
		run(1, BesideAnExtension.class);
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void theUpgradeReportOfTheClassIsLogged(CapturedOutput output) {
		run(2, WithGlobalPrefetch.class, AsRabbitMq310.class);

		assertThat(output).containsOnlyOnce("Upgrade report of")
			.contains("Upgrade report of WithGlobalPrefetch. As RabbitMQ 3.10")
			.contains("- global-prefetch, different since 4.3");
	}

	private static void run(int tests, Class<?>... testClasses) {
		seen.clear();
		TestRuns.assertAllSucceeded(tests, TestRuns.of(testClasses));
	}

	private static final List<Class<?>> PARALLEL = List.of(Parallel.A.class, Parallel.B.class, Parallel.C.class,
			Parallel.D.class, Parallel.E.class, Parallel.F.class, Parallel.G.class, Parallel.H.class);

	@EmbeddedBrokerTest
	static class Orders {

		Orders(EmbeddedBroker broker) {
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
	static class Invoices {

		@Test
		void haveNoOrders(EmbeddedBroker broker) throws Exception {
			seen.add(broker);
			try (AmqpClient client = AmqpClient.connect(broker.uri())) {
				assertThatThrownBy(() -> client.channel().queueDeclarePassive("hello"))
					.hasStackTraceContaining("no queue 'hello' in vhost '" + broker.virtualHost() + "'");
			}
		}

	}

	static class Same {

		@EmbeddedBrokerTest
		static class Invoices {

			@BeforeAll
			static void another() {
				// While this class runs, so does the other of its name.
				TestRuns.assertAllSucceeded(1, TestRuns.of(Other.Invoices.class));
			}

			@Test
			void itStillRuns(EmbeddedBroker broker) {
				seen.add(broker);
				assertThat(broker.isRunning()).isTrue();
				assertThat(broker.virtualHost()).isEqualTo("Invoices");
			}

		}

	}

	static class Other {

		@EmbeddedBrokerTest
		static class Invoices {

			@Test
			void itRuns(EmbeddedBroker broker) {
				seen.add(broker);
				assertThat(broker.isRunning()).isTrue();
				assertThat(broker.virtualHost()).startsWith("Invoices");
			}

		}

	}

	@EmbeddedBrokerTest(version = RabbitMqVersion.V4_0)
	static class AsRabbitMq40 {

		@Test
		void itRuns(EmbeddedBroker broker) {
			seen.add(broker);
		}

	}

	@EmbeddedBrokerTest(store = EmbeddedBrokerTest.Store.DISK)
	static class OnDisk {

		@Test
		void itRuns(EmbeddedBroker broker) throws Exception {
			seen.add(broker);
			try (AmqpClient client = AmqpClient.connect(broker.uri())) {
				client.channel().queueDeclare("orders", true, false, false, null);
			}
			broker.publish("", "orders", BrokerMessage.of("1 carrot").persistent());

			assertThat(broker.dataDir().orElseThrow()).isDirectory();
			assertThat(broker.get("orders")).isPresent();
		}

	}

	@EmbeddedBrokerTest(version = RabbitMqVersion.V3_10)
	static class AsRabbitMq310 {

		@Test
		void hasNothingToReport(EmbeddedBroker broker) {
			assertThat(broker.upgradeReport().uses()).isEmpty();
		}

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
	static class LeavesAMessage {

		@RepeatedTest(2)
		void inAQueueThatStays(EmbeddedBroker broker) throws Exception {
			try (AmqpClient client = AmqpClient.connect(broker.uri())) {
				assertThat(client.declare("hello").getMessageCount()).isZero();
				client.publishConfirmed("", "hello", List.of("Hello World!"));
			}
		}

	}

	@EmbeddedBrokerTest
	static class WithoutVirtualHost {

		@Test
		void itIsRefused(EmbeddedBroker broker) {
			ConnectionFactory factory = new ConnectionFactory();
			factory.setHost(broker.host());
			factory.setPort(broker.port());

			assertThatThrownBy(factory::newConnection).hasRootCauseInstanceOf(ShutdownSignalException.class)
				.rootCause()
				.hasMessageContaining("vhost / not found");
		}

	}

	@EmbeddedBrokerTest
	@TestInstance(TestInstance.Lifecycle.PER_CLASS)
	static class OneInstance {

		private final EmbeddedBroker broker;

		OneInstance(EmbeddedBroker broker) {
			this.broker = broker;
			seen.add(broker);
		}

		@RepeatedTest(2)
		void aParameterIsTheSame(EmbeddedBroker broker) {
			assertThat(broker).isSameAs(this.broker);
			seen.add(broker);
		}

		@AfterAll
		void itStillRuns() {
			assertThat(this.broker.isRunning()).isTrue();
		}

	}

	@EmbeddedBrokerTest
	static class BesideAnExtension {

		@RegisterExtension
		static final EmbeddedBrokerExtension extension = new EmbeddedBrokerExtension(
				EmbeddedBroker.builder().user("jason", "secret"));

		@RegisterExtension
		final EmbeddedBrokerExtension another = new EmbeddedBrokerExtension();

		@Test
		void eachIsADifferentOne(EmbeddedBroker broker) {
			assertThat(broker.virtualHost()).isEqualTo("BesideAnExtension");
			assertThat(extension.broker().username()).isEqualTo("jason");
			assertThat(List.of(broker.port(), extension.broker().port(), this.another.broker().port()))
				.doesNotHaveDuplicates();
		}

	}

	@EmbeddedBrokerTest
	static class Turns {

		@RepeatedTest(10)
		void itsMessageStays(EmbeddedBroker broker) throws Exception {
			keepAMessage(broker);
		}

		@AtLeastOnceTest
		void itsMessageStaysWhenRepeated(EmbeddedBroker broker) throws Exception {
			keepAMessage(broker);
		}

		private static void keepAMessage(EmbeddedBroker broker) throws Exception {
			try (AmqpClient client = AmqpClient.connect(broker.uri())) {
				client.declare("hello");
				client.publishConfirmed("", "hello", List.of("a"));
				assertThat(broker.queue("hello").ready()).isEqualTo(1);
				client.publishConfirmed("", "hello", List.of("b"));
				assertThat(client.drain("hello")).containsExactly("a", "b");
			}
		}

		@Nested
		class Inside {

			@RepeatedTest(2)
			void itsMessageStays(EmbeddedBroker broker) throws Exception {
				keepAMessage(broker);
			}

		}

		@EmbeddedBrokerTest
		static class Other {

			@RepeatedTest(13)
			void itsMessageStays(EmbeddedBroker broker) throws Exception {
				keepAMessage(broker);
			}

		}

	}

	@EmbeddedBrokerTest
	abstract static class Parallel {

		@RepeatedTest(3)
		void itsMessagesAreItsOwn(EmbeddedBroker broker) throws Exception {
			together.countDown();
			assertThat(together.await(30, TimeUnit.SECONDS)).as("eight run at once").isTrue();
			String name = getClass().getSimpleName();
			assertThat(broker.virtualHost()).isEqualTo(name);
			try (AmqpClient client = AmqpClient.connect(broker.uri())) {
				client.declare("hello");
				client.publishConfirmed("", "hello", List.of(name, name));
				assertThat(client.drain("hello")).containsExactly(name, name);
				client.publishConfirmed("", "hello", List.of("to be forgotten"));
			}
		}

		static class A extends Parallel {

		}

		static class B extends Parallel {

		}

		static class C extends Parallel {

		}

		static class D extends Parallel {

		}

		static class E extends Parallel {

		}

		static class F extends Parallel {

		}

		static class G extends Parallel {

		}

		static class H extends Parallel {

		}

	}

}
