package dev.warren.broker.rabbitmq.reply;

import java.util.Comparator;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import dev.warren.broker.rabbitmq.store.Message;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReplyCode;

/**
 * Direct reply-to: replies that go straight to the channel that asked, without a queue.
 * Together they may take so much while they wait for clients that do not read; the one
 * for which most is waiting is closed then. Safe for use by several threads.
 *
 * @see <a href="https://www.rabbitmq.com/docs/direct-reply-to">Direct Reply-to</a>
 */
public final class DirectReplies {

	public static final String PSEUDO_QUEUE = "amq.rabbitmq.reply-to";

	private static final String ADDRESS_PREFIX = PSEUDO_QUEUE + ".";

	/** Up to here nobody is asked how much there may be. */
	private static final long NOTHING = 64 * 1024;

	private final LongSupplier most;

	private final AtomicLong unsent = new AtomicLong();

	private final Map<String, ReplyConsumer> consumers = new ConcurrentHashMap<>();

	/**
	 * @param most tells how many octets of replies may wait to be sent
	 */
	public DirectReplies(LongSupplier most) {
		this.most = most;
	}

	public static boolean isAddress(String routingKey) {
		return routingKey.startsWith(ADDRESS_PREFIX);
	}

	/**
	 * Gives a channel an address of its own, which replies are sent to.
	 */
	public ReplyConsumer register(Asker asker, String consumerTag) {
		String address = ADDRESS_PREFIX + UUID.randomUUID();
		ReplyConsumer consumer = new ReplyConsumer(asker, address, consumerTag, this.unsent);
		this.consumers.put(address, consumer);
		return consumer;
	}

	public void forget(ReplyConsumer consumer) {
		this.consumers.remove(consumer.address());
		consumer.end();
	}

	public boolean isKnown(String address) {
		return this.consumers.containsKey(address);
	}

	/**
	 * Has a reply sent, if somebody is still there.
	 * @return whether somebody is
	 */
	public boolean send(String address, Message message) {
		ReplyConsumer consumer = this.consumers.get(address);
		if (consumer != null) {
			consumer.add(message);
			long waiting = this.unsent.get();
			if (waiting > NOTHING && waiting > this.most.getAsLong()) {
				closeSlowest();
			}
		}
		return consumer != null;
	}

	private void closeSlowest() {
		this.consumers.values().stream().max(Comparator.comparingLong(ReplyConsumer::octets)).ifPresent((slowest) -> {
			ProtocolException error = ReplyCode.RESOURCE_ERROR.error("%d octets of direct replies have not been read",
					slowest.octets());
			forget(slowest);
			slowest.asker().overrun(error);
		});
	}

}
