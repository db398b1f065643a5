package dev.warren.broker.rabbitmq.store;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

import com.sleepycat.bind.tuple.LongBinding;
import com.sleepycat.je.DatabaseEntry;
import dev.warren.broker.rabbitmq.disk.RecordTable;
import org.apache.qpid.server.protocol.v0_8.AMQMessage;
import org.apache.qpid.server.protocol.v0_8.MessageMetaData;
import org.apache.qpid.server.store.MessageEnqueueRecord;
import org.apache.qpid.server.store.MessageStore;
import org.apache.qpid.server.store.StoredMessage;
import org.apache.qpid.server.store.TransactionLogResource;
import org.apache.qpid.server.store.handler.DistributedTransactionHandler;
import org.apache.qpid.server.store.handler.MessageHandler;
import org.apache.qpid.server.store.handler.MessageInstanceHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the messages of a store one by one. What cannot be read, and what is in a queue
 * that cannot be read, is left as it is and reported; Qpid, which deletes what it has no
 * queue for, does not get to see it.
 */
final class TolerantReader implements MessageStore.MessageStoreReader {

	private static final Logger logger = LoggerFactory.getLogger(TolerantReader.class);

	/** As Qpid calls it; the keys are the numbers of the messages. */
	private static final String MESSAGES = "MESSAGE_METADATA";

	private static final String BODIES = "MESSAGE_CONTENT";

	private final MessageStore.MessageStoreReader reader;

	private final RecordTable messages;

	private final RecordTable bodies;

	private final Set<UUID> unreadableQueues;

	private final Function<UUID, String> queueName;

	private final String location;

	/** Why not, for each message. */
	private final Map<Long, String> unreadable = new HashMap<>();

	TolerantReader(MessageStore.MessageStoreReader reader, QpidDiskStore disk, Function<UUID, String> queueName,
			String location) {
		this.reader = reader;
		this.messages = new RecordTable(disk, MESSAGES);
		this.bodies = new RecordTable(disk, BODIES);
		this.unreadableQueues = disk.unreadableIds();
		this.queueName = queueName;
		this.location = location;
	}

	@Override
	public void visitMessages(MessageHandler handler) {
		Set<Long> kept = ofUnreadableQueues();
		this.messages.forEach(new byte[0], (key, value) -> {
			long number = LongBinding.entryToLong(new DatabaseEntry(key));
			try {
				StoredMessage<?> message = check(number, key);
				handler.handle(kept.contains(number) ? undeletable(message) : message);
			}
			catch (RuntimeException ex) {
				this.unreadable.put(number, QpidDiskStore.reason(ex));
			}
		});
	}

	private Set<Long> ofUnreadableQueues() {
		Set<Long> numbers = new HashSet<>();
		if (!this.unreadableQueues.isEmpty()) {
			this.reader.visitMessageInstances((instance) -> {
				if (this.unreadableQueues.contains(instance.getQueueId())) {
					numbers.add(instance.getMessageNumber());
				}
				return true;
			});
		}
		return numbers;
	}

	/**
	 * The message of a queue that cannot be read, for others that have it too and must
	 * not delete it.
	 */
	private static StoredMessage<?> undeletable(StoredMessage<?> message) {
		return (StoredMessage<?>) Proxy.newProxyInstance(TolerantReader.class.getClassLoader(),
				new Class<?>[] { StoredMessage.class }, (proxy, method, arguments) -> method.getName().equals("remove")
						? null : method.invoke(message, arguments));
	}

	/**
	 * The message, when all its parts are there and can be read.
	 */
	@SuppressWarnings("unchecked")
	private StoredMessage<?> check(long number, byte[] key) {
		StoredMessage<?> message = this.reader.getMessage(number);
		if (message == null || !this.bodies.contains(key)) {
			throw new IllegalStateException("it has no body");
		}
		new Message(new AMQMessage((StoredMessage<MessageMetaData>) message)).check();
		return message;
	}

	@Override
	public void visitMessageInstances(MessageInstanceHandler handler) {
		this.reader.visitMessageInstances((instance) -> isUnreadable(instance) || handler.handle(instance));
	}

	@Override
	public void visitMessageInstances(TransactionLogResource queue, MessageInstanceHandler handler) {
		this.reader.visitMessageInstances(queue, (instance) -> isUnreadable(instance) || handler.handle(instance));
	}

	private boolean isUnreadable(MessageEnqueueRecord instance) {
		String reason = this.unreadable.get(instance.getMessageNumber());
		if (reason != null) {
			logger.error("Message {} of queue '{}' cannot be read and stays in the store at {}: {}",
					instance.getMessageNumber(), this.queueName.apply(instance.getQueueId()), this.location, reason);
		}
		return reason != null || this.unreadableQueues.contains(instance.getQueueId());
	}

	@Override
	public void visitDistributedTransactions(DistributedTransactionHandler handler) {
		this.reader.visitDistributedTransactions(handler);
	}

	@Override
	public StoredMessage<?> getMessage(long messageId) {
		return this.reader.getMessage(messageId);
	}

	@Override
	public void close() {
		this.reader.close();
	}

}
