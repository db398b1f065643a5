package dev.warren.broker.rabbitmq.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.warren.broker.rabbitmq.disk.RecordTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the store remembers of the deliveries from a queue, for those who get a message
 * after a restart that somebody had before.
 * <p>
 * Messages are delivered in the order of their numbers, so the highest of them tells of
 * them all; only those that came back have records of their own. Where returns are
 * counted, the highest number is written before the message is sent, past this process
 * but without waiting for the disk: a message that ends the process is known to have been
 * delivered. Where they are not counted, nothing is written when a message is delivered;
 * after a broker was killed all its messages count as delivered, as in RabbitMQ.
 */
final class DeliveryLog {

	private static final Logger logger = LoggerFactory.getLogger(DeliveryLog.class);

	private final RecordTable table;

	private final UUID queue;

	private final boolean counting;

	/** What the store knew when the broker started, until it is asked for. */
	private final Map<Long, Returns> returnsBefore = new HashMap<>();

	private long highestDelivered = Long.MIN_VALUE;

	private boolean failing;

	/**
	 * @param counting whether the returns of each message are counted
	 */
	DeliveryLog(RecordTable table, UUID queue, boolean counting) {
		this.table = table;
		this.queue = queue;
		this.counting = counting;
	}

	/**
	 * Reads what the store knows.
	 * @param highest the highest number of a message in the queue
	 * @param killed whether the broker had no time to tell the store
	 */
	synchronized void read(long highest, boolean killed) {
		this.table.forEach(key(), (key, value) -> {
			ByteBuffer buffer = ByteBuffer.wrap(value);
			if (key.length == 2 * Long.BYTES) {
				this.highestDelivered = buffer.getLong();
			}
			else {
				this.returnsBefore.put(RecordTable.number(key), Returns.read(buffer));
			}
		});
		if (killed && !this.counting && highest > this.highestDelivered) {
			this.highestDelivered = highest;
			this.table.put(key(), ByteBuffer.allocate(Long.BYTES).putLong(highest).array());
		}
	}

	/**
	 * Whether the message has a record of its own.
	 */
	synchronized boolean hasRecord(long message) {
		return this.returnsBefore.containsKey(message);
	}

	/**
	 * How often the message had been delivered, and not settled, before the broker
	 * started.
	 */
	synchronized Returns takeReturns(long message) {
		Returns returns = this.returnsBefore.remove(message);
		if (returns != null) {
			return returns;
		}
		return (message <= this.highestDelivered) ? Returns.ONE : Returns.NONE;
	}

	/**
	 * Forgets the messages that nobody has asked for, since they are gone.
	 */
	synchronized void forgetOthers() {
		List<byte[]> keys = new ArrayList<>();
		this.returnsBefore.keySet().forEach((message) -> keys.add(key(message)));
		this.table.remove(keys, false);
		this.returnsBefore.clear();
	}

	/**
	 * A message is about to be sent to a consumer.
	 * @param returns how often it came back
	 * @return whether it has a record of its own
	 */
	synchronized boolean delivered(long message, Returns returns) {
		if (!this.counting) {
			return false;
		}
		if (returns.all() == 0) {
			if (message > this.highestDelivered) {
				this.highestDelivered = message;
				attempt(() -> this.table.putPastProcess(key(),
						ByteBuffer.allocate(Long.BYTES).putLong(message).array()));
			}
			return false;
		}
		attempt(() -> this.table.putPastProcess(key(message), returns.toBytes(true)));
		return true;
	}

	/**
	 * A message came back.
	 * @return whether it has a record of its own
	 */
	synchronized boolean returned(long message, Returns returns) {
		if (!this.counting && (returns.all() > 1 || message <= this.highestDelivered)) {
			return returns.all() > 1;
		}
		attempt(() -> this.table.putPastProcess(key(message), returns.toBytes(false)));
		return true;
	}

	synchronized void forget(long message) {
		attempt(() -> this.table.remove(List.of(key(message)), false));
	}

	/**
	 * Forgets all of the queue, which is deleted.
	 */
	synchronized void delete() {
		this.table.removeAll(key());
	}

	/**
	 * What is not remembered is no reason to end a connection.
	 */
	private void attempt(Runnable change) {
		try {
			change.run();
			this.failing = false;
		}
		catch (RuntimeException ex) {
			if (!this.failing) {
				logger.warn("Deliveries from queue {} are not remembered: {}", this.queue, ex.toString());
			}
			this.failing = true;
		}
	}

	private byte[] key() {
		return RecordTable.key(this.queue);
	}

	private byte[] key(long number) {
		return RecordTable.key(this.queue, number);
	}

	/**
	 * How often a message came back to its queue.
	 *
	 * @param failures how many of these count for the delivery limit
	 */
	record Returns(int all, int failures) {

		static final Returns NONE = new Returns(0, 0);

		static final Returns ONE = new Returns(1, 1);

		/**
		 * A message that was with a consumer when the broker ended came back by that.
		 */
		static Returns read(ByteBuffer buffer) {
			int all = buffer.getInt();
			int more = (buffer.get() != 0) ? 1 : 0;
			int failures = buffer.hasRemaining() ? buffer.getInt() : all;
			return new Returns(all + more, failures + more);
		}

		byte[] toBytes(boolean delivered) {
			return ByteBuffer.allocate(2 * Integer.BYTES + 1)
				.putInt(this.all)
				.put((byte) (delivered ? 1 : 0))
				.putInt(this.failures)
				.array();
		}

	}

}
