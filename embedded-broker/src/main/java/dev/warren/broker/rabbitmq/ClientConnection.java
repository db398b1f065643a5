package dev.warren.broker.rabbitmq;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.qpid.server.bytebuffer.QpidByteBuffer;
import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.NamedAddressSpace;
import org.apache.qpid.server.model.Protocol;
import org.apache.qpid.server.model.Transport;
import org.apache.qpid.server.model.port.AmqpPort;
import org.apache.qpid.server.session.AMQPSession;
import org.apache.qpid.server.transport.AbstractAMQPConnection;
import org.apache.qpid.server.transport.AggregateTicker;
import org.apache.qpid.server.transport.ProtocolEngine;
import org.apache.qpid.server.transport.ServerNetworkConnection;
import org.apache.qpid.server.txn.ServerTransaction;
import org.apache.qpid.server.util.Action;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection: it takes the frames apart, hands each to its channel, and closes
 * channel or connection where one breaks the rules.
 * <p>
 * Everything but {@link #wake} happens on one I/O thread at a time, which Qpid's
 * transport provides.
 */
final class ClientConnection extends AbstractAMQPConnection<ClientConnection, ClientConnection> {

	private static final Logger logger = LoggerFactory.getLogger(ClientConnection.class);

	/** How much is written before the transport gets a chance to send it. */
	private static final long ENOUGH_TO_SEND = 128 * 1024;

	private static final long CLOSE_TIMEOUT_MILLIS = 5000;

	private final FrameWriter writer;

	private final MethodReader reader = new MethodReader();

	private final Handshake handshake = new Handshake(this);

	private final Map<Integer, Channel> channels = new HashMap<>();

	/** Exclusive queues, which go with the connection. */
	private final Set<MessageQueue> exclusiveQueues = ConcurrentHashMap.newKeySet();

	private final Queue<Channel> channelsWithWork = new ConcurrentLinkedQueue<>();

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean work = new AtomicBoolean();

	private volatile @Nullable Action<ProtocolEngine> workListener;

	private volatile boolean transportBlocked;

	private long writtenSinceSend;

	private final Set<Shortage> shortages = EnumSet.noneOf(Shortage.class);

	private boolean publishes;

	private boolean blocked;

	private volatile boolean opened;

	private boolean closing;

	private @Nullable String closeCause;

	private int maxFrameSize = Wire.FRAME_MIN_SIZE;

	private @Nullable VirtualHostAccess access;

	ClientConnection(Broker<?> broker, ServerNetworkConnection network, AmqpPort<?> port, Transport transport,
			Protocol protocol, long connectionId, AggregateTicker aggregateTicker) {
		super(broker, network, port, transport, protocol, connectionId, aggregateTicker);
		this.writer = new FrameWriter(network.getSender());
	}

	FrameWriter writer() {
		return this.writer;
	}

	Handshake handshake() {
		return this.handshake;
	}

	VirtualHostAccess access() {
		VirtualHostAccess current = this.access;
		if (current == null) {
			throw ReplyCode.COMMAND_INVALID.error("the connection is not open");
		}
		return current;
	}

	void opened(VirtualHostAccess virtualHost) {
		this.access = virtualHost;
		this.opened = true;
		virtualHost.topology().alarms().add(this);
	}

	/**
	 * Puts into effect what was negotiated.
	 * @param heartbeat seconds, 0 for none
	 */
	void tuned(int frameMax, int heartbeat) {
		this.maxFrameSize = frameMax;
		this.writer.maxFrameSize(frameMax);
		if (heartbeat > 0) {
			initialiseHeartbeating(500L * heartbeat, 2000L * heartbeat);
		}
	}

	boolean isAmqp08() {
		return getProtocol() == Protocol.AMQP_0_8;
	}

	Set<MessageQueue> exclusiveQueues() {
		return this.exclusiveQueues;
	}

	// Shortages

	/**
	 * A channel is about to publish. Connections that only consume are never blocked:
	 * they are what ends a shortage.
	 */
	void publishes() {
		if (!this.publishes) {
			this.publishes = true;
			blockOrUnblock();
		}
	}

	/**
	 * The broker is short of something, or no longer. May be called by anybody.
	 */
	void setShortage(Shortage shortage, boolean shortOfIt) {
		execute(() -> {
			if (shortOfIt) {
				this.shortages.add(shortage);
			}
			else {
				this.shortages.remove(shortage);
			}
			blockOrUnblock();
		});
	}

	private void blockOrUnblock() {
		VirtualHostAccess current = this.access;
		boolean block = this.publishes && !this.shortages.isEmpty() && !this.closing;
		if (block == this.blocked || current == null) {
			return;
		}
		this.blocked = block;
		if (block) {
			this.handshake.writeBlocked(this.shortages);
			current.topology().blockedConnections().hold(this);
		}
		else {
			if (!this.closing) {
				this.handshake.writeUnblocked();
			}
			// The client was not silent, it was not listened to.
			received(QpidByteBuffer.emptyQpidByteBuffer());
			current.topology().blockedConnections().letGo(this);
		}
	}

	// Reading

	@Override
	protected void onReceive(QpidByteBuffer source) {
		ShortStrings.avoidCacheOnThisThread();
		try {
			if (!this.handshake.hasStarted()) {
				// The first eight bytes are the header that chose this engine.
				if (source.remaining() < 8) {
					return;
				}
				source.position(source.position() + 8);
				this.handshake.start();
			}
			while (readFrame(source)) {
				// All that is there.
			}
			for (Channel channel : this.channels.values()) {
				channel.endOfBatch();
			}
		}
		finally {
			flush();
		}
	}

	private boolean readFrame(QpidByteBuffer source) {
		if (source.remaining() < Wire.FRAME_OVERHEAD - 1) {
			return false;
		}
		int start = source.position();
		int type = source.get(start) & 0xff;
		int channelId = source.getUnsignedShort(start + 1);
		long size = source.getInt(start + 3) & 0xffffffffL;
		if (size > this.maxFrameSize - Wire.FRAME_OVERHEAD) {
			source.position(source.limit());
			fail(ReplyCode.FRAME_ERROR.error("type %d, frame of %d octets exceeds the negotiated maximum of %d", type,
					size + Wire.FRAME_OVERHEAD, this.maxFrameSize), 0);
			return false;
		}
		int end = start + Wire.FRAME_OVERHEAD - 1 + (int) size;
		if (source.limit() <= end) {
			return false;
		}
		source.position(start + Wire.FRAME_OVERHEAD - 1);
		try {
			if ((source.get(end) & 0xff) != Wire.FRAME_END) {
				throw ReplyCode.FRAME_ERROR.error("type %d: invalid frame end marker", type);
			}
			frame(type, channelId, source, (int) size);
		}
		catch (ProtocolException ex) {
			fail(ex, channelId);
		}
		catch (RuntimeException ex) {
			failUnexpectedly(ex, channelId);
		}
		source.position(end + 1);
		return true;
	}

	private void frame(int type, int channelId, QpidByteBuffer source, int size) {
		switch (type) {
			case Wire.FRAME_METHOD -> {
				this.reader.start(source, size);
				int classId = this.reader.shortInt();
				int methodId = this.reader.shortInt();
				method(channelId, classId, methodId);
			}
			case Wire.FRAME_HEADER -> {
				if (!this.closing) {
					channel(channelId).header(source, size);
				}
			}
			case Wire.FRAME_BODY -> {
				if (!this.closing) {
					channel(channelId).body(source, size);
				}
			}
			case Wire.FRAME_HEARTBEAT -> {
				if (channelId != 0) {
					throw ReplyCode.UNEXPECTED_FRAME.error("heartbeat on channel %d", channelId);
				}
			}
			default -> throw ReplyCode.FRAME_ERROR.error("type %d: unknown frame type", type);
		}
	}

	private Channel channel(int channelId) {
		Channel channel = this.channels.get(channelId);
		if (channel == null) {
			if (!this.opened || channelId == 0) {
				throw ReplyCode.UNEXPECTED_FRAME.error("expected method frame, got non method frame instead");
			}
			throw ReplyCode.CHANNEL_ERROR.error("expected 'channel.open'");
		}
		return channel;
	}

	private void method(int channelId, int classId, int methodId) {
		if (this.closing) {
			closingMethod(classId, methodId);
			return;
		}
		if (classId == Wire.CONNECTION) {
			if (channelId != 0) {
				throw ReplyCode.COMMAND_INVALID.error("unimplemented method");
			}
			connectionMethod(methodId);
			return;
		}
		if (!this.opened || channelId == 0) {
			throw ReplyCode.CHANNEL_ERROR.error("unexpected method in connection state %s",
					this.opened ? "running" : "opening");
		}
		Channel channel = this.channels.get(channelId);
		if (classId == Wire.CHANNEL && methodId == 10) {
			openChannel(channelId, channel);
			return;
		}
		if (channel == null) {
			throw ReplyCode.CHANNEL_ERROR.error("expected 'channel.open'");
		}
		channel.method(classId, methodId, this.reader);
		if (channel.isGone()) {
			this.channels.remove(channelId);
		}
	}

	private void openChannel(int channelId, @Nullable Channel existing) {
		if (existing != null) {
			throw ReplyCode.CHANNEL_ERROR.error("second 'channel.open' seen");
		}
		int most = this.handshake.channelMax();
		if (most > 0 && channelId > most) {
			throw ReplyCode.NOT_ALLOWED.error(
					"number of channels opened (%d) has reached the negotiated channel_max (%d)", this.channels.size(),
					most);
		}
		this.channels.put(channelId, new Channel(this, channelId, access()));
		this.writer.method(channelId, Wire.CHANNEL, 11);
		if (!isAmqp08()) {
			this.writer.longInt(0);
		}
		this.writer.end();
	}

	private void connectionMethod(int methodId) {
		int close = isAmqp08() ? 60 : 50;
		if (methodId == close) {
			this.closing = true;
			closeChannels();
			this.writer.method(0, Wire.CONNECTION, close + 1).end();
			flush();
			getNetwork().close();
		}
		else {
			try {
				this.handshake.method(methodId, this.reader);
			}
			catch (ProtocolException ex) {
				logger.debug("Closing {}: {}", this, ex.getMessage());
				close(ex.code(), ex.replyText(), Wire.CONNECTION, methodId);
			}
		}
	}

	private void closingMethod(int classId, int methodId) {
		int close = isAmqp08() ? 60 : 50;
		if (classId != Wire.CONNECTION) {
			return;
		}
		if (methodId == close) {
			this.writer.method(0, Wire.CONNECTION, close + 1).end();
			flush();
		}
		if (methodId == close || methodId == close + 1) {
			getNetwork().close();
		}
	}

	// Closing

	private void fail(ProtocolException error, int channelId) {
		Channel channel = this.channels.get(channelId);
		if (!error.closesConnection() && channel != null) {
			logger.debug("Closing channel {} of {}: {}", channelId, this, error.getMessage());
			channel.fail(error);
			return;
		}
		logger.debug("Closing {}: {}", this, error.getMessage());
		close(error.code(), error.replyText(), channel);
	}

	/**
	 * Whatever went wrong here is not to harm other connections.
	 */
	private void failUnexpectedly(RuntimeException cause, int channelId) {
		logger.error("Closing {}, which met an unexpected error", this, cause);
		fail(ReplyCode.INTERNAL_ERROR.error("internal error"), channelId);
	}

	/**
	 * Tells the client that the connection is over, and waits for its answer.
	 * @param channel the channel whose method is to blame, if one is
	 */
	void close(ReplyCode code, byte[] text, @Nullable Channel channel) {
		close(code, text, (channel != null) ? channel.currentClass() : 0,
				(channel != null) ? channel.currentMethod() : 0);
	}

	private void close(ReplyCode code, byte[] text, int classId, int methodId) {
		if (this.closing) {
			return;
		}
		this.closing = true;
		this.closeCause = Wire.text(text, 0, text.length);
		blockOrUnblock();
		closeChannels();
		this.writer.method(0, Wire.CONNECTION, isAmqp08() ? 60 : 50)
			.shortInt(code.code())
			.shortString(text)
			.shortInt(classId)
			.shortInt(methodId)
			.end();
		flush();
		getAggregateTicker()
			.addTicker(new CloseTimeout(System.currentTimeMillis() + CLOSE_TIMEOUT_MILLIS, getNetwork()));
		notifyWork();
	}

	/**
	 * Drops the connection without a word, as clients expect that know no better.
	 */
	void drop(String cause) {
		this.closing = true;
		this.closeCause = cause;
		flush();
		getNetwork().close();
	}

	private void closeChannels() {
		List<Channel> open = List.copyOf(this.channels.values());
		this.channels.clear();
		open.forEach(Channel::release);
		VirtualHostAccess current = this.access;
		if (current != null) {
			this.exclusiveQueues.forEach(current.topology()::delete);
			this.exclusiveQueues.clear();
		}
	}

	@Override
	public void closed() {
		try {
			this.closing = true;
			closeChannels();
			VirtualHostAccess current = this.access;
			if (current != null) {
				current.topology().alarms().remove(this);
				current.topology().blockedConnections().forget(this);
			}
			performDeleteTasks();
		}
		finally {
			NamedAddressSpace addressSpace = getAddressSpace();
			if (addressSpace != null) {
				addressSpace.deregisterConnection(this);
			}
			markTransportClosed();
		}
	}

	@Override
	public void sendConnectionCloseAsync(CloseReason reason, String description) {
		stopConnection();
		ProtocolException error = ReplyCode.CONNECTION_FORCED
			.error("broker forced connection closure with reason 'shutdown'");
		addAsyncTask((connection) -> connection.close(error.code(), error.replyText(), null));
	}

	@Override
	protected boolean isOrderlyClose() {
		return this.closing;
	}

	@Override
	protected @Nullable String getCloseCause() {
		return this.closeCause;
	}

	@Override
	public boolean isClosing() {
		return this.closing;
	}

	// Work from other threads

	/**
	 * Has the channel looked after, soon and on the I/O thread. May be called by anybody.
	 */
	void wake(Channel channel) {
		this.channelsWithWork.add(channel);
		notifyWork();
	}

	/**
	 * Has the task run, soon and on the I/O thread. May be called by anybody.
	 */
	void execute(Runnable task) {
		this.tasks.add(task);
		notifyWork();
	}

	@Override
	protected void addAsyncTask(Action<? super ClientConnection> action) {
		execute(() -> action.performAction(this));
	}

	@Override
	public boolean hasWork() {
		return this.work.get() && !(this.transportBlocked && this.tasks.isEmpty());
	}

	@Override
	public void notifyWork() {
		this.work.set(true);
		Action<ProtocolEngine> listener = this.workListener;
		if (listener != null) {
			listener.performAction(this);
		}
	}

	@Override
	public void clearWork() {
		this.work.set(false);
	}

	@Override
	public void setWorkListener(Action<ProtocolEngine> listener) {
		this.workListener = listener;
	}

	@Override
	public Iterator<Runnable> processPendingIterator() {
		return isIOThread() ? new PendingWork() : Collections.emptyIterator();
	}

	private boolean hasPendingDeliveries() {
		return !this.channelsWithWork.isEmpty() && !this.transportBlocked && this.writtenSinceSend < ENOUGH_TO_SEND;
	}

	private void deliverPending() {
		Channel channel = this.channelsWithWork.poll();
		if (channel != null) {
			try {
				channel.work();
			}
			catch (RuntimeException ex) {
				failUnexpectedly(ex, channel.id());
			}
		}
		flush();
	}

	private void flush() {
		this.writtenSinceSend += this.writer.flush();
	}

	@Override
	public boolean isTransportBlockedForWriting() {
		return this.transportBlocked;
	}

	@Override
	public void setTransportBlockedForWriting(boolean blocked) {
		this.transportBlocked = blocked;
		if (!blocked) {
			this.writtenSinceSend = 0;
			if (!this.channelsWithWork.isEmpty()) {
				this.work.set(true);
			}
		}
	}

	// What Qpid's transport and management ask

	@Override
	protected boolean isOpeningInProgress() {
		return !this.opened;
	}

	@Override
	public void readerIdle() {
		if (!this.blocked) {
			drop("missed heartbeats from client");
		}
	}

	@Override
	public void writerIdle() {
		this.writer.heartbeat();
		flush();
		updateLastWriteTime();
	}

	@Override
	public void encryptedTransport() {
	}

	@Override
	public int getSessionCountLimit() {
		return this.handshake.channelMax();
	}

	@Override
	public Collection<? extends AMQPSession<?, ?>> getSessionModels() {
		return Collections.emptyList();
	}

	@Override
	public void notifyWork(AMQPSession<?, ?> session) {
		notifyWork();
	}

	@Override
	public void closeSessionAsync(AMQPSession<?, ?> session, CloseReason reason, String message) {
		throw new UnsupportedOperationException("Channels are not sessions of Qpid's");
	}

	@Override
	public void block() {
		setShortage(Shortage.DISK, true);
	}

	@Override
	public void unblock() {
		setShortage(Shortage.DISK, false);
	}

	@Override
	public String getRemoteContainerName() {
		return getClientId();
	}

	@Override
	public boolean hasSessionWithName(byte[] name) {
		return false;
	}

	@Override
	public Iterator<ServerTransaction> getOpenTransactions() {
		return Collections.emptyIterator();
	}

	private final class PendingWork implements Iterator<Runnable> {

		@Override
		public boolean hasNext() {
			return !ClientConnection.this.tasks.isEmpty() || hasPendingDeliveries();
		}

		@Override
		public Runnable next() {
			Runnable task = ClientConnection.this.tasks.poll();
			if (task == null) {
				return ClientConnection.this::deliverPending;
			}
			return () -> {
				try {
					task.run();
				}
				catch (RuntimeException ex) {
					failUnexpectedly(ex, 0);
				}
				flush();
			};
		}

	}

}
