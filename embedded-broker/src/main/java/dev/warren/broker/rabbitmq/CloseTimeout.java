package dev.warren.broker.rabbitmq;

import org.apache.qpid.server.transport.ServerNetworkConnection;
import org.apache.qpid.server.transport.network.Ticker;

/**
 * Cuts the connection of a client that does not answer connection.close.
 */
record CloseTimeout(long deadline, ServerNetworkConnection network) implements Ticker {

	@Override
	public int getTimeToNextTick(long currentTime) {
		return (int) (this.deadline - currentTime);
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
