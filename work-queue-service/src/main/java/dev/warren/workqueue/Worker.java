package dev.warren.workqueue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A worker: the tutorial's {@code Worker}, with a channel and a thread of its own. It
 * takes one task after the other from the queue {@code task_queue} and acknowledges each
 * when it is done; what it has not acknowledged when its channel closes, for whatever
 * reason, the broker gives to another.
 * <p>
 * It is no Spring listener container, because it does what those do not: it may crash on
 * demand, gives back what it has not begun when the prefetch changes, and looks between
 * tasks for those in {@link WorkTopology#RETRIES}.
 * <p>
 * <b>Counting attempts.</b> A task that kills its worker leaves nobody to count, except
 * the broker, which marks what it delivers again. But it marks all the dead worker held,
 * also what it had only prefetched. So a worker does not begin a redelivered task: it
 * moves it to {@link WorkTopology#RETRIES}, with its history in its headers. From there a
 * task is fetched ({@code basic.get}) only to be begun at once, and one that is
 * redelivered there has almost certainly killed its worker once more: the exception is a
 * connection lost between the broker's delivery and the beginning, which counts as an
 * attempt, too. To move a task is to publish a copy, wait for the confirm, and
 * acknowledge the original: whoever dies in between leaves two of them rather than none.
 */
final class Worker {

	/**
	 * The most a worker prefetches. Only their number is bounded: a thousand of the
	 * largest texts this service takes, 64 KiB each, are 64 MB a worker, and a stranger's
	 * may be larger.
	 */
	static final int MAX_PREFETCH = 1000;

	// For AMQP's 0, no limit, which would put the whole backlog into the worker's memory:
	// of the largest texts, 16 MB.
	private static final int UNLIMITED_PREFETCH = 250;

	private static final int MAX_UNACKNOWLEDGED = 50;

	// Acknowledged one by one, trivial tasks would also arrive one by one, each waking
	// every thread on its way.
	private static final Duration ACKNOWLEDGE_DELAY = Duration.ofMillis(1);

	private static final Log logger = LogFactory.getLog(Worker.class);

	private static final Duration RETRIES_INTERVAL = Duration.ofMillis(250);

	private static final Duration MIN_BACK_OFF = Duration.ofMillis(500);

	private static final Duration MAX_BACK_OFF = Duration.ofSeconds(5);

	private final String id;

	private final Workplace workplace;

	private final IntSupplier prefetch;

	private final Thread thread;

	private final AtomicLong done = new AtomicLong();

	private volatile State state = State.RUNNING;

	private volatile @Nullable String task;

	private volatile boolean outOfTime;

	private volatile @Nullable Channel channel;

	private volatile @Nullable Consumption consumption;

	// Tasks that are done, of which none but the last delivery tag is needed: with it all
	// before it are acknowledged.
	private final List<Task> unacknowledged = new ArrayList<>();

	private long lastDeliveryTag;

	private final Observations observations;

	private int maxUnacknowledged = 1;

	private long nextLookAtRetries = System.nanoTime();

	private @Nullable String lastError;

	Worker(String id, Workplace workplace, IntSupplier prefetch) {
		this.id = id;
		this.workplace = workplace;
		this.prefetch = prefetch;
		this.observations = new Observations(id, workplace.observationRegistry());
		this.thread = new Thread(this::run, id);
		this.thread.setDaemon(true);
	}

	String id() {
		return this.id;
	}

	State state() {
		return this.state;
	}

	/**
	 * How many tasks it has done.
	 */
	long done() {
		return this.done.get();
	}

	/**
	 * The id of the task it works on.
	 */
	@Nullable String task() {
		return this.task;
	}

	/**
	 * Starts working, as soon as there is a broker.
	 */
	void start() {
		this.thread.start();
	}

	/**
	 * Has the worker consume with the current prefetch. What it holds and has not begun
	 * goes back to the queue.
	 */
	void changePrefetch() {
		endConsumption();
	}

	/**
	 * Ends the worker as a crash does: its channel closes, nothing is acknowledged, and
	 * it stops in the middle of its work.
	 * @return whether it was there to crash
	 */
	boolean crash() {
		synchronized (this) {
			if (this.state == State.CRASHED || this.state == State.STOPPED) {
				return false;
			}
			this.state = State.CRASHED;
		}
		closeChannel();
		this.thread.interrupt();
		return true;
	}

	/**
	 * Ends the worker gracefully: it takes no more tasks, gives back those that it has
	 * not begun, and finishes the one it works on.
	 */
	void stop() {
		synchronized (this) {
			if (this.state != State.RUNNING) {
				return;
			}
			this.state = State.STOPPING;
			// It may be in its back-off.
			notifyAll();
		}
		endConsumption();
	}

	/**
	 * Waits until the worker has ended.
	 * @param deadline when it is to give its task back, on the clock of
	 * {@link System#nanoTime()}
	 */
	void awaitEnd(long deadline) throws InterruptedException {
		this.thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
		if (this.thread.isAlive()) {
			this.outOfTime = true;
			this.thread.interrupt();
			this.thread.join();
		}
	}

	private void run() {
		Duration backOff = MIN_BACK_OFF;
		while (this.state == State.RUNNING) {
			try {
				this.unacknowledged.clear();
				openChannel();
				backOff = MIN_BACK_OFF;
				work();
			}
			catch (IOException | RuntimeException ex) {
				logOnce(ex);
			}
			catch (InterruptedException ex) {
				// Crashed, or stopped and out of time: its state says which.
				break;
			}
			finally {
				this.observations.leave();
				closeChannel();
			}
			if (this.state == State.RUNNING) {
				pause(backOff);
				backOff = backOff.multipliedBy(2).compareTo(MAX_BACK_OFF) < 0 ? backOff.multipliedBy(2) : MAX_BACK_OFF;
			}
		}
		synchronized (this) {
			if (this.state != State.CRASHED) {
				this.state = State.STOPPED;
			}
		}
	}

	private synchronized void pause(Duration duration) {
		try {
			if (this.state == State.RUNNING) {
				wait(duration.toMillis());
			}
		}
		catch (InterruptedException ex) {
			// Its state says why.
		}
	}

	private void logOnce(Exception ex) {
		String error = String.valueOf(((ex.getCause() != null) ? ex.getCause() : ex).getMessage());
		if (this.state == State.RUNNING && !error.equals(this.lastError)) {
			this.lastError = error;
			logger.warn(this.id + " has lost its channel and opens another: " + error);
		}
	}

	private void openChannel() throws IOException {
		Connection connection = this.workplace.connect();
		Channel opened = connection.createChannel();
		if (opened == null) {
			throw new IOException("the connection has no channel left");
		}
		this.channel = opened;
		if (this.state == State.CRASHED) {
			throw new IOException("crashed");
		}
	}

	private void closeChannel() {
		Channel closing = this.channel;
		if (closing != null) {
			try {
				closing.abort();
			}
			catch (IOException ex) {
				// abort() swallows what goes wrong on the wire.
			}
		}
	}

	private void work() throws IOException, InterruptedException {
		Channel channel = this.channel;
		while (channel != null && channel.isOpen() && this.state == State.RUNNING) {
			Consumption current = this.consumption;
			if (current == null || current.hasEnded() || current.getChannel() != channel) {
				current = consume(channel);
			}
			if (workOnRetry(channel)) {
				continue;
			}
			Delivery next = current.next(this.unacknowledged.isEmpty() ? 0 : ACKNOWLEDGE_DELAY.toMillis());
			if (next == null) {
				acknowledge(channel);
				this.observations.leave();
				next = current.next(RETRIES_INTERVAL.toMillis());
			}
			if (next != null) {
				receive(channel, WorkTopology.TASKS, next.getEnvelope(), next.getProperties(), next.getBody());
			}
		}
		if (channel != null && channel.isOpen()) {
			acknowledge(channel);
		}
	}

	private synchronized Consumption consume(Channel channel) throws IOException {
		int asked = this.prefetch.getAsInt();
		int limit = (asked > 0) ? asked : UNLIMITED_PREFETCH;
		Consumption started = new Consumption(channel);
		channel.basicQos(limit);
		this.maxUnacknowledged = Math.min(Math.max(limit / 4, 1), MAX_UNACKNOWLEDGED);
		this.consumption = started;
		channel.basicConsume(WorkTopology.TASKS, false, this.id, started);
		this.lastError = null;
		return started;
	}

	private synchronized void endConsumption() {
		Consumption ending = this.consumption;
		Channel channel = this.channel;
		if (ending == null || channel == null || ending.getChannel() != channel || ending.hasEnded()) {
			return;
		}
		try {
			channel.basicCancel(this.id);
			for (Delivery unbegun : ending.end()) {
				channel.basicNack(unbegun.getEnvelope().getDeliveryTag(), false, true);
			}
		}
		catch (IOException | ShutdownSignalException ex) {
			// Has the channel closed? A broker that has not answered in time leaves it
			// open, and a later acknowledgement of many would cover what was not begun.
			closeChannel();
			ending.end();
		}
	}

	private boolean workOnRetry(Channel channel) throws IOException, InterruptedException {
		if (System.nanoTime() - this.nextLookAtRetries < 0) {
			return false;
		}
		acknowledge(channel);
		GetResponse retry = channel.basicGet(WorkTopology.RETRIES, false);
		if (retry == null) {
			this.nextLookAtRetries = System.nanoTime() + RETRIES_INTERVAL.toNanos();
			return false;
		}
		receive(channel, WorkTopology.RETRIES, retry.getEnvelope(), retry.getProps(), retry.getBody());
		return true;
	}

	private void receive(Channel channel, String queue, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
			throws IOException, InterruptedException {
		TaskMessage message = TaskMessage.of(queue, envelope, properties, body);
		this.observations.enter(message);
		try {
			if (!message.isRedelivered()) {
				begin(channel, envelope.getDeliveryTag(), message);
			}
			else if (WorkTopology.RETRIES.equals(queue)) {
				retryOrBury(channel, envelope.getDeliveryTag(), message, message.task().redelivered(true));
			}
			else {
				// It counts as begun unless it is known not to be, and whatever it
				// counts as, it gets a chance in the other queue.
				boolean begun = !this.workplace.isKnownUnbegun(message.task());
				move(channel, envelope.getDeliveryTag(), message, WorkTopology.RETRIES,
						message.task().redelivered(begun));
			}
		}
		finally {
			this.observations.exit();
		}
	}

	private void begin(Channel channel, long deliveryTag, TaskMessage message)
			throws IOException, InterruptedException {
		Task begun = message.task().begun(this.id, this.workplace.instanceId());
		boolean trivial = Work.isTrivial(begun.text());
		this.task = begun.id();
		if (!trivial) {
			acknowledge(channel);
			// A trivial task is done before anybody could hear that it was begun.
			this.workplace.announce(begun);
		}
		try {
			this.workplace.work().perform(begun.text());
			if (logger.isDebugEnabled()) {
				logger.debug(this.id + " has done " + begun.id());
			}
			this.unacknowledged.add(begun.done());
			this.lastDeliveryTag = deliveryTag;
			if (this.unacknowledged.size() >= this.maxUnacknowledged || !trivial) {
				acknowledge(channel);
			}
		}
		catch (TaskFailedException ex) {
			retryOrBury(channel, deliveryTag, message, begun.failed(String.valueOf(ex.getMessage())));
		}
		catch (InterruptedException ex) {
			if (this.outOfTime) {
				// A copy rather than a nack: to be interrupted is no attempt that failed.
				move(channel, deliveryTag, message, WorkTopology.RETRIES, begun.returned());
			}
			throw ex;
		}
		finally {
			this.task = null;
		}
	}

	// What has been done, together: trivial tasks are done faster than acknowledgements
	// one by one are written. A worker begins no other work, and does not wait, but for a
	// moment, before it has acknowledged what it has done.
	private void acknowledge(Channel channel) throws IOException {
		if (!this.unacknowledged.isEmpty()) {
			channel.basicAck(this.lastDeliveryTag, this.unacknowledged.size() > 1);
			this.done.addAndGet(this.unacknowledged.size());
			this.unacknowledged.forEach(this.workplace::announce);
			this.unacknowledged.clear();
		}
	}

	private void retryOrBury(Channel channel, long deliveryTag, TaskMessage message, Task failed)
			throws IOException, InterruptedException {
		if (failed.attempts() < this.workplace.maxAttempts()) {
			move(channel, deliveryTag, message, WorkTopology.RETRIES, failed);
		}
		else {
			move(channel, deliveryTag, message, WorkTopology.DEAD_LETTERS, failed.dead());
		}
	}

	private void move(Channel channel, long deliveryTag, TaskMessage message, String queue, Task changed)
			throws IOException, InterruptedException {
		acknowledge(channel);
		try {
			this.workplace.publisher().publish(queue, message.copy(changed)).get();
		}
		catch (ExecutionException ex) {
			// Not acknowledged: it comes back when the channel closes.
			throw new IOException("a task could not be moved to " + queue, ex.getCause());
		}
		channel.basicAck(deliveryTag, false);
		this.workplace.announce(changed);
		this.nextLookAtRetries = System.nanoTime();
	}

	/**
	 * Whether a worker is there.
	 */
	enum State {

		/** Takes tasks, or will as soon as there is a broker. */
		RUNNING,

		/** Finishes its last task. */
		STOPPING,

		/** Has ended gracefully. */
		STOPPED,

		/** Has died in the middle of its work. */
		CRASHED

	}

}
