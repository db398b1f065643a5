package dev.warren.broker.rabbitmq.connection;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.warren.broker.rabbitmq.time.Timers;

/**
 * Looks whether a virtual host is short of memory or of disk, and tells its connections.
 *
 * @see <a href="https://www.rabbitmq.com/docs/alarms">Memory and Disk Alarms</a>
 */
public final class Alarms {

	private static final long PERIOD_MILLIS = 100;

	private final Resources resources;

	private final OperatorLog log;

	private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();

	private final Set<Shortage> shortages = EnumSet.noneOf(Shortage.class);

	public Alarms(Resources resources, OperatorLog log) {
		this.resources = resources;
		this.log = log;
	}

	public void start(Timers timers) {
		timers.repeat(this::check, PERIOD_MILLIS);
	}

	synchronized void add(ClientConnection connection) {
		this.connections.add(connection);
		this.shortages.forEach((shortage) -> connection.setShortage(shortage, true));
	}

	void remove(ClientConnection connection) {
		this.connections.remove(connection);
	}

	private synchronized void check() {
		set(Shortage.MEMORY, this.resources.isShortOfMemory());
		set(Shortage.DISK, this.resources.isShortOfDisk());
	}

	private void set(Shortage shortage, boolean shortOfIt) {
		if (shortOfIt ? this.shortages.add(shortage) : this.shortages.remove(shortage)) {
			this.log.alarm(this, shortage, shortOfIt);
			this.connections.forEach((connection) -> connection.setShortage(shortage, shortOfIt));
		}
	}

}
