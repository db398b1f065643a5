package dev.warren.broker.rabbitmq.transport;

import dev.warren.broker.rabbitmq.time.EngineClock;
import org.apache.qpid.server.transport.ServerNetworkConnection;
import org.apache.qpid.server.transport.network.Ticker;

/**
 * Cuts the connection of a client that does not answer connection.close.
 *
 * @param deadline in milliseconds since the epoch
 */
record CloseTimeout(long deadline, EngineClock clock, ServerNetworkConnection network) implements Ticker {

	// The engine's clock counts, and not the one that Qpid looked at.
	@Override
	public int getTimeToNextTick(long currentTime) {
		return (int) (this.deadline - this.clock.millis());
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
