package dev.warren.broker.rabbitmq;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.rabbitmq.arguments.ConsumerArguments;
import dev.warren.broker.rabbitmq.arguments.QueueArguments;
import dev.warren.broker.rabbitmq.queue.Consumer;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.queue.Outlet;
import dev.warren.broker.rabbitmq.queue.Prefetch;
import dev.warren.broker.rabbitmq.queue.QueuedMessage;
import dev.warren.broker.rabbitmq.queue.Queues;
import dev.warren.broker.rabbitmq.store.QueueDefinition;
import dev.warren.broker.rabbitmq.store.VirtualHostStore;
import dev.warren.broker.rabbitmq.time.EngineClock;
import dev.warren.broker.rabbitmq.time.Timers;
import dev.warren.broker.rabbitmq.transport.VirtualHosts;
import dev.warren.broker.rabbitmq.wire.Dialect;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A queue with {@code x-expires} that is used just when its lease is looked at stays.
 */
class LeaseTests {

	private static final int EXPIRES = 1000;

	private EmbeddedBroker broker;

	private TestClient client;

	private Queues queues;

	private MessageQueue queue;

	private final TestClock clock = new TestClock();

	@BeforeEach
	void start() throws Exception {
		Set<QueueManagingVirtualHost<?>> others = VirtualHosts.running();
		this.broker = EmbeddedBroker.builder().start();
		this.client = new TestClient(this.broker.host(), this.broker.port());
		this.client.connection();
		Set<QueueManagingVirtualHost<?>> ours = new HashSet<>(VirtualHosts.running());
		ours.removeAll(others);
		this.queues = new Queues("/", new VirtualHostStore(ours.iterator().next()), Dialect.V3_10, this.clock,
				this.clock, () -> -1);
		QueueDefinition definition = new QueueDefinition("leased", false, false, false, Map.of("x-expires", EXPIRES));
		this.queue = this.queues.declare(definition, QueueArguments.of(definition, "/", Dialect.V3_10), null);
	}

	@AfterEach
	void stop() throws Exception {
		this.client.close();
		this.broker.close();
	}

	@Test
	void aQueueThatNobodyUsesGoes() {
		this.clock.pass(EXPIRES, () -> {
		});

		assertThat(this.queues.queue("leased")).isNull();
		assertThat(this.queue.touch()).as("there").isFalse();
	}

	@Test
	void aConsumerThatComesMeanwhileKeepsIt() {
		Consumer consumer = new Consumer(new Nowhere(), this.queue, "tag", true, false,
				new ConsumerArguments(0, null, Map.of()), 0, Long.MAX_VALUE);

		this.clock.pass(EXPIRES, () -> this.queue.addConsumer(consumer));

		assertThat(this.queues.queue("leased")).isSameAs(this.queue);
		assertThat(consumer.isCancelled()).isFalse();
	}

	@Test
	void aGetMeanwhileKeepsIt() {
		this.clock.pass(EXPIRES, this.queue::take);

		assertThat(this.queues.queue("leased")).isSameAs(this.queue);
	}

	@Test
	void aDeclarationMeanwhileKeepsIt() {
		this.clock.pass(EXPIRES,
				() -> this.queues.declare(this.queue.definition(), this.queue.arguments(), null).touch());

		assertThat(this.queues.queue("leased")).isSameAs(this.queue);
		this.clock.pass(EXPIRES, () -> {
		});
		assertThat(this.queues.queue("leased")).isNull();
	}

	/**
	 * Stands still until it is told to go on, and lets something happen just when it is
	 * asked.
	 */
	private static final class TestClock implements EngineClock, Timers {

		private final Deque<Runnable> scheduled = new ArrayDeque<>();

		private final Deque<Runnable> whenAsked = new ArrayDeque<>();

		private long nanos;

		void pass(long millis, Runnable whenAskedFirst) {
			this.nanos += TimeUnit.MILLISECONDS.toNanos(millis);
			this.whenAsked.add(whenAskedFirst);
			this.scheduled.remove().run();
		}

		@Override
		public long millis() {
			return TimeUnit.NANOSECONDS.toMillis(this.nanos);
		}

		@Override
		public long nanos() {
			Runnable task = this.whenAsked.poll();
			long asked = this.nanos;
			if (task != null) {
				task.run();
			}
			return asked;
		}

		@Override
		public Timer schedule(Runnable task, long delayMillis) {
			this.scheduled.add(task);
			return () -> this.scheduled.remove(task);
		}

		@Override
		public void repeat(Runnable task, long delayMillis) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void stop() {
		}

	}

	/**
	 * Is for a consumer of a queue without messages.
	 */
	private static final class Nowhere implements Outlet {

		private final Prefetch prefetch = new Prefetch();

		@Override
		public boolean isOpen() {
			return true;
		}

		@Override
		public Prefetch prefetch() {
			return this.prefetch;
		}

		@Override
		public void assign(QueuedMessage message) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void queueDeleted(Consumer consumer) {
			consumer.cancel();
		}

	}

}
