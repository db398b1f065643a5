package dev.warren.broker.rabbitmq.transport;

import java.util.concurrent.TimeUnit;

import dev.warren.broker.rabbitmq.time.EngineClock;
import org.apache.qpid.server.transport.ServerNetworkConnection;
import org.apache.qpid.server.transport.network.Ticker;

/**
 * Cuts the connection of a client that does not answer connection.close. The network goes
 * by the machine's time, however a virtual host's is advanced.
 *
 * @param deadline in nanoseconds of the machine's clock
 */
record CloseTimeout(long deadline, ServerNetworkConnection network) implements Ticker {

	private static final EngineClock CLOCK = EngineClock.system();

	static CloseTimeout in(long millis, ServerNetworkConnection network) {
		return new CloseTimeout(CLOCK.nanos() + TimeUnit.MILLISECONDS.toNanos(millis), network);
	}

	// Not by the clock that Qpid looked at, which can be set back.
	@Override
	public int getTimeToNextTick(long currentTime) {
		return (int) TimeUnit.NANOSECONDS.toMillis(this.deadline - CLOCK.nanos());
	}

	@Override
	public int tick(long currentTime) {
		int left = getTimeToNextTick(currentTime);
		if (left <= 0) {
			this.network.close();
		}
		return left;
	}

}
