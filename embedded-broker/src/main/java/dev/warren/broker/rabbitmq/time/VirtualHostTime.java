package dev.warren.broker.rabbitmq.time;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time of a virtual host, and its timers. It begins with the machine's and goes on
 * steadily, also when the machine's clock is set, so that timers and what they look at
 * agree; and it can be advanced, for a test that does not want to wait.
 */
public final class VirtualHostTime implements EngineClock, Timers {

	private static final Logger logger = LoggerFactory.getLogger(VirtualHostTime.class);

	/** Some look at what is due not more often than that, and would be early or late. */
	private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	/** How long to wait for a connection, which may be about to close. */
	private static final long PATIENCE_MILLIS = 2000;

	private final long startMillis = System.currentTimeMillis();

	private final long startNanos = System.nanoTime();

	private volatile Reading reading = new Reading(0, false);

	private final ScheduledThreadPoolExecutor thread;

	private final TreeSet<Task> tasks = new TreeSet<>();

	private long nextNumber;

	/** When the thread will look, in nanoseconds of this time. */
	private long lookAt = Long.MAX_VALUE;

	private @Nullable Future<?> look;

	/** Its holder does what is due. */
	private final ReentrantLock doing = new ReentrantLock();

	/** What was handed over while time is advanced; guarded by that lock. */
	private @Nullable List<CountDownLatch> handedOver;

	/**
	 * @param name the name of the thread on which the timers run
	 */
	public VirtualHostTime(String name) {
		this.thread = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread created = new Thread(task, name);
			created.setDaemon(true);
			return created;
		});
		this.thread.setRemoveOnCancelPolicy(true);
		// While the broker closes nothing needs to expire any more.
		this.thread.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
	}

	@Override
	public long millis() {
		return this.startMillis + TimeUnit.NANOSECONDS.toMillis(nanos() - this.startNanos);
	}

	@Override
	public long nanos() {
		return this.reading.nanos();
	}

	@Override
	public Timer schedule(Runnable action, long delayMillis) {
		Task task;
		synchronized (this.tasks) {
			task = new Task(due(nanos(), delayMillis), this.nextNumber++, action);
			this.tasks.add(task);
			lookInTime();
		}
		return () -> {
			synchronized (this.tasks) {
				this.tasks.remove(task);
			}
		};
	}

	/** Some timers are for hundreds of years. */
	private static long due(long now, long delayMillis) {
		long due = now + TimeUnit.MILLISECONDS.toNanos(delayMillis);
		return (due >= now) ? due : Long.MAX_VALUE;
	}

	/** By the machine's time, however this one is advanced. */
	@Override
	public void repeat(Runnable action, long delayMillis) {
		this.thread.scheduleWithFixedDelay(action, delayMillis, delayMillis, TimeUnit.MILLISECONDS);
	}

	@Override
	public void stop() {
		this.thread.shutdownNow();
	}

	private void lookInTime() {
		if (!this.tasks.isEmpty() && this.tasks.first().due < this.lookAt) {
			if (this.look != null) {
				this.look.cancel(false);
			}
			this.lookAt = this.tasks.first().due;
			this.look = this.thread.schedule(this::look, this.lookAt - nanos(), TimeUnit.NANOSECONDS);
		}
	}

	private void look() {
		synchronized (this.tasks) {
			this.lookAt = Long.MAX_VALUE;
		}
		this.doing.lock();
		try {
			for (Task task = next(nanos()); task != null; task = next(nanos())) {
				run(task);
			}
		}
		finally {
			this.doing.unlock();
		}
		synchronized (this.tasks) {
			lookInTime();
		}
	}

	private @Nullable Task next(long until) {
		synchronized (this.tasks) {
			return (!this.tasks.isEmpty() && this.tasks.first().due <= until) ? this.tasks.pollFirst() : null;
		}
	}

	private static void run(Task task) {
		try {
			task.action.run();
		}
		catch (RuntimeException ex) {
			logger.error("What was due could not be done", ex);
		}
	}

	@Override
	public Runnable handingOver(Runnable rest) {
		List<CountDownLatch> awaited = this.doing.isHeldByCurrentThread() ? this.handedOver : null;
		if (awaited == null) {
			return rest;
		}
		CountDownLatch done = new CountDownLatch(1);
		awaited.add(done);
		return () -> {
			try {
				rest.run();
			}
			finally {
				done.countDown();
			}
		};
	}

	/**
	 * Goes forward by that much, and does on the way what becomes due, each at its time.
	 * Returns when it is done.
	 */
	public void advance(Duration duration) {
		this.doing.lock();
		try {
			long start = nanos();
			long target = Math.addExact(start, duration.toNanos());
			stopAt(start);
			try {
				for (Task task = next(target); task != null; task = next(target)) {
					stopAt(Math.max(task.due, nanos()));
					runAndWait(List.of(task));
				}
				stopAt(target);
				runAndWait(within(target + GRACE_NANOS));
			}
			finally {
				this.reading = new Reading(nanos() - System.nanoTime(), false);
			}
		}
		finally {
			this.doing.unlock();
		}
		synchronized (this.tasks) {
			this.lookAt = Long.MAX_VALUE;
			lookInTime();
		}
	}

	private void stopAt(long nanos) {
		this.reading = new Reading(nanos, true);
	}

	private List<Task> within(long until) {
		List<Task> all = new ArrayList<>();
		for (Task task = next(until); task != null; task = next(until)) {
			all.add(task);
		}
		return all;
	}

	private void runAndWait(List<Task> due) {
		List<CountDownLatch> awaited = new ArrayList<>();
		this.handedOver = awaited;
		due.forEach(VirtualHostTime::run);
		this.handedOver = null;
		boolean interrupted = false;
		for (CountDownLatch one : awaited) {
			try {
				if (!interrupted) {
					one.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
				}
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * @param value how far this time is ahead of {@link System#nanoTime()} or, while it
	 * stands still, what it is
	 */
	private record Reading(long value, boolean stopped) {

		long nanos() {
			return this.stopped ? this.value : this.value + System.nanoTime();
		}

	}

	/**
	 * What is to be done when.
	 */
	private record Task(long due, long number, Runnable action) implements Comparable<Task> {

		@Override
		public int compareTo(Task other) {
			int byDue = Long.compare(this.due, other.due);
			return (byDue != 0) ? byDue : Long.compare(this.number, other.number);
		}

	}

}
