package dev.warren.broker.rabbitmq.reply;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

import dev.warren.broker.rabbitmq.store.Message;
import dev.warren.broker.rabbitmq.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * A channel's consumer of direct replies, with those that were not sent to it yet.
 * Repliers add them, on their own threads; the channel takes them, on its own.
 */
public final class ReplyConsumer {

	/** What a reply takes besides its body and its properties, roughly. */
	private static final int OVERHEAD = 1024;

	private final Asker asker;

	private final String address;

	private final String tag;

	private final byte[] tagBytes;

	private final AtomicLong total;

	private final AtomicLong octets = new AtomicLong();

	private final Queue<Unsent> unsent = new ConcurrentLinkedQueue<>();

	private volatile boolean ended;

	/**
	 * @param total counts the octets of all consumers
	 */
	ReplyConsumer(Asker asker, String address, String tag, AtomicLong total) {
		this.asker = asker;
		this.address = address;
		this.tag = tag;
		this.tagBytes = Wire.bytes(tag);
		this.total = total;
	}

	Asker asker() {
		return this.asker;
	}

	public String address() {
		return this.address;
	}

	public String tag() {
		return this.tag;
	}

	public byte[] tagBytes() {
		return this.tagBytes;
	}

	/**
	 * How much waits to be sent.
	 */
	long octets() {
		return this.octets.get();
	}

	void add(Message message) {
		count(octets(message));
		this.unsent.add(new Unsent(message, message.hold()));
		if (this.ended) {
			// Ended meanwhile, and nobody looks here any more.
			clear();
		}
		else {
			this.asker.replyWaits();
		}
	}

	/**
	 * The next reply to be sent, to be let go of when it is; null if there is none.
	 */
	public @Nullable Unsent poll() {
		Unsent next = this.unsent.poll();
		if (next != null) {
			count(-octets(next.message()));
		}
		return next;
	}

	/**
	 * Takes no more replies and drops those there are. May be called by anybody.
	 */
	void end() {
		this.ended = true;
		clear();
	}

	private void clear() {
		Unsent next = poll();
		while (next != null) {
			next.hold().close();
			next = poll();
		}
	}

	private void count(long more) {
		this.octets.addAndGet(more);
		this.total.addAndGet(more);
	}

	private static long octets(Message message) {
		return message.size() + message.propertiesLength() + OVERHEAD;
	}

	/**
	 * A reply on its way to the client.
	 *
	 * @param hold keeps the message until it is sent
	 */
	public record Unsent(Message message, Message.Hold hold) {

	}

}
