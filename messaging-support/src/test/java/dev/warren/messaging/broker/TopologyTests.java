package dev.warren.messaging.broker;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.warren.messaging.broker.QueueStatus.DeclaredBy;
import dev.warren.messaging.publish.Confirmation;
import dev.warren.messaging.publish.NotRoutedException;
import dev.warren.test.BrokerUnderTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.amqp.AmqpTimeoutException;
import org.springframework.amqp.core.AmqpTemplate;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.FanoutExchange;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What is declared, and what becomes of it when others declare or delete the same.
 */
@ExtendWith(OutputCaptureExtension.class)
class TopologyTests {

	private static final String QUEUE = "topology_tests";

	private static final String EXCHANGE = "topology_tests_exchange";

	private static final String OTHER = "is there as somebody else declared it";

	private static final Queue queue = QueueBuilder.durable(QUEUE).build();

	private static final FanoutExchange exchange = new FanoutExchange(EXCHANGE);

	private final BrokerUnderTest broker = BrokerUnderTest.start();

	@BeforeEach
	void clean() throws Exception {
		this.broker.withoutQueues(QUEUE).withoutExchanges(EXCHANGE);
	}

	@AfterEach
	void stopBroker() throws Exception {
		clean();
		this.broker.close();
	}

	private void run(Consumer<AssertableApplicationContext> test) {
		run(BrokerContexts.at(this.broker.address())
			.withBean(Declarables.class, () -> new Declarables(BindingBuilder.bind(queue).to(exchange), exchange))
			.withBean(Queue.class, () -> queue), test);
	}

	private static void run(ApplicationContextRunner application, Consumer<AssertableApplicationContext> test) {
		application.run((context) -> {
			assertThat(context).hasNotFailed();
			await().until(() -> context.getBean(BrokerConnection.class).broker() != null);
			test.accept(context);
		});
	}

	@Test
	void queuesExchangesAndBindingsAreDeclaredInThatOrder() {
		run((context) -> {
			await().until(() -> isUp(context));
			context.getBean(AmqpTemplate.class).convertAndSend(EXCHANGE, "", "routed");
			await().until(() -> status(context).messages() == 1);
			assertThat(status(context)).isEqualTo(new QueueStatus(QUEUE, 1, 0, DeclaredBy.SELF, true, Map.of()));
		});
	}

	@Test
	void whatDiffersIsFoundOut(CapturedOutput output) throws Exception {
		this.broker.withChannel((channel) -> channel.queueDeclare(QUEUE, false, false, true,
				Map.of("x-message-ttl", 60_000, "x-max-length", 10, "x-overflow", "reject-publish")));

		run((context) -> {
			await().until(() -> isUp(context));
			QueueStatus status = status(context);
			assertThat(status.declaredBy()).isEqualTo(DeclaredBy.OTHER);
			assertThat(status.durable()).isFalse();
			assertThat(status.arguments()).containsEntry("x-message-ttl", 60_000L)
				.containsEntry("x-max-length", 10L)
				.containsEntry("x-overflow", "reject-publish");
			assertThat(health(context).getDetails().get("declaredByOthers")).asString()
				.contains(QUEUE, "reject-publish", "PRECONDITION_FAILED");
			context.getBean(Topology.class).initialize();
			status(context);
			assertThat(output).containsOnlyOnce(OTHER);
		});
	}

	@Test
	void anExchangeOfOtherArgumentsIsUsed(CapturedOutput output) throws Exception {
		this.broker.withChannel((channel) -> channel.exchangeDeclare(EXCHANGE, "fanout", false, true, null));

		run((context) -> {
			await().until(() -> isUp(context));
			assertThat(health(context).getDetails().get("declaredByOthers")).asString()
				.contains("Exchange '" + EXCHANGE + "'", "declaredBy=OTHER", "durable=false");
			context.getBean(Topology.class).initialize();
			assertThat(output).containsOnlyOnce(OTHER);
		});
	}

	@Test
	void anExchangeOfAnotherTypeIsNotWhatIsNeeded(CapturedOutput output) throws Exception {
		this.broker.withChannel((channel) -> channel.exchangeDeclare(EXCHANGE, "direct"));

		run((context) -> {
			await().until(() -> health(context).getDetails().containsKey("missing"));
			assertThat(isUp(context)).isFalse();
			assertThat(health(context).getDetails().get("missing")).asString().contains("current is 'direct'");
			withoutExchange();
			await().until(() -> isUp(context));
			assertThat(output).containsOnlyOnce("Exchange '" + EXCHANGE + "' could not be declared");
		});
	}

	private void withoutExchange() {
		try {
			this.broker.withoutExchanges(EXCHANGE);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void somebodyElsesExclusiveQueueIsMissingUntilItIsGone(CapturedOutput output) throws Exception {
		try (Connection other = this.broker.connect(); Channel channel = other.createChannel()) {
			channel.queueDeclare(QUEUE, false, true, false, null);

			run((context) -> {
				await().until(() -> output.getAll().contains("Queue '" + QUEUE + "' could not be declared"));
				await().until(() -> !isUp(context));
				assertThat(health(context).getDetails().get("missing")).asString()
					.contains("Queue '" + QUEUE + "'", "RESOURCE_LOCKED");
				delete(channel);
				await().until(() -> isUp(context));
				assertThat(output).containsOnlyOnce("Queue '" + QUEUE + "' could not be declared");
			});
		}
	}

	private static void delete(Channel channel) {
		try {
			channel.queueDelete(QUEUE);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void aChangeIsToldOnceEachWay(CapturedOutput output) throws Exception {
		this.broker.withChannel((channel) -> channel.queueDeclare(QUEUE, false, false, false, null));

		run((context) -> {
			Topology topology = context.getBean(Topology.class);
			assertThat(status(context).declaredBy()).isEqualTo(DeclaredBy.OTHER);
			assertThat(topology.delete(queue, false)).isTrue();
			assertThat(status(context).declaredBy()).isEqualTo(DeclaredBy.SELF);
			assertThat(status(context).declaredBy()).isEqualTo(DeclaredBy.SELF);
			assertThat(output).containsOnlyOnce(OTHER)
				.containsOnlyOnce("Queue '" + QUEUE + "' is there as this service declares it");
		});
	}

	@Test
	void aQueueThatIsNotEmptyIsDeletedByForceOnly() {
		run((context) -> {
			Topology topology = context.getBean(Topology.class);
			context.getBean(AmqpTemplate.class).convertAndSend(QUEUE, "kept");
			await().until(() -> status(context).messages() == 1);

			assertThat(topology.delete(queue, false)).isFalse();
			assertThat(status(context).messages()).isOne();
			assertThat(topology.delete(queue, true)).isTrue();
			assertThat(topology.delete(queue, false)).isTrue();
			assertThat(status(context).messages()).isZero();
		});
	}

	@Test
	void aMessageToAMissingQueueIsSentAgainWhenTheQueueIsDeclared() {
		run((context) -> {
			context.getBean(Topology.class).delete(queue, true);
			AtomicInteger attempts = new AtomicInteger();

			Confirmation confirmation = context.getBean(Topology.class).declaringWhatIsMissing(() -> {
				attempts.incrementAndGet();
				return send(context, QUEUE);
			}).orTimeout(10, TimeUnit.SECONDS).join();

			assertThat(confirmation.routed()).isTrue();
			assertThat(attempts).hasValue(2);
			await().until(() -> status(context).messages() == 1);
		});
	}

	@Test
	void aMessageThatNoQueueEverTakesFailsAfterASecondAttempt() {
		run((context) -> {
			AtomicInteger attempts = new AtomicInteger();

			CompletableFuture<Confirmation> sent = context.getBean(Topology.class).declaringWhatIsMissing(() -> {
				attempts.incrementAndGet();
				return send(context, "no such queue");
			});

			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> sent.get(10, TimeUnit.SECONDS))
				.withCauseInstanceOf(NotRoutedException.class);
			assertThat(attempts).hasValue(2);
		});
	}

	private static CompletableFuture<Confirmation> send(ApplicationContext context, String queue) {
		CorrelationData correlation = new CorrelationData();
		context.getBean(RabbitTemplate.class).convertAndSend("", queue, "text", correlation);
		return Confirmation.of(correlation).thenApply(Confirmation::requireRouted);
	}

	@Test
	void aDeclarationThatFailedHalfwayIsRepeated() {
		AtomicBoolean failing = new AtomicBoolean(true);
		Queue unlucky = new Queue(QUEUE) {
			@Override
			public boolean isDurable() {
				if (failing.get()) {
					throw new AmqpTimeoutException("as if the broker did not answer");
				}
				return super.isDurable();
			}
		};

		BrokerContexts.at(this.broker.address()).withBean(Queue.class, () -> unlucky).run((context) -> {
			assertThat(context).hasNotFailed();
			await().until(() -> !context.getBean(Topology.class).isComplete());
			assertThat(isUp(context)).isFalse();
			failing.set(false);

			await().until(() -> isUp(context));
			this.broker.withChannel((channel) -> channel.queueDeclarePassive(QUEUE));
		});
	}

	private static QueueStatus status(ApplicationContext context) {
		return context.getBean(Topology.class).status(queue);
	}

	private static boolean isUp(ApplicationContext context) {
		return Status.UP.equals(health(context).getStatus());
	}

	private static Health health(ApplicationContext context) {
		@Nullable Health health = context.getBean(BrokerHealthIndicator.class).health();
		assertThat(health).isNotNull();
		return health;
	}

}
