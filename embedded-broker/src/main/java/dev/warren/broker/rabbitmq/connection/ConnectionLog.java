package dev.warren.broker.rabbitmq.connection;

import java.util.concurrent.atomic.AtomicInteger;

import dev.warren.broker.rabbitmq.wire.Names;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs which clients a broker refuses or disconnects, and why: one line each, up to ten
 * in a second, and then the number of the rest, so that no stranger fills a disk.
 */
public final class ConnectionLog {

	private static final int LINES_A_SECOND = 10;

	private static final int LONGEST_NAME = 100;

	private static final int LONGEST_REASON = 200;

	private static final Logger logger = LoggerFactory.getLogger(ConnectionLog.class);

	private final AtomicInteger lines = new AtomicInteger();

	/**
	 * Notes that a connection is closed for something its client did.
	 * @param peer the client's address and port
	 * @param user as whom it came, empty if it did not say so
	 * @param virtualHost where it wanted to work, empty if it did not say so
	 */
	public void closing(String peer, String user, String virtualHost, String reason) {
		if (this.lines.incrementAndGet() <= LINES_A_SECOND) {
			logger.warn("Closing the connection of {}{}{}: {}", peer, named(", user", user),
					named(", virtual host", virtualHost), Names.printable(reason, LONGEST_REASON));
		}
	}

	private static String named(String what, String name) {
		return name.isEmpty() ? "" : what + " '" + Names.printable(name, LONGEST_NAME) + "'";
	}

	/**
	 * Says how many more there were. To be called once a second.
	 */
	public void countTheRest() {
		int rest = this.lines.getAndSet(0) - LINES_A_SECOND;
		if (rest > 0) {
			logger.warn("Closing connections: and {} more within a second", rest);
		}
	}

}
