package dev.warren.broker.rabbitmq;

import java.io.File;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether a virtual host is short of memory or of disk, and tells its connections.
 *
 * @see <a href="https://www.rabbitmq.com/docs/alarms">Memory and Disk Alarms</a>
 */
final class Alarms {

	/**
	 * A context variable of the virtual host: the share of the heap that messages may
	 * take.
	 */
	static final String MEMORY_WATERMARK = "warren.memoryHighWatermark";

	/** What RabbitMQ's {@code vm_memory_high_watermark} was until version 4. */
	static final double DEFAULT_MEMORY_WATERMARK = 0.4;

	/**
	 * A context variable of the virtual host: how many bytes of the disk are left alone.
	 */
	static final String DISK_FREE_LIMIT = "warren.diskFreeLimit";

	/** RabbitMQ's {@code disk_free_limit}. */
	static final long DEFAULT_DISK_FREE_LIMIT = 50_000_000;

	/**
	 * What a message in a queue takes of the heap besides its body and its properties, in
	 * bytes: the growth of the heap by nearly 100,000 messages, divided by their number.
	 */
	static final long MESSAGE_OVERHEAD = 700;

	private static final long PERIOD_MILLIS = 100;

	private final QueueManagingVirtualHost<?> virtualHost;

	private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();

	private final Set<Shortage> shortages = EnumSet.noneOf(Shortage.class);

	Alarms(QueueManagingVirtualHost<?> virtualHost) {
		this.virtualHost = virtualHost;
	}

	void start(ScheduledExecutorService timers) {
		timers.scheduleWithFixedDelay(this::check, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
	}

	synchronized void add(ClientConnection connection) {
		this.connections.add(connection);
		this.shortages.forEach((shortage) -> connection.setShortage(shortage, true));
	}

	void remove(ClientConnection connection) {
		this.connections.remove(connection);
	}

	private synchronized void check() {
		set(Shortage.MEMORY, isShortOfMemory());
		set(Shortage.DISK, isShortOfDisk());
	}

	private void set(Shortage shortage, boolean shortOfIt) {
		if (shortOfIt ? this.shortages.add(shortage) : this.shortages.remove(shortage)) {
			this.connections.forEach((connection) -> connection.setShortage(shortage, shortOfIt));
		}
	}

	private boolean isShortOfMemory() {
		String watermark = this.virtualHost.getContext().get(MEMORY_WATERMARK);
		double share = (watermark != null) ? Double.parseDouble(watermark) : DEFAULT_MEMORY_WATERMARK;
		return Topologies.memoryInUse() > share * Runtime.getRuntime().maxMemory();
	}

	private boolean isShortOfDisk() {
		@Nullable File store = this.virtualHost.getMessageStore().getStoreLocationAsFile();
		if (store == null) {
			return false;
		}
		String limit = this.virtualHost.getContext().get(DISK_FREE_LIMIT);
		return store.getUsableSpace() < ((limit != null) ? Long.parseLong(limit) : DEFAULT_DISK_FREE_LIMIT);
	}

}
