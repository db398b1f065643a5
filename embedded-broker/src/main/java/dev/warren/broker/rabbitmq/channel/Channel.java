package dev.warren.broker.rabbitmq.channel;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.warren.broker.rabbitmq.host.ChannelEvents;
import dev.warren.broker.rabbitmq.host.ClientUsage;
import dev.warren.broker.rabbitmq.host.Confirms;
import dev.warren.broker.rabbitmq.host.Outbox;
import dev.warren.broker.rabbitmq.host.VirtualHostAccess;
import dev.warren.broker.rabbitmq.queue.Consumer;
import dev.warren.broker.rabbitmq.queue.Outlet;
import dev.warren.broker.rabbitmq.queue.Prefetch;
import dev.warren.broker.rabbitmq.queue.QueuedMessage;
import dev.warren.broker.rabbitmq.reply.Asker;
import dev.warren.broker.rabbitmq.stats.ChannelStats;
import dev.warren.broker.rabbitmq.wire.FrameWriter;
import dev.warren.broker.rabbitmq.wire.Method;
import dev.warren.broker.rabbitmq.wire.MethodReader;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReceivedBytes;
import dev.warren.broker.rabbitmq.wire.ReplyCode;

/**
 * A channel: it hands each frame to the part that knows what to do, sends what queues
 * assign to its consumers, and gives everything back when it closes.
 */
public final class Channel implements Outlet, Asker {

	/** How much is delivered before it is another channel's turn. */
	private static final long TURN = 64 * 1024;

	private final Client client;

	private final int id;

	private final VirtualHostAccess access;

	private final Runnable whenClosed;

	private final FrameWriter writer;

	private final ChannelStats stats;

	private final ChannelEvents events;

	private final Declarations declarations;

	private final Publishing publishing;

	private final Consuming consuming;

	private final ChannelMethods methods;

	private final Outbox outbox;

	private final AtomicBoolean waking = new AtomicBoolean();

	private volatile boolean closed;

	private boolean gone;

	private int currentMethod;

	/**
	 * @param whenClosed is told when the channel does no more
	 */
	public Channel(Client client, int id, VirtualHostAccess access, Runnable whenClosed) {
		this.client = client;
		this.id = id;
		this.access = access;
		this.whenClosed = whenClosed;
		this.writer = client.writer();
		this.stats = access.virtualHost().stats().openChannel();
		this.events = new ChannelEvents(access, id, this.stats);
		this.outbox = new Outbox(access.virtualHost(), this::wake);
		ClientUsage usage = new ClientUsage(access);
		this.declarations = new Declarations(client, access, usage, this.events);
		this.publishing = new Publishing(this, access.virtualHost(), usage);
		this.consuming = new Consuming(this, access.virtualHost(), usage);
		this.methods = new ChannelMethods(this, this.declarations, this.publishing, this.consuming);
	}

	/**
	 * Whose channel it is.
	 */
	public Client client() {
		return this.client;
	}

	public int id() {
		return this.id;
	}

	VirtualHostAccess access() {
		return this.access;
	}

	FrameWriter writer() {
		return this.writer;
	}

	ChannelEvents events() {
		return this.events;
	}

	Declarations declarations() {
		return this.declarations;
	}

	Consuming consuming() {
		return this.consuming;
	}

	@Override
	public Prefetch prefetch() {
		return this.consuming.prefetch();
	}

	@Override
	public boolean isOpen() {
		return !this.closed;
	}

	/**
	 * Whether both sides are done with it, so that its number is free.
	 */
	public boolean isGone() {
		return this.gone;
	}

	/**
	 * The method that the channel is at, or was at last; 0 before the first.
	 */
	public int currentMethod() {
		return this.currentMethod;
	}

	/**
	 * The channel as it is now. May be called by anybody.
	 */
	public ChannelSnapshot snapshot() {
		Confirms confirms = this.publishing.confirms();
		ChannelTransaction transaction = this.publishing.transaction();
		return new ChannelSnapshot(this.id, this.consuming.consumerPrefetch(), prefetch().limit(), confirms != null,
				transaction != null, this.consuming.unacked().size(), (confirms != null) ? confirms.waiting() : 0,
				(transaction != null) ? transaction.published() : 0, (transaction != null) ? transaction.settled() : 0,
				this.consuming.consumers().all(), this.stats);
	}

	// Frames

	public void header(ReceivedBytes source, int size) {
		if (!this.closed) {
			this.publishing.header(source, size);
		}
	}

	public void body(ReceivedBytes source, int size) {
		if (!this.closed) {
			this.publishing.body(source, size);
		}
	}

	public void method(int method, MethodReader reader) {
		if (this.closed) {
			methodWhenClosed(method);
			return;
		}
		this.currentMethod = method;
		if (this.publishing.isReceiving()) {
			throw this.publishing.unexpectedMethod();
		}
		this.methods.handle(method, reader);
	}

	private void methodWhenClosed(int method) {
		if (method == Method.CHANNEL_CLOSE) {
			reply(Method.CHANNEL_CLOSE_OK).end();
			this.gone = true;
		}
		else if (method == Method.CHANNEL_CLOSE_OK) {
			this.gone = true;
		}
	}

	FrameWriter reply(int method) {
		return this.writer.method(this.id, method);
	}

	/**
	 * Closes the channel for a client that is late with an acknowledgement.
	 * @param timeout milliseconds that it had
	 */
	void timedOut(long timeout) {
		failUnprovoked(ReplyCode.PRECONDITION_FAILED.error(
				"delivery acknowledgement on channel %d timed out. Timeout value used: %d ms. "
						+ "This timeout value can be configured, see consumers doc guide to learn more",
				this.id, timeout));
	}

	/**
	 * Closes the channel for something that no method is to blame for.
	 */
	public void failUnprovoked(ProtocolException error) {
		this.currentMethod = 0;
		fail(error);
	}

	// Deliveries

	@Override
	public void assign(QueuedMessage message) {
		this.outbox.add(message);
		if (this.closed && this.outbox.remove(message)) {
			// Closed meanwhile, and nobody looks here any more.
			message.queue().giveBack(message);
		}
	}

	/**
	 * Has {@link #work} called soon. May be called by anybody.
	 */
	void wake() {
		if (this.waking.compareAndSet(false, true)) {
			this.client.wake(this);
		}
	}

	@Override
	public void replyWaits() {
		wake();
	}

	@Override
	public void overrun(ProtocolException error) {
		this.client.execute(() -> this.client.close(error));
	}

	@Override
	public void queueDeleted(Consumer consumer) {
		consumer.cancel();
		this.client.execute(() -> {
			if (this.consuming.queueDeleted(consumer) && !this.closed && this.client.can("consumer_cancel_notify")) {
				tellCancelled(consumer);
			}
		});
	}

	/**
	 * Cancels the consumers of a queue, which stays.
	 * @return how many there were
	 */
	public int cancelConsumers(String queue) {
		List<Consumer> cancelled = this.consuming.cancelAll(queue);
		if (this.client.can("consumer_cancel_notify")) {
			cancelled.forEach(this::tellCancelled);
		}
		return cancelled.size();
	}

	void tellCancelled(Consumer consumer) {
		reply(Method.BASIC_CANCEL).shortString(consumer.tag()).bit(true).end();
	}

	/**
	 * Sends what was assigned and confirms what is safe.
	 */
	public void work() {
		this.waking.set(false);
		long sent = deliverReplies(TURN);
		long now = this.access.virtualHost().queues().clock().millis();
		QueuedMessage message = this.outbox.poll();
		while (message != null) {
			if (this.closed) {
				message.queue().giveBack(message);
			}
			else {
				sent += this.consuming.deliver(message, now);
			}
			if (sent >= TURN) {
				wake();
				break;
			}
			message = this.outbox.poll();
		}
		endOfBatch();
	}

	private long deliverReplies(long enough) {
		long sent = 0;
		long octets = this.consuming.deliverReply();
		while (octets > 0) {
			sent += octets;
			if (sent >= enough) {
				wake();
				return sent;
			}
			octets = this.consuming.deliverReply();
		}
		return sent;
	}

	/**
	 * Sends all that was assigned until now.
	 */
	void deliverAssigned() {
		deliverReplies(Long.MAX_VALUE);
		long now = this.access.virtualHost().queues().clock().millis();
		QueuedMessage message = this.outbox.poll();
		while (message != null) {
			this.consuming.deliver(message, now);
			message = this.outbox.poll();
		}
	}

	/**
	 * Does once for many methods what need not be done for each.
	 */
	public void endOfBatch() {
		if (!this.closed) {
			this.consuming.forgetAcknowledged();
			this.publishing.writeConfirms();
		}
	}

	// Closing

	/**
	 * Closes the channel as its client asks.
	 */
	void close() {
		release();
		reply(Method.CHANNEL_CLOSE_OK).end();
		this.gone = true;
	}

	/**
	 * Closes the channel for a client that broke the rules.
	 */
	public void fail(ProtocolException error) {
		// What came before the error counts.
		endOfBatch();
		this.events.failed(this.currentMethod, error);
		release();
		reply(Method.CHANNEL_CLOSE).shortInt(error.code().code())
			.shortString(error.replyText())
			.longInt(this.currentMethod)
			.end();
	}

	/**
	 * Returns to the queues whatever the channel has of them.
	 */
	public void release() {
		if (this.closed) {
			return;
		}
		endOfBatch();
		this.closed = true;
		this.publishing.forgetIncoming();
		this.consuming.release(this.outbox.drain());
		this.access.virtualHost().stats().closeChannel(this.stats);
		this.whenClosed.run();
	}

}
