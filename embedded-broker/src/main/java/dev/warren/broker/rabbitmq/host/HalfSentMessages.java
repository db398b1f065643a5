package dev.warren.broker.rabbitmq.host;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReplyCode;

/**
 * Counts what has come of messages that are not complete, on all channels of a virtual
 * host. No queue has them, so that no alarm would see them, and clients need not ever
 * send the rest. Safe for use by several threads.
 */
public final class HalfSentMessages {

	/** Up to here nobody is asked how much there may be. */
	private static final long NOTHING = 64 * 1024;

	private final LongSupplier most;

	private final AtomicLong octets = new AtomicLong();

	/**
	 * @param most tells how many octets there may be
	 */
	public HalfSentMessages(LongSupplier most) {
		this.most = most;
	}

	/**
	 * Notes that more has come.
	 * @throws ProtocolException if that is too much, which ends the connection
	 */
	public void received(int more) {
		long total = this.octets.addAndGet(more);
		if (total > NOTHING && total > this.most.getAsLong()) {
			this.octets.addAndGet(-more);
			throw ReplyCode.RESOURCE_ERROR.error("messages that are not complete take more than %d octets",
					this.most.getAsLong());
		}
	}

	/**
	 * Notes that a message is complete, or will never be.
	 */
	public void ended(long received) {
		this.octets.addAndGet(-received);
	}

}
