package dev.warren.workqueue.tasks;

import java.io.IOException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.workqueue.WorkProperties;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.AmqpRejectAndDontRequeueException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.connection.RabbitUtils;
import org.springframework.amqp.rabbit.retry.MessageRecoverer;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;

/**
 * Takes note of what workers do with tasks, from around their listener method: a delivery
 * with all its attempts, and each attempt.
 * <p>
 * A task that was delivered too often, as far as the broker counts, is not begun: it may
 * be what kills its workers.
 */
@Component
public class TaskProgress {

	private static final Logger logger = LoggerFactory.getLogger(TaskProgress.class);

	private final TaskEvents events;

	private final Tasks tasks;

	private final Instance instance;

	private final MessageRecoverer recoverer;

	private final int maxDeliveries;

	private final Counter succeeded;

	private final Counter died;

	private final Counter retried;

	private final Map<String, Holding> held = new ConcurrentHashMap<>();

	private final Map<String, AtomicLong> done = new ConcurrentHashMap<>();

	TaskProgress(TaskEvents events, Tasks tasks, Instance instance, MessageRecoverer recoverer,
			WorkProperties properties, MeterRegistry meters) {
		this.events = events;
		this.tasks = tasks;
		this.instance = instance;
		this.recoverer = recoverer;
		this.maxDeliveries = properties.maxDeliveries();
		this.succeeded = outcome(meters, "done");
		this.died = outcome(meters, "dead");
		this.retried = Counter.builder("warren.tasks.retries")
			.description("further attempts at tasks that failed, by this instance")
			.register(meters);
	}

	private static Counter outcome(MeterRegistry meters, String outcome) {
		return Counter.builder("warren.tasks")
			.description("tasks that ended with this instance")
			.tag("outcome", outcome)
			.register(meters);
	}

	/**
	 * The advice around a delivery with all its attempts.
	 * @param retries the advice that makes the attempts
	 * @return the advice
	 */
	public MethodInterceptor around(MethodInterceptor retries) {
		return (invocation) -> deliver(invocation, retries);
	}

	private @Nullable Object deliver(MethodInvocation invocation, MethodInterceptor retries) throws Throwable {
		Message message = message(invocation);
		MessageProperties properties = message.getMessageProperties();
		Task task = delivered(message);
		int deliveries = TaskMessages.deliveries(message);
		if (deliveries >= this.maxDeliveries) {
			String reason = "The task was delivered %d times and never acknowledged".formatted(deliveries);
			this.recoverer.recover(message, new AmqpRejectAndDontRequeueException(reason));
			died(task, reason);
			return null;
		}
		Holding holding = new Holding(task, (Channel) invocation.getArguments()[0], properties.getDeliveryTag());
		String worker = String.valueOf(properties.getConsumerTag());
		this.held.put(worker, holding);
		try {
			Object result = retries.invoke(new Attempts((ProxyMethodInvocation) invocation, holding));
			settled(worker, holding.task);
			holding.release(true);
			return result;
		}
		catch (Throwable ex) {
			holding.release(false);
			this.events.announce(holding.task.givenBack());
			throw ex;
		}
		finally {
			this.held.remove(worker, holding);
		}
	}

	private Task delivered(Message message) {
		Task task = TaskMessages.task(message);
		Task known = this.tasks.find(task.id()).orElse(task);
		if (Boolean.TRUE.equals(message.getMessageProperties().getRedelivered())) {
			Task again = known.redelivered();
			this.events.announce(again);
			return again;
		}
		return known.delivered();
	}

	private void settled(String worker, Task task) {
		if (task.state() == TaskState.DONE) {
			logger.debug("{} has done {}", worker, task.id());
			this.done.computeIfAbsent(worker, (id) -> new AtomicLong()).incrementAndGet();
			this.succeeded.increment();
			this.events.announce(task);
		}
		else {
			// It failed, and there is no exception: that was the last attempt.
			died(task, task.error());
		}
	}

	private void died(Task task, @Nullable String reason) {
		this.died.increment();
		this.events.announce(task.dead(task.attempts(), reason, Instant.now()));
	}

	private @Nullable Object attempt(MethodInvocation invocation, Holding holding) throws Throwable {
		MessageProperties properties = message(invocation).getMessageProperties();
		if (holding.task.attempts() > 0) {
			this.retried.increment();
		}
		Task begun = holding.task.begun(String.valueOf(properties.getConsumerTag()), this.instance.id());
		holding.task = begun;
		this.events.announce(begun);
		try {
			Object result = invocation.proceed();
			holding.task = begun.done();
			return result;
		}
		catch (Throwable ex) {
			Throwable cause = NestedExceptionUtils.getMostSpecificCause(ex);
			if (!(cause instanceof InterruptedException)) {
				holding.task = begun.failed((cause.getMessage() != null) ? cause.getMessage() : cause.toString());
				properties.setHeader(TaskMessages.ATTEMPTS, begun.attempts());
				this.events.announce(holding.task);
			}
			throw ex;
		}
	}

	private static Message message(MethodInvocation invocation) {
		return (Message) invocation.getArguments()[1];
	}

	/**
	 * What a worker is at.
	 * @param worker its id
	 * @return what it holds
	 */
	public Optional<Holding> heldBy(String worker) {
		return Optional.ofNullable(this.held.get(worker));
	}

	/**
	 * How many tasks a worker has done.
	 * @param worker its id
	 * @return the number
	 */
	public long doneBy(String worker) {
		AtomicLong count = this.done.get(worker);
		return (count != null) ? count.get() : 0;
	}

	/**
	 * Forgets how many tasks a worker has done.
	 * @param worker its id
	 */
	public void forget(String worker) {
		this.done.remove(worker);
	}

	/**
	 * An invocation that can proceed again and again. Spring's goes one advice further
	 * each time, so that an advice inside the retries would be part of the first attempt
	 * only.
	 */
	private final class Attempts implements MethodInvocation {

		private final ProxyMethodInvocation invocation;

		private final Holding holding;

		Attempts(ProxyMethodInvocation invocation, Holding holding) {
			this.invocation = invocation;
			this.holding = holding;
		}

		@Override
		public @Nullable Object proceed() throws Throwable {
			return attempt(this.invocation.invocableClone(), this.holding);
		}

		@Override
		public Method getMethod() {
			return this.invocation.getMethod();
		}

		@Override
		public @Nullable Object[] getArguments() {
			return this.invocation.getArguments();
		}

		@Override
		public @Nullable Object getThis() {
			return this.invocation.getThis();
		}

		@Override
		public AccessibleObject getStaticPart() {
			return this.invocation.getStaticPart();
		}

	}

	/**
	 * A task in the hands of a worker.
	 */
	public static final class Holding {

		private final Channel channel;

		private final long deliveryTag;

		private final Thread thread = Thread.currentThread();

		// No monitor: in one, until JDK 24, a virtual thread that waits for the broker
		// keeps its carrier.
		private final ReentrantLock lock = new ReentrantLock();

		private boolean othersGivenBack;

		private boolean released;

		private volatile Task task;

		Holding(Task task, Channel channel, long deliveryTag) {
			this.task = task;
			this.channel = channel;
			this.deliveryTag = deliveryTag;
		}

		/**
		 * The task.
		 * @return what is known of it
		 */
		public Task task() {
			return this.task;
		}

		/**
		 * Takes it out of the worker's hands, as a crash does: its channel closes without
		 * an acknowledgement, and the work is interrupted.
		 */
		public void drop() {
			close();
			this.thread.interrupt();
		}

		/**
		 * Gives back what the worker was dealt after this task, whose consumer has been
		 * cancelled; nothing if it is no longer at this one.
		 * @param lastDeliveryTag the delivery tag of the last task it was dealt
		 */
		public void giveBackOthers(long lastDeliveryTag) {
			this.lock.lock();
			try {
				if (this.released) {
					return;
				}
				this.othersGivenBack = true;
				for (long tag = this.deliveryTag + 1; tag <= lastDeliveryTag; tag++) {
					this.channel.basicNack(tag, false, true);
				}
			}
			catch (IOException | ShutdownSignalException | IllegalStateException ex) {
				// The channel has closed, of which a cached one tells by an
				// IllegalStateException, and with it all that it held is back.
			}
			finally {
				this.lock.unlock();
			}
		}

		// The container still has those that were given back, and would give them back
		// once more, which is an error. Without the channel it cannot.
		private void release(boolean done) {
			this.lock.lock();
			try {
				this.released = true;
				if (this.othersGivenBack) {
					if (done) {
						this.channel.basicAck(this.deliveryTag, false);
					}
					close();
				}
			}
			catch (IOException | ShutdownSignalException | IllegalStateException ex) {
				logger.debug("The channel has closed before the task was acknowledged", ex);
			}
			finally {
				this.lock.unlock();
			}
		}

		private void close() {
			RabbitUtils.setPhysicalCloseRequired(this.channel, true);
			RabbitUtils.closeChannel(this.channel);
		}

	}

}
