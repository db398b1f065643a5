package dev.warren.broker.rabbitmq.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.warren.broker.rabbitmq.wire.ArgumentTable;
import org.apache.qpid.server.message.MessageInstance;
import org.apache.qpid.server.message.ServerMessage;
import org.apache.qpid.server.model.ConfiguredObject;
import org.apache.qpid.server.model.ManagedObject;
import org.apache.qpid.server.model.Queue;
import org.apache.qpid.server.protocol.v0_8.AMQMessage;
import org.apache.qpid.server.queue.QueueEntry;
import org.apache.qpid.server.queue.StandardQueueImpl;
import org.apache.qpid.server.security.SubjectExecutionContext;
import org.apache.qpid.server.store.MessageDurability;
import org.apache.qpid.server.store.MessageEnqueueRecord;
import org.apache.qpid.server.util.Action;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable form of a queue: Qpid keeps its definition in the configuration and hands
 * back its stored messages after a restart. What it receives it passes on to the queue
 * that is connected, which does all the work.
 */
@ManagedObject(category = false, type = QpidQueue.TYPE)
public class QpidQueue extends StandardQueueImpl {

	static final String TYPE = "rabbitmq";

	private static final Logger logger = LoggerFactory.getLogger(QpidQueue.class);

	private static final String DEFINITION = "rabbitmq.queue";

	/**
	 * What came back from the store before anybody asked for the queue; null afterwards.
	 */
	private @Nullable List<LogEntry> recovered = new ArrayList<>();

	private @Nullable LoggedQueue queue;

	QpidQueue(Map<String, Object> attributes, QueueManagingVirtualHost<?> virtualHost) {
		super(attributes, virtualHost);
	}

	static Map<String, Object> attributes(QueueDefinition definition, MessageDurability durability) {
		Map<String, @Nullable Object> table = Map.of("name", definition.name(), "autoDelete", definition.autoDelete(),
				"arguments", definition.arguments());
		return Map.of(ConfiguredObject.NAME, uninterpreted(definition.name()), ConfiguredObject.TYPE, TYPE,
				ConfiguredObject.DURABLE, true, ConfiguredObject.CONTEXT,
				Map.of(DEFINITION, ArgumentTable.toText(table)), Queue.MESSAGE_DURABILITY, durability);
	}

	/**
	 * A name as Qpid may have it, which takes {@code ${DB_PASSWORD}} for the value of a
	 * variable. Clients know the one in the definition.
	 */
	static String uninterpreted(String name) {
		return name.replace("%", "%25").replace("$", "%24");
	}

	QueueDefinition definition() {
		return definition(getName(), getContext().get(DEFINITION));
	}

	/**
	 * The definition of a queue with those attributes.
	 * @throws RuntimeException if it cannot be read
	 */
	static QueueDefinition definition(Map<String, Object> attributes) {
		Map<?, ?> context = (Map<?, ?>) Objects.requireNonNull(attributes.get(ConfiguredObject.CONTEXT));
		return definition((String) attributes.get(ConfiguredObject.NAME), (String) context.get(DEFINITION));
	}

	@SuppressWarnings("unchecked")
	private static QueueDefinition definition(@Nullable String name, @Nullable String text) {
		Map<String, @Nullable Object> table = ArgumentTable.fromText(Objects.requireNonNull(text));
		return new QueueDefinition((table.get("name") instanceof String stored) ? stored : Objects.requireNonNull(name),
				true, false, Boolean.TRUE.equals(table.get("autoDelete")),
				(Map<String, @Nullable Object>) Objects.requireNonNull(table.get("arguments")));
	}

	/**
	 * Connects the queue, which gets the messages that were recovered for it.
	 * @param killed whether the broker that had them was
	 */
	synchronized void connect(LoggedQueue connected, @Nullable DeliveryLog deliveries, boolean killed) {
		this.queue = connected;
		List<LogEntry> messages = this.recovered;
		this.recovered = null;
		if (messages == null || messages.isEmpty()) {
			return;
		}
		if (deliveries != null) {
			deliveries.read(messages.get(messages.size() - 1).number(), killed);
		}
		for (LogEntry message : messages) {
			try {
				connected.recover(message.with(deliveries));
			}
			catch (RuntimeException ex) {
				// The entry is not released, which keeps the message in the store.
				logger.error("Message {} of queue '{}' cannot be restored and stays in the store at {}: {}",
						message.number(), definition().name(), getVirtualHost().getMessageStore().getStoreLocation(),
						QpidDiskStore.reason(ex));
			}
		}
		if (deliveries != null) {
			deliveries.forgetOthers();
		}
	}

	// Qpid's own signature.
	@Override
	@SuppressWarnings("rawtypes")
	protected @Nullable QueueEntry doEnqueue(ServerMessage message, @Nullable Action<? super MessageInstance> action,
			@Nullable MessageEnqueueRecord enqueueRecord) {
		synchronized (this) {
			if (this.queue != null) {
				this.queue.recover(entry(message, enqueueRecord));
			}
			else if (this.recovered != null) {
				// The entry keeps the message from being deleted by another queue that is
				// connected earlier, and drops it at once.
				this.recovered.add(entry(message, enqueueRecord));
			}
		}
		return null;
	}

	@SuppressWarnings("rawtypes")
	private static LogEntry entry(ServerMessage message, @Nullable MessageEnqueueRecord enqueueRecord) {
		return new LogEntry(new Message((AMQMessage) message), enqueueRecord, null);
	}

	@Override
	public int getQueueDepthMessages() {
		LoggedQueue connected = this.queue;
		return (connected != null) ? connected.readyCount() : 0;
	}

	/**
	 * The connected queue looks after its messages itself.
	 */
	@Override
	public void checkMessageStatus() {
	}

	void deleteAsSystem() {
		SubjectExecutionContext.withSubject(getSubjectWithAddedSystemRights(), (Runnable) this::delete);
	}

}
