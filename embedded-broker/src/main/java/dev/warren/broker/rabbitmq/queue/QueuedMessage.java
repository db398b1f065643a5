package dev.warren.broker.rabbitmq.queue;

import dev.warren.broker.rabbitmq.store.LogEntry;
import dev.warren.broker.rabbitmq.store.LoggedMessage;
import dev.warren.broker.rabbitmq.store.Message;
import org.jspecify.annotations.Nullable;

/**
 * A message in a queue, or on its way from there to a consumer. The queue owns it until
 * it is assigned to a consumer, from then on the consumer's channel does.
 */
public final class QueuedMessage implements LoggedMessage {

	private final MessageQueue queue;

	private final LogEntry entry;

	/** Where it stands in the queue, and where it returns to. */
	private final long position;

	private final int priority;

	/** Milliseconds since the epoch, or {@link Long#MAX_VALUE}. */
	private final long expiresAt;

	private int returns;

	private int failures;

	private @Nullable Consumer consumer;

	private long deliveryTag;

	private boolean settlementLost;

	/** When it is to be acknowledged, at the latest, or delivered again. */
	private long dueAt = Long.MAX_VALUE;

	QueuedMessage(MessageQueue queue, LogEntry entry, long position, int priority, long expiresAt) {
		this.queue = queue;
		this.entry = entry;
		this.position = position;
		this.priority = priority;
		this.expiresAt = expiresAt;
		this.returns = entry.returnsBefore();
		this.failures = entry.failuresBefore();
		queue.stats().messages().increment();
		queue.queues().messages().increment();
	}

	public MessageQueue queue() {
		return this.queue;
	}

	@Override
	public LogEntry entry() {
		return this.entry;
	}

	public Message message() {
		return this.entry.message();
	}

	long position() {
		return this.position;
	}

	int priority() {
		return this.priority;
	}

	long expiresAt() {
		return this.expiresAt;
	}

	boolean isExpired(long now) {
		return this.expiresAt <= now;
	}

	/**
	 * Whether no consumer may have it any more. With a TTL of 0, a consumer that takes it
	 * at once may, and if it comes back in the same millisecond, nobody else.
	 */
	boolean isTooLate(long now) {
		return (this.returns > 0) ? isExpired(now) : this.expiresAt < now;
	}

	public long bodySize() {
		return message().size();
	}

	/**
	 * Whether somebody had it before.
	 */
	public boolean isRedelivered() {
		return this.returns > 0 || message().wasDelivered();
	}

	/**
	 * Whether somebody who had it failed.
	 */
	boolean isFailed() {
		return this.failures > 0 || message().wasDelivered();
	}

	/**
	 * How often it went back to the queue so that it counts for the delivery limit.
	 */
	public int failures() {
		return this.failures;
	}

	/**
	 * How often it went back to the queue.
	 */
	public int returns() {
		return this.returns;
	}

	/**
	 * Whom it is assigned or was delivered to; null for basic.get.
	 */
	public @Nullable Consumer consumer() {
		return this.consumer;
	}

	/**
	 * The tag it was delivered under, by which it is settled.
	 */
	public long deliveryTag() {
		return this.deliveryTag;
	}

	/**
	 * Whether it is delivered again after it is settled, as a fault of a test has it.
	 */
	public boolean isSettlementLost() {
		return this.settlementLost;
	}

	public void loseSettlement() {
		this.settlementLost = true;
	}

	void assignTo(Consumer receiver) {
		this.consumer = receiver;
	}

	/**
	 * When it is to be acknowledged, at the latest, in milliseconds since the epoch;
	 * {@link Long#MAX_VALUE} if it may take any time.
	 */
	public long dueAt() {
		return this.dueAt;
	}

	void waitUntil(long due) {
		this.dueAt = due;
	}

	/**
	 * It is about to be sent, under a tag by which it is to be settled before that time.
	 */
	void deliveredAs(long tag, long due) {
		this.deliveryTag = tag;
		this.dueAt = due;
		this.entry.delivered(this.returns, this.failures);
	}

	/**
	 * Whoever had it returned it without settling it.
	 * @param failed whether that counts for the delivery limit
	 */
	public void returned(boolean failed) {
		this.returns++;
		this.settlementLost = false;
		if (failed) {
			this.failures++;
		}
		this.entry.returned(this.returns, this.failures);
	}

	/**
	 * Nobody has it any more.
	 */
	void unassign() {
		this.consumer = null;
	}

	/**
	 * Lets go of the message. When no queue holds it any more the store forgets it.
	 */
	@Override
	public void release() {
		this.entry.release();
		this.queue.stats().messages().decrement();
		this.queue.queues().messages().decrement();
	}

}
