package dev.warren.broker.junit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import com.rabbitmq.client.Channel;
import dev.warren.broker.AmqpClient;
import dev.warren.broker.EmbeddedBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.EventConditions;
import org.junit.platform.testkit.engine.Events;
import org.opentest4j.AssertionFailedError;

import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;

import static dev.warren.broker.assertj.BrokerAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
class AtLeastOnceTestTests {

	private static final String SEED = "warren.broker.at-least-once.seed";

	@Test
	void aConsumerThatBearsItPassesAllRuns() {
		Events tests = run(Idempotent.class);

		tests.assertStatistics((statistics) -> statistics.started(6).succeeded(6));
		assertThat(names(tests).get(0)).isEqualTo("undisturbed");
		assertThat(names(tests).subList(1, 6)).allMatch((name) -> name.matches("seed \\d{1,6}"))
			.doesNotHaveDuplicates();
	}

	@Test
	void aConsumerThatCountsFailsWithTheSeedAndTheFirstDifference() {
		Events tests = run(Counting.class);

		assertThat(names(tests)).startsWith("undisturbed", "seed 1", "seed 1, at most one disturbance").hasSize(3);
		assertThat(failures(tests)).hasSize(2);
		assertThat(failures(tests).get(0)).isInstanceOf(AssertionFailedError.class)
			.hasMessageStartingWith("This test passes when each message is delivered once and in order, "
					+ "and fails with seed 1. The first difference:\n  \"order 3\" of queue 'orders' was delivered after ")
			.hasMessageContaining(
					"\n  \"order 1\" of queue 'orders' was delivered again: its acknowledgement (tag 1) was lost\n")
			.hasMessageEndingWith("To run it again: @AtLeastOnceTest(seeds = 1) or "
					+ "-Dwarren.broker.at-least-once.seed=1. The failure itself is the cause.")
			.hasCauseInstanceOf(AssertionError.class)
			.cause()
			.hasMessageContaining("10");
		assertThat(failures(tests).get(1))
			.hasMessageStartingWith("With seed 1, one disturbance is enough for this test "
					+ "to fail, and with fewer it passed. The one that matters:\n  \"order 1\" of queue 'orders' was delivered again: its acknowledgement (tag 1) was lost\n");
	}

	@Test
	void theSameSeedDisturbsTheSame() {
		List<String> first = failures(run(Counting.class)).stream().map(Throwable::getMessage).toList();
		List<String> second = failures(run(Counting.class)).stream().map(Throwable::getMessage).toList();

		assertThat(second).isEqualTo(first);
	}

	@Test
	void aConsumerThatNeedsTheOrderFails() {
		List<Throwable> failures = failures(run(Ordered.class));

		assertThat(failures).isNotEmpty();
		assertThat(failures.get(0)).hasMessageContaining(" was delivered after \"order ");
	}

	@Test
	void aListenerContainerOfSpringIsDisturbedAsWell() {
		Events tests = run(Listening.class);

		assertThat(failures(tests)).isNotEmpty();
		assertThat(failures(tests).get(0)).hasMessageContaining("\"order 1\" of queue 'orders' was delivered ");
		tests.succeeded().assertEventsMatchLoosely(EventConditions.event(EventConditions.displayName("undisturbed")));
	}

	@Test
	void theSystemPropertyNamesTheOnlySeed() {
		System.setProperty(SEED, "42");
		try {
			assertThat(names(run(Idempotent.class))).containsExactly("undisturbed", "seed 42");
		}
		finally {
			System.clearProperty(SEED);
		}
	}

	@Test
	void aSystemPropertyThatIsNoNumberIsRefused() {
		System.setProperty(SEED, "forty-two");
		try {
			assertThat(errors(Idempotent.class)).singleElement()
				.extracting(Throwable::getMessage)
				.isEqualTo("The system property 'warren.broker.at-least-once.seed' must be a number, not 'forty-two'");
		}
		finally {
			System.clearProperty(SEED);
		}
	}

	@Test
	void withoutRunsItIsRefused() {
		assertThat(errors(NoRuns.class)).singleElement()
			.extracting(Throwable::getMessage)
			.isEqualTo("'runs' must be 1 or more, not 0");
	}

	@Test
	void aTestThatFailsPlainlyIsNotDisturbed() {
		Events tests = run(Failing.class);

		assertThat(names(tests)).containsExactly("undisturbed");
		assertThat(failures(tests)).singleElement().extracting(Throwable::getMessage).isEqualTo("as it is");
	}

	@Test
	void otherQueuesAreLeftAlone() {
		run(OfAnotherQueue.class).assertStatistics((statistics) -> statistics.started(4).succeeded(4));
	}

	@Test
	void aTestThatCannotBeRepeatedIsToldSo() {
		assertThat(failures(run(NotRepeatable.class))).singleElement()
			.extracting(Throwable::getMessage)
			.asString()
			.startsWith("This test passed the first time and failed when it was repeated, though no delivery was "
					+ "disturbed (seed 7).");
	}

	@Test
	void itNeedsABroker() {
		assertThat(failures(run(WithoutBroker.class))).singleElement()
			.extracting(Throwable::getMessage)
			.isEqualTo("@AtLeastOnceTest needs a broker: annotate WithoutBroker with @EmbeddedBrokerTest "
					+ "or register an EmbeddedBrokerExtension");
	}

	@Test
	void theBrokerOfAnExtensionIsDisturbedAsWell() {
		assertThat(failures(run(CountingWithExtension.class))).isNotEmpty();
	}

	private static Events run(Class<?> testClass) {
		return EngineTestKit.engine("junit-jupiter").selectors(selectClass(testClass)).execute().testEvents();
	}

	private static List<String> names(Events tests) {
		return tests.started().map((event) -> event.getTestDescriptor().getDisplayName()).toList();
	}

	private static List<Throwable> failures(Events tests) {
		return tests.failed()
			.map((event) -> event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow())
			.toList();
	}

	private static List<Throwable> errors(Class<?> testClass) {
		return failures(
				EngineTestKit.engine("junit-jupiter").selectors(selectClass(testClass)).execute().containerEvents());
	}

	/**
	 * Publishes ten orders and waits until the consumer has settled all it was given.
	 */
	private static void consumeTenOrders(EmbeddedBroker broker, Consumer<String> consumer) throws Exception {
		try (AmqpClient client = AmqpClient.connect(broker.uri())) {
			client.declare("orders");
			client.publishConfirmed("", "orders", IntStream.rangeClosed(1, 10).mapToObj((i) -> "order " + i).toList());
			Channel channel = client.channel();
			channel.basicConsume("orders", (tag, delivery) -> {
				consumer.accept(new String(delivery.getBody(), StandardCharsets.UTF_8));
				channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
			}, (tag) -> {
			});
			assertThat(broker.queue("orders")).isIdle();
		}
	}

	@EmbeddedBrokerTest
	static class Idempotent {

		@AtLeastOnceTest
		void shipsEachOrderOnce(EmbeddedBroker broker) throws Exception {
			Set<String> shipped = Collections.synchronizedSet(new LinkedHashSet<>());

			consumeTenOrders(broker, shipped::add);

			assertThat(shipped).hasSize(10);
		}

	}

	@EmbeddedBrokerTest
	static class Counting {

		@AtLeastOnceTest(seeds = { 1, 2, 3 })
		void countsOrders(EmbeddedBroker broker) throws Exception {
			AtomicInteger orders = new AtomicInteger();

			consumeTenOrders(broker, (order) -> orders.incrementAndGet());

			assertThat(orders).hasValue(10);
		}

	}

	@EmbeddedBrokerTest
	static class Listening {

		@AtLeastOnceTest(runs = 2)
		void countsOrders(EmbeddedBroker broker) {
			AtomicInteger orders = new AtomicInteger();
			CachingConnectionFactory connections = new CachingConnectionFactory(broker.host(), broker.port());
			connections.setVirtualHost(broker.virtualHost());
			new RabbitAdmin(connections).declareQueue(new Queue("orders"));
			DirectMessageListenerContainer container = new DirectMessageListenerContainer(connections);
			container.setQueueNames("orders");
			container.setConsumersPerQueue(2);
			container.setPrefetchCount(1);
			container.setMessageListener((message) -> orders.incrementAndGet());
			container.start();

			IntStream.rangeClosed(1, 10)
				.forEach((number) -> new RabbitTemplate(connections).convertAndSend("orders", "order " + number));

			assertThat(broker.queue("orders")).isIdle().hasConsumers(2);
			broker.await("ten orders", () -> orders.get() >= 10);
			assertThat(broker.queue("orders")).isIdle();
			container.stop();
			connections.destroy();
			assertThat(orders).hasValue(10);
		}

	}

	static class CountingWithExtension {

		@RegisterExtension
		static EmbeddedBrokerExtension extension = new EmbeddedBrokerExtension();

		@AtLeastOnceTest(seeds = 1)
		void countsOrders() throws Exception {
			AtomicInteger orders = new AtomicInteger();

			consumeTenOrders(extension.broker(), (order) -> orders.incrementAndGet());

			assertThat(orders).hasValue(10);
		}

	}

	@EmbeddedBrokerTest
	static class Ordered {

		@AtLeastOnceTest(seeds = { 1, 2, 3, 4, 5, 6, 7, 8 })
		void keepsTheOrder(EmbeddedBroker broker) throws Exception {
			Set<String> shipped = Collections.synchronizedSet(new LinkedHashSet<>());

			consumeTenOrders(broker, shipped::add);

			assertThat(new ArrayList<>(shipped))
				.containsExactlyElementsOf(IntStream.rangeClosed(1, 10).mapToObj((i) -> "order " + i).toList());
		}

	}

	@EmbeddedBrokerTest
	static class OfAnotherQueue {

		@AtLeastOnceTest(runs = 3, queues = "returns")
		void countsOrders(EmbeddedBroker broker) throws Exception {
			AtomicInteger orders = new AtomicInteger();

			consumeTenOrders(broker, (order) -> orders.incrementAndGet());

			assertThat(orders).hasValue(10);
		}

	}

	@EmbeddedBrokerTest
	static class NotRepeatable {

		private static int runs;

		@AtLeastOnceTest(seeds = 7)
		void runsOnce() {
			assertThat(++runs % 2).isOne();
		}

	}

	@EmbeddedBrokerTest
	static class NoRuns {

		@AtLeastOnceTest(runs = 0)
		void neverRuns() {
		}

	}

	@EmbeddedBrokerTest
	static class Failing {

		@AtLeastOnceTest
		void fails() {
			throw new AssertionError("as it is");
		}

	}

	static class WithoutBroker {

		@AtLeastOnceTest
		void hasNone() {
		}

	}

}
