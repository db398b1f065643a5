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
	private final Map<Long, Integer> returnsBefore = new HashMap<>();

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
				int returns = buffer.getInt();
				boolean delivered = buffer.get() != 0;
				this.returnsBefore.put(RecordTable.number(key), delivered ? returns + 1 : returns);
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
	synchronized int takeReturns(long message) {
		Integer returns = this.returnsBefore.remove(message);
		return (returns != null) ? returns : (message <= this.highestDelivered) ? 1 : 0;
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
	synchronized boolean delivered(long message, int returns) {
		if (!this.counting) {
			return false;
		}
		if (returns == 0) {
			if (message > this.highestDelivered) {
				this.highestDelivered = message;
				attempt(() -> this.table.putPastProcess(key(),
						ByteBuffer.allocate(Long.BYTES).putLong(message).array()));
			}
			return false;
		}
		attempt(() -> this.table.putPastProcess(key(message), value(returns, true)));
		return true;
	}

	/**
	 * A message came back.
	 * @return whether it has a record of its own
	 */
	synchronized boolean returned(long message, int returns) {
		if (!this.counting && (returns > 1 || message <= this.highestDelivered)) {
			return returns > 1;
		}
		attempt(() -> this.table.putPastProcess(key(message), value(returns, false)));
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

	private static byte[] value(int returns, boolean delivered) {
		return ByteBuffer.allocate(Integer.BYTES + 1).putInt(returns).put((byte) (delivered ? 1 : 0)).array();
	}

}
