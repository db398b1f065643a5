package dev.warren.broker.rabbitmq.store;

import org.apache.qpid.server.message.MessageReference;
import org.apache.qpid.server.store.MessageEnqueueRecord;
import org.jspecify.annotations.Nullable;

/**
 * A message in one queue, as the log knows it. It keeps the message until it is released.
 */
public final class LogEntry {

	private final Message message;

	private final MessageReference<?> reference;

	private final @Nullable MessageEnqueueRecord enqueueRecord;

	private final @Nullable DeliveryLog deliveries;

	private final DeliveryLog.Returns before;

	private boolean deliveriesRecorded;

	/**
	 * A message that was just published.
	 * @param deliveries null if nothing outlives the broker
	 */
	LogEntry(Message message, @Nullable MessageEnqueueRecord enqueueRecord, @Nullable DeliveryLog deliveries) {
		this.message = message;
		this.reference = message.stored().newReference();
		this.enqueueRecord = enqueueRecord;
		this.deliveries = (enqueueRecord != null) ? deliveries : null;
		this.before = DeliveryLog.Returns.NONE;
	}

	private LogEntry(LogEntry recovered, DeliveryLog deliveries, long number) {
		this.message = recovered.message;
		this.reference = recovered.reference;
		this.enqueueRecord = recovered.enqueueRecord;
		this.deliveries = deliveries;
		this.deliveriesRecorded = deliveries.hasRecord(number);
		this.before = deliveries.takeReturns(number);
	}

	/**
	 * The same entry, of which the log of the deliveries knows more.
	 */
	LogEntry with(@Nullable DeliveryLog log) {
		return (log != null && this.enqueueRecord != null) ? new LogEntry(this, log, number()) : this;
	}

	public Message message() {
		return this.message;
	}

	/**
	 * What the store knows it by; null if the store has never heard of it.
	 */
	@Nullable MessageEnqueueRecord enqueueRecord() {
		return this.enqueueRecord;
	}

	/**
	 * By which number the store knows the message. Later messages have higher ones.
	 */
	long number() {
		return this.message.stored().getMessageNumber();
	}

	/**
	 * How often the message had come back to the queue when the broker started.
	 */
	public int returnsBefore() {
		return this.before.all();
	}

	/**
	 * How many of these count for the delivery limit.
	 */
	public int failuresBefore() {
		return this.before.failures();
	}

	/**
	 * Notes that the message is about to be sent to a consumer who has to settle it.
	 * @param returns how often it came back to the queue
	 * @param failures how many of these count for the delivery limit
	 */
	public void delivered(int returns, int failures) {
		if (this.deliveries != null) {
			this.deliveriesRecorded |= this.deliveries.delivered(number(), new DeliveryLog.Returns(returns, failures));
		}
	}

	/**
	 * Notes that the message came back to the queue.
	 * @param returns how often by now
	 * @param failures how many of these count for the delivery limit
	 */
	public void returned(int returns, int failures) {
		if (this.deliveries != null) {
			this.deliveriesRecorded |= this.deliveries.returned(number(), new DeliveryLog.Returns(returns, failures));
		}
	}

	/**
	 * Lets go of the message. When no queue holds it any more the store forgets it.
	 */
	public void release() {
		if (this.deliveries != null && this.deliveriesRecorded) {
			this.deliveries.forget(number());
		}
		Message.release(this.reference);
	}

}
