package dev.warren.broker.rabbitmq.time;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The clock of the machine.
 */
final class SystemClock implements EngineClock {

	@Override
	public long millis() {
		return System.currentTimeMillis();
	}

	@Override
	public long nanos() {
		return System.nanoTime();
	}

	@Override
	public Timers startTimers(String name) {
		return new SystemTimers(name);
	}

	private static final class SystemTimers implements Timers {

		private final ScheduledThreadPoolExecutor executor;

		SystemTimers(String name) {
			this.executor = new ScheduledThreadPoolExecutor(1, (task) -> {
				Thread thread = new Thread(task, name);
				thread.setDaemon(true);
				return thread;
			});
			this.executor.setRemoveOnCancelPolicy(true);
			// While the broker closes nothing needs to expire any more.
			this.executor.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
		}

		@Override
		public Timer schedule(Runnable task, long delayMillis) {
			Future<?> future = this.executor.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
			return () -> future.cancel(false);
		}

		@Override
		public void repeat(Runnable task, long delayMillis) {
			this.executor.scheduleWithFixedDelay(task, delayMillis, delayMillis, TimeUnit.MILLISECONDS);
		}

		@Override
		public void stop() {
			this.executor.shutdownNow();
		}

	}

}
