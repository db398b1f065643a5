package dev.warren.broker.rabbitmq.transport;

import java.io.File;

import dev.warren.broker.rabbitmq.connection.Resources;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;
import org.jspecify.annotations.Nullable;

/**
 * How much of the heap and of the disk messages take, and how much they may.
 */
public final class QpidResources implements Resources {

	/**
	 * A context variable of the virtual host: the share of the heap that messages may
	 * take.
	 */
	public static final String MEMORY_WATERMARK = "warren.memoryHighWatermark";

	/** What RabbitMQ's {@code vm_memory_high_watermark} was until version 4. */
	private static final double DEFAULT_MEMORY_WATERMARK = 0.4;

	/**
	 * A context variable of the virtual host: how many bytes of the disk are left alone.
	 */
	public static final String DISK_FREE_LIMIT = "warren.diskFreeLimit";

	/** RabbitMQ's {@code disk_free_limit}. */
	private static final long DEFAULT_DISK_FREE_LIMIT = 50_000_000;

	/**
	 * A context variable of the virtual host: how many bytes of messages may be there
	 * that are not complete.
	 */
	public static final String HALF_SENT_LIMIT = "warren.halfSentLimit";

	/** A quarter of the heap, besides what messages in queues may take. */
	private static final int DEFAULT_HALF_SENT_SHARE = 4;

	/**
	 * A context variable of the virtual host: how many bytes of direct replies may wait
	 * for clients that do not read.
	 */
	public static final String UNREAD_REPLIES_LIMIT = "warren.unreadRepliesLimit";

	/** An eighth of the heap, well before the memory alarm. */
	private static final int DEFAULT_UNREAD_REPLIES_SHARE = 8;

	private final QueueManagingVirtualHost<?> virtualHost;

	public QpidResources(QueueManagingVirtualHost<?> virtualHost) {
		this.virtualHost = virtualHost;
	}

	@Override
	public boolean isShortOfMemory() {
		return memory() > memoryLimit();
	}

	/**
	 * What the messages of all virtual hosts in this JVM take of the heap, in bytes.
	 */
	public static long memory() {
		return VirtualHosts.memoryInUse();
	}

	/**
	 * How many bytes of the heap messages may take.
	 */
	public long memoryLimit() {
		String watermark = this.virtualHost.getContext().get(MEMORY_WATERMARK);
		double share = (watermark != null) ? Double.parseDouble(watermark) : DEFAULT_MEMORY_WATERMARK;
		return (long) (share * Runtime.getRuntime().maxMemory());
	}

	@Override
	public boolean isShortOfDisk() {
		return store() != null && diskFree() < diskFreeLimit();
	}

	private @Nullable File store() {
		return this.virtualHost.getMessageStore().getStoreLocationAsFile();
	}

	/**
	 * How many bytes of the disk are free; 0 if the store is in memory.
	 */
	public long diskFree() {
		File store = store();
		return (store != null) ? store.getUsableSpace() : 0;
	}

	/**
	 * How many bytes of the disk are left alone.
	 */
	public long diskFreeLimit() {
		String limit = this.virtualHost.getContext().get(DISK_FREE_LIMIT);
		return (limit != null) ? Long.parseLong(limit) : DEFAULT_DISK_FREE_LIMIT;
	}

	/**
	 * How many bytes of messages may be there that are not complete.
	 */
	long halfSentLimit() {
		return limit(HALF_SENT_LIMIT, DEFAULT_HALF_SENT_SHARE);
	}

	/**
	 * How many bytes of direct replies may wait to be sent.
	 */
	long unreadRepliesLimit() {
		return limit(UNREAD_REPLIES_LIMIT, DEFAULT_UNREAD_REPLIES_SHARE);
	}

	private long limit(String variable, int defaultShare) {
		String limit = this.virtualHost.getContext().get(variable);
		return (limit != null) ? Long.parseLong(limit) : Runtime.getRuntime().maxMemory() / defaultShare;
	}

}
