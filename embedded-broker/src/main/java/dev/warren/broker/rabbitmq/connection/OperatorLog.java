package dev.warren.broker.rabbitmq.connection;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import dev.warren.broker.rabbitmq.wire.Names;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a broker logs for its operator, in RabbitMQ's words and levels, a line each. Of
 * problems there are up to ten lines in a second, of other things up to a hundred, and
 * then the number of the rest, so that no stranger fills a disk.
 */
public final class OperatorLog {

	private static final int PROBLEMS_A_SECOND = 10;

	private static final int LINES_A_SECOND = 100;

	private static final int LONGEST_NAME = 100;

	private static final Logger logger = LoggerFactory.getLogger(OperatorLog.class);

	private final boolean complete;

	private final AtomicInteger problems = new AtomicInteger();

	private final AtomicInteger lines = new AtomicInteger();

	/** Who is short of what; a virtual host that is deleted meanwhile is forgotten. */
	private final Map<Shortage, Set<Alarms>> alarms = new EnumMap<>(Shortage.class);

	/**
	 * @param complete whether to log what a server logs; or else only refused clients and
	 * those that break the protocol, and the rest as details for debugging
	 */
	public OperatorLog(boolean complete) {
		this.complete = complete;
	}

	/**
	 * A client is refused, or breaks the protocol. To a server's operator that is an
	 * error, to an application with a broker in it none.
	 */
	void refused(Supplier<String> line) {
		if (this.complete) {
			error(line);
		}
		else if (this.problems.incrementAndGet() <= PROBLEMS_A_SECOND) {
			logger.warn(line.get());
		}
	}

	void error(Supplier<String> line) {
		if (!this.complete) {
			debug(line);
		}
		else if (this.problems.incrementAndGet() <= PROBLEMS_A_SECOND) {
			logger.error(line.get());
		}
	}

	void warn(Supplier<String> line) {
		if (!this.complete) {
			debug(line);
		}
		else if (this.problems.incrementAndGet() <= PROBLEMS_A_SECOND) {
			logger.warn(line.get());
		}
	}

	void info(Supplier<String> line) {
		if (!this.complete) {
			debug(line);
		}
		else if (logger.isInfoEnabled() && this.lines.incrementAndGet() <= LINES_A_SECOND) {
			logger.info(line.get());
		}
	}

	private static void debug(Supplier<String> line) {
		if (logger.isDebugEnabled()) {
			logger.debug(line.get());
		}
	}

	/**
	 * Somebody is refused over HTTP.
	 * @param user who it claims to be
	 */
	public void httpRefused(String address, String user, String reason) {
		warn(() -> "HTTP access denied from " + address + ": user '" + Names.printable(user, LONGEST_NAME) + "' - "
				+ reason);
	}

	/**
	 * A virtual host is short of something, or no longer. The broker is when one is.
	 */
	synchronized void alarm(Alarms virtualHost, Shortage shortage, boolean set) {
		Set<Alarms> inShort = this.alarms.computeIfAbsent(shortage,
				(none) -> Collections.newSetFromMap(new WeakHashMap<>()));
		boolean wasShort = !inShort.isEmpty();
		boolean changed = set ? inShort.add(virtualHost) : inShort.remove(virtualHost);
		if (changed && wasShort == inShort.isEmpty()) {
			String resource = shortage.name().toLowerCase(Locale.ROOT);
			warn(() -> resource + " resource limit alarm "
					+ (set ? "set: publishers will be blocked until this alarm clears" : "cleared"));
		}
	}

	/**
	 * Says how much more there was. To be called once a second.
	 */
	public void countTheRest() {
		int moreProblems = this.problems.getAndSet(0) - PROBLEMS_A_SECOND;
		if (moreProblems > 0) {
			logger.warn("Problems with clients: and {} more within a second", moreProblems);
		}
		int moreLines = this.lines.getAndSet(0) - LINES_A_SECOND;
		if (moreLines > 0) {
			logger.info("Connections opened and closed: and {} more within a second", moreLines);
		}
	}

}
