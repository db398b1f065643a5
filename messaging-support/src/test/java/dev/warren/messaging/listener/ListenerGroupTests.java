package dev.warren.messaging.listener;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import dev.warren.messaging.broker.BrokerConnection;
import dev.warren.messaging.broker.BrokerContexts;
import dev.warren.messaging.listener.ListenerGroup.Member;
import dev.warren.messaging.listener.ListenerGroup.State;
import dev.warren.test.AmqpProxy;
import dev.warren.test.BrokerUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.amqp.core.AmqpTemplate;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Listeners that come, go and crash.
 */
class ListenerGroupTests {

	private static final String QUEUE = "listener_group_tests";

	private final BrokerUnderTest broker = BrokerUnderTest.start();

	private final BlockingQueue<String> begun = new LinkedBlockingQueue<>();

	private final BlockingQueue<String> done = new LinkedBlockingQueue<>();

	@BeforeEach
	void clean() throws Exception {
		this.broker.withoutQueues(QUEUE);
	}

	@AfterEach
	void stopBroker() throws Exception {
		this.broker.withoutQueues(QUEUE).close();
	}

	@Test
	void asManyAsAreConfiguredStartWithTheApplicationAndReceive() throws Exception {
		run(2, (id) -> new Worker(id, this, new CountDownLatch(0)), (group, template) -> {
			assertThat(group.list()).extracting(Member::id).containsExactly("worker-1", "worker-2");
			await().until(() -> this.broker.consumers(QUEUE) == 2);

			template.convertAndSend(QUEUE, "text");

			assertThat(poll(this.done)).endsWith("text");
		});
	}

	@Test
	void thereAreNoMoreThanAllowed() throws Exception {
		run(1, (id) -> new Worker(id, this, new CountDownLatch(0)), (group, template) -> {
			for (int i = 0; i < 9; i++) {
				assertThat(group.startOne()).isPresent();
			}
			assertThat(group.startOne()).isEmpty();

			group.stop("worker-1").orElseThrow().get(10, TimeUnit.SECONDS);

			assertThat(group.startOne()).isPresent();
			assertThat(group.stop("worker-1")).isEmpty();
		});
	}

	@Test
	void oneThatIsStoppedFinishesItsWorkAndWhoeverStopsItAgainWaitsForTheSame() throws Exception {
		CountDownLatch finish = new CountDownLatch(1);
		run(1, (id) -> new Worker(id, this, finish), (group, template) -> {
			template.convertAndSend(QUEUE, "slow");
			poll(this.begun);

			CompletableFuture<Void> stopped = group.stop("worker-1").orElseThrow();
			CompletableFuture<Void> again = group.stop("worker-1").orElseThrow();

			await().until(() -> this.broker.consumers(QUEUE) == 0);
			assertThat(stopped).isNotDone();
			assertThat(again).isNotDone();
			assertThat(group.list()).extracting(Member::state).containsExactly(State.STOPPING);
			finish.countDown();
			stopped.get(10, TimeUnit.SECONDS);
			again.get(10, TimeUnit.SECONDS);
			assertThat(poll(this.done)).isEqualTo("worker-1 slow");
			assertThat(group.list()).isEmpty();
			assertThat(this.broker.messages(QUEUE)).isZero();
		});
	}

	@Test
	void allAreStoppedAtOnce() throws Exception {
		CountDownLatch finish = new CountDownLatch(1);
		run(5, (id) -> new Worker(id, this, finish), (group, template) -> {
			for (int i = 0; i < 5; i++) {
				template.convertAndSend(QUEUE, "slow");
				poll(this.begun);
			}
			List<Member<Worker>> members = group.list();
			CompletableFuture<Void> stopped = new CompletableFuture<>();

			group.stop(() -> stopped.complete(null));

			// None has finished, so none waits for another.
			await().until(() -> this.broker.consumers(QUEUE) == 0);
			assertThat(members).extracting(Member::state).containsOnly(State.STOPPING);
			finish.countDown();
			stopped.get(10, TimeUnit.SECONDS);
			assertThat(members).extracting(Member::state).containsOnly(State.STOPPED);
			assertThat(this.done).hasSize(5);
			assertThat(group.startOne()).isEmpty();
		});
	}

	@Test
	void theMessageOfOneThatCrashesGoesToAnotherAndIsNotDoneTwice() throws Exception {
		CountDownLatch never = new CountDownLatch(1);
		CountDownLatch atOnce = new CountDownLatch(0);
		run(1, (id) -> new Worker(id, this, id.equals("worker-1") ? never : atOnce), (group, template) -> {
			template.convertAndSend(QUEUE, "left");
			assertThat(poll(this.begun)).isEqualTo("worker-1 left");
			group.startOne();

			assertThat(group.crash("worker-1")).isPresent();

			assertThat(poll(this.begun)).isEqualTo("worker-2 left again");
			assertThat(poll(this.done)).isEqualTo("worker-2 left");
			assertThat(group.list()).extracting(Member::state).containsExactly(State.CRASHED, State.RUNNING);
			assertThat(group.crash("worker-1")).isEmpty();
			await().until(() -> this.broker.consumers(QUEUE) == 1);
			group.stop("worker-1").orElseThrow().get(10, TimeUnit.SECONDS);
			assertThat(group.list()).extracting(Member::id).containsExactly("worker-2");
			assertThat(this.begun).isEmpty();
		});
	}

	@Test
	void oneStartedWithoutABrokerReceivesWhenThereIsOne() throws Exception {
		try (AmqpProxy proxy = new AmqpProxy(this.broker).refuse()) {
			run(proxy.address(), 1, (id) -> new Worker(id, this, new CountDownLatch(0)), (group, template) -> {
				group.startOne();
				CompletableFuture<Void> stopped = group.stop("worker-1").orElseThrow();
				stopped.get(30, TimeUnit.SECONDS);

				proxy.mend();

				await().atMost(Duration.ofSeconds(30))
					.ignoreExceptions()
					.until(() -> this.broker.consumers(QUEUE) == 1);
				template.convertAndSend(QUEUE, "text");
				assertThat(poll(this.done)).isEqualTo("worker-2 text");
			});
		}
	}

	private static String poll(BlockingQueue<String> lines) throws InterruptedException {
		String line = lines.poll(30, TimeUnit.SECONDS);
		assertThat(line).isNotNull();
		return String.valueOf(line);
	}

	private void run(int atStart, Function<String, Worker> workers, Use use) throws Exception {
		run(this.broker.address(), atStart, workers, use);
	}

	private void run(String address, int atStart, Function<String, Worker> workers, Use use) {
		BrokerContexts.at(address)
			.withPropertyValues("spring.rabbitmq.listener.simple.prefetch=1")
			.withBean(Queue.class, () -> new Queue(QUEUE))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				if (address.equals(this.broker.address())) {
					await().until(() -> context.getBean(BrokerConnection.class).broker() != null);
				}
				ListenerGroup<Worker> group = new ListenerGroup<>("worker", atStart, 10, workers,
						context.getBean(SimpleRabbitListenerContainerFactory.class));
				group.start();
				try {
					use.of(group, context.getBean(AmqpTemplate.class));
				}
				finally {
					group.stop();
				}
			});
	}

	@FunctionalInterface
	private interface Use {

		void of(ListenerGroup<Worker> group, AmqpTemplate template) throws Exception;

	}

	static final class Worker {

		private final String id;

		private final ListenerGroupTests test;

		private final CountDownLatch finish;

		Worker(String id, ListenerGroupTests test, CountDownLatch finish) {
			this.id = id;
			this.test = test;
			this.finish = finish;
		}

		@RabbitListener(queues = QUEUE)
		void work(String text, Message message) throws InterruptedException {
			this.test.begun.add(this.id + " " + text
					+ (Boolean.TRUE.equals(message.getMessageProperties().getRedelivered()) ? " again" : ""));
			this.finish.await();
			this.test.done.add(this.id + " " + text);
		}

	}

}
