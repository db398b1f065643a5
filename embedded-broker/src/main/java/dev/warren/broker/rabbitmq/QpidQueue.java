package dev.warren.broker.rabbitmq;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.apache.qpid.server.message.MessageInstance;
import org.apache.qpid.server.message.MessageReference;
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

/**
 * The durable form of a queue: Qpid keeps its definition in the configuration and hands
 * back its stored messages after a restart. What it receives it passes on to the
 * {@link MessageQueue}, which does all the work.
 */
@ManagedObject(category = false, type = QpidQueue.TYPE)
public class QpidQueue extends StandardQueueImpl {

	static final String TYPE = "rabbitmq";

	private static final String DEFINITION = "rabbitmq.queue";

	/**
	 * What came back from the store before anybody asked for the queue; null afterwards.
	 */
	private @Nullable List<Recovered> recovered = new ArrayList<>();

	private @Nullable MessageQueue queue;

	QpidQueue(Map<String, Object> attributes, QueueManagingVirtualHost<?> virtualHost) {
		super(attributes, virtualHost);
	}

	static Map<String, Object> attributes(MessageQueue queue) {
		QueueDefinition definition = queue.definition();
		Map<String, @Nullable Object> table = Map.of("autoDelete", definition.autoDelete(), "arguments",
				definition.arguments());
		return Map.of(ConfiguredObject.NAME, definition.name(), ConfiguredObject.TYPE, TYPE, ConfiguredObject.DURABLE,
				true, ConfiguredObject.CONTEXT, Map.of(DEFINITION, ArgumentTable.toText(table)),
				Queue.MESSAGE_DURABILITY,
				queue.arguments().quorum() ? MessageDurability.ALWAYS : MessageDurability.DEFAULT);
	}

	@SuppressWarnings("unchecked")
	QueueDefinition definition() {
		Map<String, @Nullable Object> table = ArgumentTable
			.fromText(Objects.requireNonNull(getContext().get(DEFINITION)));
		return new QueueDefinition(getName(), true, false, Boolean.TRUE.equals(table.get("autoDelete")),
				(Map<String, @Nullable Object>) Objects.requireNonNull(table.get("arguments")));
	}

	/**
	 * Connects the queue, which gets the messages that were recovered for it.
	 */
	synchronized void connect(MessageQueue connected) {
		this.queue = connected;
		List<Recovered> messages = this.recovered;
		this.recovered = null;
		if (messages != null) {
			messages.forEach((message) -> {
				connected.recover(message.message(), message.enqueueRecord());
				message.reference().release();
			});
		}
	}

	// Qpid's own signature.
	@Override
	@SuppressWarnings("rawtypes")
	protected @Nullable QueueEntry doEnqueue(ServerMessage message, @Nullable Action<? super MessageInstance> action,
			@Nullable MessageEnqueueRecord enqueueRecord) {
		synchronized (this) {
			AMQMessage amqMessage = (AMQMessage) message;
			if (this.queue != null) {
				this.queue.recover(amqMessage, enqueueRecord);
			}
			else if (this.recovered != null) {
				this.recovered.add(new Recovered(amqMessage, amqMessage.newReference(), enqueueRecord));
			}
		}
		return null;
	}

	@Override
	public int getQueueDepthMessages() {
		MessageQueue connected = this.queue;
		return (connected != null) ? connected.readyCount() : 0;
	}

	/**
	 * The {@link MessageQueue} looks after its messages itself.
	 */
	@Override
	public void checkMessageStatus() {
	}

	void deleteAsSystem() {
		SubjectExecutionContext.withSubject(getSubjectWithAddedSystemRights(), (Runnable) this::delete);
	}

	/**
	 * @param reference keeps the message from being deleted by another queue that is
	 * connected earlier, and drops it at once
	 */
	private record Recovered(AMQMessage message, MessageReference<?> reference,
			@Nullable MessageEnqueueRecord enqueueRecord) {

	}

}
