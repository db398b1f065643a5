package dev.warren.broker.rabbitmq.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.apache.qpid.server.model.AbstractConfiguredObject;
import org.apache.qpid.server.model.ConfiguredObject;
import org.apache.qpid.server.model.Exchange;
import org.apache.qpid.server.model.Queue;
import org.apache.qpid.server.store.MessageDurability;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;
import org.jspecify.annotations.Nullable;

/**
 * What of a virtual host is durable: Qpid's configuration store has the queues and
 * exchanges, its message store the messages, and a table of ours the bindings.
 */
public final class VirtualHostStore {

	private final QueueManagingVirtualHost<?> virtualHost;

	private final MessageLog messageLog;

	/** Null if nothing outlives the broker. */
	private final @Nullable QpidDiskStore disk;

	public VirtualHostStore(QueueManagingVirtualHost<?> virtualHost) {
		this.virtualHost = virtualHost;
		this.messageLog = new MessageLog(virtualHost);
		this.disk = QpidDiskStore.of(virtualHost);
	}

	public MessageLog messageLog() {
		return this.messageLog;
	}

	/**
	 * The queues that are stored.
	 */
	public List<DurableQueue> queues() {
		List<DurableQueue> queues = new ArrayList<>();
		for (Queue<?> stored : this.virtualHost.getChildren(Queue.class)) {
			if (stored instanceof QpidQueue queue) {
				queues.add(new DurableQueue(queue, this.disk));
			}
		}
		return queues;
	}

	/**
	 * The exchanges that are stored.
	 */
	public List<DurableExchange> exchanges() {
		List<DurableExchange> exchanges = new ArrayList<>();
		for (Exchange<?> stored : this.virtualHost.getChildren(Exchange.class)) {
			if (stored instanceof QpidExchange exchange) {
				exchanges.add(new DurableExchange(exchange, this.disk));
			}
		}
		return exchanges;
	}

	/**
	 * Stores a queue.
	 * @param keepsAll whether all its messages are stored, persistent or not
	 */
	public DurableQueue create(QueueDefinition definition, boolean keepsAll) {
		Map<String, Object> attributes = QpidQueue.attributes(definition,
				keepsAll ? MessageDurability.ALWAYS : MessageDurability.DEFAULT);
		return new DurableQueue((QpidQueue) create(Queue.class, attributes, definition.name()), this.disk);
	}

	public DurableExchange create(ExchangeDefinition definition) {
		Map<String, Object> attributes = QpidExchange.attributes(definition);
		return new DurableExchange((QpidExchange) create(Exchange.class, attributes, definition.name()), this.disk);
	}

	private <T extends ConfiguredObject<?>> ConfiguredObject<?> create(Class<T> type, Map<String, Object> attributes,
			String name) {
		try {
			return this.virtualHost.createChild(type, attributes);
		}
		catch (AbstractConfiguredObject.DuplicateNameException ex) {
			throw ReplyCode.PRECONDITION_FAILED
				.error("'%s' is in the store but could not be restored, see the log of the broker", name);
		}
	}

}
