package dev.warren.broker.rabbitmq.time;

import org.jspecify.annotations.Nullable;

/**
 * One timer for many things, set to when the first of them is due. Not thread-safe:
 * whatever guards those things guards it too.
 */
public final class EarliestTimer {

	private final Timers timers;

	private final Runnable look;

	private long scheduledFor = Long.MAX_VALUE;

	private Timers.@Nullable Timer timer;

	/**
	 * @param look what to do then; it has to call {@link #fired} first
	 */
	public EarliestTimer(Timers timers, Runnable look) {
		this.timers = timers;
		this.look = look;
	}

	/**
	 * Sets the timer to that time, unless it is set to an earlier one.
	 * @param next {@link Long#MAX_VALUE} for never
	 */
	public void schedule(long next, long now) {
		if (next < this.scheduledFor) {
			cancel();
			this.scheduledFor = next;
			this.timer = this.timers.schedule(this.look, Math.max(0, next - now));
		}
	}

	/**
	 * Notes that the time has come.
	 */
	public void fired() {
		this.scheduledFor = Long.MAX_VALUE;
		this.timer = null;
	}

	public void cancel() {
		if (this.timer != null) {
			this.timer.cancel();
		}
	}

}
