package dev.warren.broker.rabbitmq.transport;

import java.util.concurrent.TimeUnit;

import dev.warren.broker.rabbitmq.time.EngineClock;
import org.apache.qpid.server.transport.AggregateTicker;
import org.apache.qpid.server.transport.network.Ticker;

/**
 * Something to do for a connection, on its I/O thread, such as to cut it if the client
 * does not answer connection.close. The network goes by the machine's time, however a
 * virtual host's is advanced.
 *
 * @param deadline in nanoseconds of the machine's clock
 */
record Later(long deadline, AggregateTicker tickers, Runnable task) implements Ticker {

	private static final EngineClock CLOCK = EngineClock.system();

	static void add(AggregateTicker tickers, long millis, Runnable task) {
		tickers.addTicker(new Later(CLOCK.nanos() + TimeUnit.MILLISECONDS.toNanos(millis), tickers, task));
	}

	// Not by the clock that Qpid looked at, which can be set back.
	@Override
	public int getTimeToNextTick(long currentTime) {
		return (int) Math.min(TimeUnit.NANOSECONDS.toMillis(this.deadline - CLOCK.nanos()), Integer.MAX_VALUE);
	}

	@Override
	public int tick(long currentTime) {
		int left = getTimeToNextTick(currentTime);
		if (left > 0) {
			return left;
		}
		this.tickers.removeTicker(this);
		this.task.run();
		return Integer.MAX_VALUE;
	}

}
