package dev.warren.broker.rabbitmq;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.qpid.server.bytebuffer.QpidByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A channel: it reads each method and passes it on to the part that knows what to do.
 */
final class Channel {

	/** How much is delivered before it is another channel's turn. */
	private static final long TURN = 64 * 1024;

	private final ClientConnection connection;

	private final int id;

	private final VirtualHostAccess access;

	private final FrameWriter writer;

	private final Declarations declarations;

	private final Publishing publishing;

	private final Consuming consuming;

	private final Queue<QueuedMessage> outbox = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean waking = new AtomicBoolean();

	private @Nullable ChannelTransaction transaction;

	private volatile boolean closed;

	private boolean gone;

	private int currentClass;

	private int currentMethod;

	Channel(ClientConnection connection, int id, VirtualHostAccess access) {
		this.connection = connection;
		this.id = id;
		this.access = access;
		this.writer = connection.writer();
		this.declarations = new Declarations(connection, access);
		this.publishing = new Publishing(this, access.topology());
		this.consuming = new Consuming(this, access.topology());
	}

	ClientConnection connection() {
		return this.connection;
	}

	int id() {
		return this.id;
	}

	VirtualHostAccess access() {
		return this.access;
	}

	FrameWriter writer() {
		return this.writer;
	}

	Declarations declarations() {
		return this.declarations;
	}

	Consuming consuming() {
		return this.consuming;
	}

	Prefetch prefetch() {
		return this.consuming.prefetch();
	}

	boolean isFlowActive() {
		return !this.closed;
	}

	boolean isClosed() {
		return this.closed;
	}

	/**
	 * Whether both sides are done with it, so that its number is free.
	 */
	boolean isGone() {
		return this.gone;
	}

	int currentClass() {
		return this.currentClass;
	}

	int currentMethod() {
		return this.currentMethod;
	}

	void header(QpidByteBuffer source, int size) {
		if (!this.closed) {
			this.publishing.header(source, size);
		}
	}

	void body(QpidByteBuffer source, int size) {
		if (!this.closed) {
			this.publishing.body(source, size);
		}
	}

	void method(int classId, int methodId, MethodReader reader) {
		if (this.closed) {
			methodWhenClosed(classId, methodId);
			return;
		}
		this.currentClass = classId;
		this.currentMethod = methodId;
		if (this.publishing.isReceiving()) {
			throw this.publishing.unexpectedMethod();
		}
		switch (classId) {
			case Wire.BASIC -> basic(methodId, reader);
			case Wire.QUEUE -> queue(methodId, reader);
			case Wire.EXCHANGE -> exchange(methodId, reader);
			case Wire.CHANNEL -> channel(methodId, reader);
			case Wire.CONFIRM -> confirm(methodId, reader);
			case Wire.TX -> transaction(methodId);
			case Wire.ACCESS -> reply(Wire.ACCESS, 11).shortInt(1).end();
			default -> throw unknownMethod();
		}
	}

	private ProtocolException unknownMethod() {
		return ReplyCode.NOT_IMPLEMENTED.error("method %d of class %d", this.currentMethod, this.currentClass);
	}

	private void methodWhenClosed(int classId, int methodId) {
		if (classId == Wire.CHANNEL && methodId == 40) {
			reply(Wire.CHANNEL, 41).end();
			this.gone = true;
		}
		else if (classId == Wire.CHANNEL && methodId == 41) {
			this.gone = true;
		}
	}

	private FrameWriter reply(int classId, int methodId) {
		return this.writer.method(this.id, classId, methodId);
	}

	private void replyUnless(boolean noWait, int classId, int methodId) {
		if (!noWait) {
			reply(classId, methodId).end();
		}
	}

	private void channel(int methodId, MethodReader reader) {
		switch (methodId) {
			case 20 -> {
				if (!reader.bit(reader.octet(), 0)) {
					throw ReplyCode.NOT_IMPLEMENTED.error("active=false");
				}
				reply(Wire.CHANNEL, 21).bit(true).end();
			}
			case 21 -> {
				// The answer to a question we never ask.
			}
			case 40 -> {
				release();
				reply(Wire.CHANNEL, 41).end();
				this.gone = true;
			}
			default -> throw unknownMethod();
		}
	}

	private void exchange(int methodId, MethodReader reader) {
		reader.shortInt();
		switch (methodId) {
			case 10 -> {
				String name = reader.shortString();
				String type = reader.shortString();
				int bits = reader.octet();
				Map<String, @Nullable Object> arguments = reader.table();
				this.declarations.declareExchange(name, type, reader.bit(bits, 0), reader.bit(bits, 1),
						reader.bit(bits, 2), reader.bit(bits, 3), arguments);
				replyUnless(reader.bit(bits, 4), Wire.EXCHANGE, 11);
			}
			case 20 -> {
				String name = reader.shortString();
				int bits = reader.octet();
				this.declarations.deleteExchange(name, reader.bit(bits, 0));
				replyUnless(reader.bit(bits, 1), Wire.EXCHANGE, 21);
			}
			case 30, 40 -> {
				String destination = reader.shortString();
				String source = reader.shortString();
				String key = reader.shortString();
				boolean noWait = reader.bit(reader.octet(), 0);
				Map<String, @Nullable Object> arguments = reader.table();
				if (methodId == 30) {
					this.declarations.bindExchange(destination, source, key, arguments);
				}
				else {
					this.declarations.unbindExchange(destination, source, key, arguments);
				}
				replyUnless(noWait, Wire.EXCHANGE, (methodId == 30) ? 31 : 51);
			}
			default -> throw unknownMethod();
		}
	}

	private void queue(int methodId, MethodReader reader) {
		reader.shortInt();
		switch (methodId) {
			case 10 -> declareQueue(reader);
			case 20 -> {
				String queue = reader.shortString();
				String exchange = reader.shortString();
				String key = reader.shortString();
				boolean noWait = reader.bit(reader.octet(), 0);
				this.declarations.bindQueue(queue, exchange, key, reader.table());
				replyUnless(noWait, Wire.QUEUE, 21);
			}
			case 30 -> {
				int messages = this.declarations.purgeQueue(reader.shortString());
				if (!reader.bit(reader.octet(), 0)) {
					reply(Wire.QUEUE, 31).longInt(messages).end();
				}
			}
			case 40 -> {
				String queue = reader.shortString();
				int bits = reader.octet();
				int messages = this.declarations.deleteQueue(queue, reader.bit(bits, 0), reader.bit(bits, 1));
				if (!reader.bit(bits, 2)) {
					reply(Wire.QUEUE, 41).longInt(messages).end();
				}
			}
			case 50 -> {
				String queue = reader.shortString();
				String exchange = reader.shortString();
				String key = reader.shortString();
				this.declarations.unbindQueue(queue, exchange, key, reader.table());
				reply(Wire.QUEUE, 51).end();
			}
			default -> throw unknownMethod();
		}
	}

	private void declareQueue(MethodReader reader) {
		String name = reader.shortString();
		int bits = reader.octet();
		Map<String, @Nullable Object> arguments = reader.table();
		Declarations.DeclaredQueue declared = this.declarations.declareQueue(name, reader.bit(bits, 0),
				reader.bit(bits, 1), reader.bit(bits, 2), reader.bit(bits, 3), arguments);
		if (!reader.bit(bits, 4)) {
			reply(Wire.QUEUE, 11).shortString(declared.name())
				.longInt(declared.messages())
				.longInt(declared.consumers())
				.end();
		}
	}

	private void basic(int methodId, MethodReader reader) {
		switch (methodId) {
			case 10 -> {
				long prefetchSize = reader.longInt() & 0xffffffffL;
				int prefetchCount = reader.shortInt();
				this.consuming.qos(prefetchSize, prefetchCount, reader.bit(reader.octet(), 0));
				reply(Wire.BASIC, 11).end();
			}
			case 20 -> consume(reader);
			case 30 -> {
				String tag = reader.shortString();
				this.consuming.cancel(tag);
				if (!reader.bit(reader.octet(), 0)) {
					reply(Wire.BASIC, 31).shortString(tag).end();
				}
			}
			case 40 -> {
				reader.shortInt();
				String exchange = reader.shortString();
				String key = reader.shortString();
				int bits = reader.octet();
				this.connection.publishes();
				this.publishing.start(new IncomingMessage(exchange, key, reader.bit(bits, 0), reader.bit(bits, 1)));
			}
			case 70 -> {
				reader.shortInt();
				String queue = reader.shortString();
				this.consuming.get(queue, reader.bit(reader.octet(), 0));
			}
			case 80 -> {
				long tag = reader.longLong();
				this.consuming.settle(tag, reader.bit(reader.octet(), 0), Settlement.Outcome.ACK);
			}
			case 90 -> {
				long tag = reader.longLong();
				this.consuming.settle(tag, false, Settlement.Outcome.rejected(reader.bit(reader.octet(), 0)));
			}
			case 100 -> recover(reader);
			case 110 -> {
				recover(reader);
				reply(Wire.BASIC, 111).end();
			}
			case 120 -> {
				long tag = reader.longLong();
				int bits = reader.octet();
				this.consuming.settle(tag, reader.bit(bits, 0), Settlement.Outcome.rejected(reader.bit(bits, 1)));
			}
			default -> throw unknownMethod();
		}
	}

	private void consume(MethodReader reader) {
		reader.shortInt();
		String queue = reader.shortString();
		String wantedTag = reader.shortString();
		int bits = reader.octet();
		// AMQP 0-8 has no arguments here.
		Map<String, @Nullable Object> arguments = reader.hasMore() ? reader.table() : Collections.emptyMap();
		String tag = this.consuming.consume(queue, wantedTag, reader.bit(bits, 1), reader.bit(bits, 2), arguments);
		if (!reader.bit(bits, 3)) {
			reply(Wire.BASIC, 21).shortString(tag).end();
		}
	}

	private void recover(MethodReader reader) {
		if (!reader.bit(reader.octet(), 0)) {
			throw ReplyCode.NOT_IMPLEMENTED.error("requeue=false");
		}
		this.consuming.recover();
	}

	private void confirm(int methodId, MethodReader reader) {
		if (methodId != 10) {
			throw unknownMethod();
		}
		boolean noWait = reader.bit(reader.octet(), 0);
		if (this.transaction != null) {
			throw ReplyCode.PRECONDITION_FAILED.error("cannot switch from tx to confirm mode");
		}
		this.publishing.selectConfirms(new Confirms(this.writer, this.id, this::wake));
		replyUnless(noWait, Wire.CONFIRM, 11);
	}

	private void transaction(int methodId) {
		switch (methodId) {
			case 10 -> {
				if (this.publishing.isConfirming()) {
					throw ReplyCode.PRECONDITION_FAILED.error("cannot switch from confirm to tx mode");
				}
				if (this.transaction == null) {
					this.transaction = new ChannelTransaction();
					this.publishing.selectTransaction(this.transaction);
					this.consuming.selectTransaction(this.transaction);
				}
				reply(Wire.TX, 11).end();
			}
			case 20 -> {
				transaction().commit(this.access.topology(), this.publishing, this.consuming);
				reply(Wire.TX, 21).end();
			}
			case 30 -> {
				this.consuming.rollback(transaction().rollback());
				reply(Wire.TX, 31).end();
			}
			default -> throw unknownMethod();
		}
	}

	private ChannelTransaction transaction() {
		if (this.transaction == null) {
			throw ReplyCode.PRECONDITION_FAILED.error("channel is not transactional");
		}
		return this.transaction;
	}

	// Deliveries

	/**
	 * Gives a message to one of our consumers. Called by its queue, on any thread.
	 */
	void assign(QueuedMessage message) {
		this.outbox.add(message);
		if (!this.closed) {
			wake();
		}
		else if (this.outbox.remove(message)) {
			// Closed meanwhile, and nobody looks here any more.
			message.queue.giveBack(message);
		}
	}

	/**
	 * Has {@link #work} called soon. May be called by anybody.
	 */
	void wake() {
		if (this.waking.compareAndSet(false, true)) {
			this.connection.wake(this);
		}
	}

	/**
	 * A queue that one of our consumers has is gone. Called on any thread.
	 */
	void queueDeleted(Consumer consumer) {
		consumer.cancel();
		this.connection.execute(() -> {
			if (this.consuming.queueDeleted(consumer) && !this.closed
					&& this.connection.handshake().clientCan("consumer_cancel_notify")) {
				reply(Wire.BASIC, 30).shortString(consumer.tag()).bit(true).end();
			}
		});
	}

	/**
	 * Sends what was assigned and confirms what is safe.
	 */
	void work() {
		this.waking.set(false);
		long sent = 0;
		QueuedMessage message = this.outbox.poll();
		while (message != null) {
			if (this.closed) {
				message.queue.giveBack(message);
			}
			else {
				sent += this.consuming.deliver(message);
			}
			if (sent >= TURN) {
				wake();
				break;
			}
			message = this.outbox.poll();
		}
		endOfBatch();
	}

	/**
	 * Does once for many methods what need not be done for each.
	 */
	void endOfBatch() {
		if (!this.closed) {
			this.consuming.forgetAcknowledged();
			this.publishing.writeConfirms();
		}
	}

	// Closing

	/**
	 * Closes the channel for a client that broke the rules.
	 */
	void fail(ProtocolException error) {
		// What came before the error counts.
		endOfBatch();
		release();
		reply(Wire.CHANNEL, 40).shortInt(error.code().code())
			.shortString(error.replyText())
			.shortInt(this.currentClass)
			.shortInt(this.currentMethod)
			.end();
	}

	/**
	 * Returns to the queues whatever the channel has of them.
	 */
	void release() {
		if (this.closed) {
			return;
		}
		endOfBatch();
		this.closed = true;
		List<QueuedMessage> unsent = new ArrayList<>();
		QueuedMessage message = this.outbox.poll();
		while (message != null) {
			unsent.add(message);
			message = this.outbox.poll();
		}
		this.consuming.release(unsent);
	}

}
