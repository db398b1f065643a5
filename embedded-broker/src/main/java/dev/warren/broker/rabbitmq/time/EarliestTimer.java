package dev.warren.broker.rabbitmq.time;

import org.jspecify.annotations.Nullable;

/**
 * Has somebody look when the first of many things is due. Guarded by whoever guards
 * these.
 */
public final class EarliestTimer {

	private final Timers timers;

	private final Runnable look;

	private long scheduledFor = Long.MAX_VALUE;

	private Timers.@Nullable Timer timer;

	/**
	 * @param look is to call {@link #fired} first
	 */
	public EarliestTimer(Timers timers, Runnable look) {
		this.timers = timers;
		this.look = look;
	}

	/**
	 * Sees to it that somebody looks at that time or before.
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
	 * Somebody is looking.
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
