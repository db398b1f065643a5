package dev.warren.broker.rabbitmq.connection;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.warren.broker.rabbitmq.channel.Channel;
import dev.warren.broker.rabbitmq.channel.Client;
import dev.warren.broker.rabbitmq.host.VirtualHostAccess;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.stats.Traffic;
import dev.warren.broker.rabbitmq.wire.FrameSink;
import dev.warren.broker.rabbitmq.wire.FrameWriter;
import dev.warren.broker.rabbitmq.wire.Method;
import dev.warren.broker.rabbitmq.wire.MethodReader;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReceivedBytes;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import dev.warren.broker.rabbitmq.wire.Wire;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection: it hands each frame to its channel, and closes channel or
 * connection where one breaks the rules.
 * <p>
 * Everything but {@link #wake} and what it says of others happens on one I/O thread at a
 * time, which the transport provides.
 */
public final class ClientConnection implements Client {

	private static final Logger logger = LoggerFactory.getLogger(ClientConnection.class);

	private static final long CLOSE_TIMEOUT_MILLIS = 5000;

	// How long a client that has closed its connection may take to close the socket.
	private static final long CLOSE_GRACE_MILLIS = 1000;

	private final Network network;

	private final FrameWriter writer;

	private final Traffic traffic = new Traffic();

	private final FrameReader frames = new FrameReader(this, this.traffic);

	private final MethodReader reader = new MethodReader();

	private final Handshake handshake;

	private final PendingWork pendingWork;

	private final Channels channels;

	private final Blocking blocking;

	private final ConnectionFaults faults;

	private final Set<MessageQueue> exclusiveQueues = ConcurrentHashMap.newKeySet();

	private volatile boolean opened;

	private volatile boolean closing;

	private @Nullable String closeCause;

	private @Nullable VirtualHostAccess access;

	private @Nullable Alarms alarms;

	public ClientConnection(Network network, FrameSink sink) {
		this.network = network;
		this.writer = new FrameWriter(sink);
		this.handshake = new Handshake(this, network);
		this.pendingWork = new PendingWork(this, this.frames, network, this.traffic);
		this.channels = new Channels(this, network);
		this.blocking = new Blocking(this, this.handshake, network, this.frames);
		this.faults = new ConnectionFaults(this, this.channels, this.blocking);
	}

	@Override
	public FrameWriter writer() {
		return this.writer;
	}

	public PendingWork pendingWork() {
		return this.pendingWork;
	}

	@Override
	public boolean can(String capability) {
		return this.handshake.clientCan(capability);
	}

	@Override
	public Set<MessageQueue> exclusiveQueues() {
		return this.exclusiveQueues;
	}

	@Override
	public void lost(MessageQueue queue) {
		this.exclusiveQueues.remove(queue);
	}

	public int channelMax() {
		return this.handshake.channelMax();
	}

	public boolean isOpened() {
		return this.opened;
	}

	/**
	 * The client's access to its virtual host; null until it is opened.
	 */
	@Nullable VirtualHostAccess access() {
		return this.access;
	}

	/**
	 * The connection as it is now, or null if it is not open. May be called by anybody.
	 */
	public @Nullable ConnectionSnapshot snapshot() {
		VirtualHostAccess entered = this.opened ? this.access : null;
		return (entered == null || this.closing) ? null
				: new ConnectionSnapshot(this.network.endpoints(), entered.user(), entered.virtualHost().name(),
						this.network.tlsSession(), this.handshake.negotiated(), this.blocking.state(), this.traffic,
						this.channels.snapshots());
	}

	void opened(VirtualHostAccess virtualHost, Alarms itsAlarms) {
		this.access = virtualHost;
		this.alarms = itsAlarms;
		this.opened = true;
		itsAlarms.add(this);
		virtualHost.virtualHost().faults().add(this.faults);
	}

	/**
	 * Puts into effect what was negotiated.
	 * @param heartbeat seconds, 0 for none
	 */
	void tuned(int frameMax, int heartbeat) {
		this.frames.maxFrameSize(frameMax);
		this.writer.maxFrameSize(frameMax);
		if (heartbeat > 0) {
			this.network.startHeartbeats(heartbeat);
		}
	}

	// Shortages

	@Override
	public void publishes() {
		this.blocking.publishes();
	}

	/**
	 * The broker is short of something, or no longer. May be called by anybody.
	 */
	public void setShortage(Shortage shortage, boolean shortOfIt) {
		execute(() -> this.blocking.shortage(shortage, shortOfIt));
	}

	// Reading

	/**
	 * Reads all that is there.
	 */
	public void receive(ReceivedBytes source) {
		try {
			if (!this.handshake.hasStarted()) {
				// The first eight bytes are the header that chose this engine.
				if (source.remaining() < 8) {
					return;
				}
				source.position(source.position() + 8);
				this.handshake.begin();
			}
			this.frames.readAll(source);
			this.channels.endOfBatch();
		}
		finally {
			flush();
		}
	}

	void frame(int type, int channelId, ReceivedBytes source, int size) {
		switch (type) {
			case Wire.FRAME_METHOD -> {
				this.reader.start(source, size);
				method(channelId, this.reader.longInt());
			}
			case Wire.FRAME_HEADER, Wire.FRAME_BODY -> {
				if (!this.closing) {
					this.channels.content(type, channelId, source, size);
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

	private void method(int channelId, int method) {
		if (this.closing) {
			closingMethod(method);
			return;
		}
		if (Method.classOf(method) == Wire.CONNECTION) {
			if (channelId != 0) {
				throw ReplyCode.COMMAND_INVALID.error("unimplemented method");
			}
			connectionMethod(method);
			return;
		}
		this.channels.method(channelId, method, this.reader);
	}

	private void connectionMethod(int method) {
		if (method == Method.connectionClose(this.network.isAmqp08())) {
			this.closing = true;
			this.channels.close();
			answerClose();
			// Later: with something unread the socket is reset, and our answer lost.
			this.network.after(CLOSE_GRACE_MILLIS, this.network::close);
		}
		else {
			try {
				this.handshake.method(method, this.reader);
			}
			catch (ProtocolException ex) {
				close(ex, method);
			}
		}
	}

	private void closingMethod(int method) {
		boolean asked = method == Method.connectionClose(this.network.isAmqp08());
		if (asked) {
			answerClose();
		}
		if (asked || method == Method.connectionCloseOk(this.network.isAmqp08())) {
			this.network.close();
		}
	}

	private void answerClose() {
		this.writer.method(0, Method.connectionCloseOk(this.network.isAmqp08())).end();
		flush();
	}

	// Closing

	void fail(ProtocolException error, int channelId) {
		Channel channel = this.channels.find(channelId);
		if (!error.closesConnection() && channel != null) {
			channel.fail(error);
			return;
		}
		close(error, this.channels.currentMethod(channelId));
	}

	/**
	 * Whatever went wrong here is not to harm other connections.
	 */
	void failUnexpectedly(RuntimeException cause, int channelId) {
		logger.error("Closing {}, which met an unexpected error", this, cause);
		tellClosing(ReplyCode.INTERNAL_ERROR.error("internal error"), this.channels.currentMethod(channelId));
	}

	/**
	 * Tells the client that the connection is over, and waits for its answer.
	 */
	@Override
	public void close(ProtocolException error) {
		close(error, 0);
	}

	// The method is the one that is to blame, 0 if none is.
	private void close(ProtocolException error, int method) {
		this.handshake.log().failed(error, method);
		tellClosing(error, method);
	}

	private void tellClosing(ProtocolException error, int method) {
		if (this.closing) {
			return;
		}
		byte[] text = error.replyText();
		this.closing = true;
		this.closeCause = Wire.text(text, 0, text.length);
		this.blocking.update();
		this.channels.close();
		this.handshake.writeClose(error, method);
		flush();
		this.network.after(CLOSE_TIMEOUT_MILLIS, this.network::close);
		this.pendingWork.announce();
	}

	/**
	 * Drops the connection without a word. Older clients expect that.
	 */
	public void drop(String cause) {
		this.handshake.log().dropped(cause);
		this.closing = true;
		this.closeCause = cause;
		flush();
		this.network.close();
	}

	/**
	 * The socket is closed.
	 */
	public void closed() {
		this.handshake.log().closed(this.closing);
		this.closing = true;
		this.channels.close();
		this.handshake.tellEnd(this.closeCause);
		if (this.access != null && this.alarms != null) {
			this.alarms.remove(this);
			this.access.virtualHost().faults().remove(this.faults);
		}
	}

	public boolean isClosing() {
		return this.closing;
	}

	public @Nullable String closeCause() {
		return this.closeCause;
	}

	// Work from other threads

	@Override
	public void wake(Channel channel) {
		this.pendingWork.add(channel);
	}

	@Override
	public void execute(Runnable task) {
		this.pendingWork.add(task);
	}

	/**
	 * Runs a task that somebody had for this connection.
	 */
	void run(Runnable task) {
		try {
			task.run();
		}
		catch (RuntimeException ex) {
			failUnexpectedly(ex, 0);
		}
		flush();
	}

	/**
	 * Has a channel do what it was woken for.
	 */
	void work(Channel channel) {
		try {
			channel.work();
		}
		catch (RuntimeException ex) {
			failUnexpectedly(ex, channel.id());
		}
	}

	void flush() {
		this.pendingWork.written(this.writer.flush());
	}

	// Heartbeats

	/**
	 * Nothing came from the client for two heartbeats.
	 */
	public void missedHeartbeats() {
		if (!this.blocking.isBlocked()) {
			drop("missed heartbeats from client");
		}
	}

	public void sendHeartbeat() {
		this.writer.heartbeat();
		flush();
	}

	@Override
	public String toString() {
		return this.network.toString();
	}

}
