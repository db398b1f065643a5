package dev.warren.broker.rabbitmq.connection;

import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.warren.broker.rabbitmq.channel.Channel;
import dev.warren.broker.rabbitmq.stats.Traffic;
import dev.warren.broker.rabbitmq.wire.KeptBytes;

/**
 * What a connection still has to do on its I/O thread: tasks, then deliveries for as long
 * as the transport gets rid of them. Anybody may add work; the I/O thread takes it.
 */
public final class PendingWork implements Iterator<Runnable> {

	/** How much is written before the transport gets a chance to send it. */
	private static final long ENOUGH_TO_SEND = 128 * 1024;

	/**
	 * How much may wait to be sent before a client is not read from: the answers to a few
	 * bytes, such as basic.get, may be large.
	 */
	private static final long MOST_UNSENT = 1024 * 1024;

	private final ClientConnection connection;

	private final FrameReader frames;

	private final Network network;

	private final Traffic traffic;

	private final Queue<Channel> channels = new ConcurrentLinkedQueue<>();

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean announced = new AtomicBoolean();

	private volatile boolean transportBlocked;

	private long writtenSinceSend;

	PendingWork(ClientConnection connection, FrameReader frames, Network network, Traffic traffic) {
		this.connection = connection;
		this.frames = frames;
		this.network = network;
		this.traffic = traffic;
	}

	void add(Channel channel) {
		this.channels.add(channel);
		announce();
	}

	void add(Runnable task) {
		this.tasks.add(task);
		announce();
	}

	public void announce() {
		this.announced.set(true);
		this.network.askForWork();
	}

	/**
	 * Whether work was announced that can be done now.
	 */
	public boolean isAnnounced() {
		return this.announced.get() && !(this.transportBlocked && this.tasks.isEmpty());
	}

	public void clearAnnounced() {
		this.announced.set(false);
	}

	/**
	 * Frames were handed to the transport.
	 */
	void written(long octets) {
		this.writtenSinceSend += octets;
		this.traffic.sent(octets);
	}

	/**
	 * Whether more may be written in answer to what a client sends.
	 * @param unflushed what was written and not yet handed to the transport
	 */
	boolean hasRoom(long unflushed) {
		return this.writtenSinceSend + unflushed < MOST_UNSENT;
	}

	public boolean isTransportBlocked() {
		return this.transportBlocked;
	}

	public void transportBlocked(boolean blocked) {
		this.transportBlocked = blocked;
		if (!blocked) {
			this.writtenSinceSend = 0;
			if (!this.channels.isEmpty() || this.frames.isStopped()) {
				this.announced.set(true);
			}
		}
	}

	@Override
	public boolean hasNext() {
		return !this.tasks.isEmpty() || ((this.frames.isStopped() || !this.channels.isEmpty()) && hasRoomForMore());
	}

	private boolean hasRoomForMore() {
		return !this.transportBlocked && this.writtenSinceSend < ENOUGH_TO_SEND;
	}

	@Override
	public Runnable next() {
		Runnable task = this.tasks.poll();
		if (task != null) {
			return () -> this.connection.run(task);
		}
		return this.frames.isStopped() ? () -> this.connection.receive(new KeptBytes()) : this::deliver;
	}

	private void deliver() {
		Channel channel = this.channels.poll();
		if (channel != null) {
			this.connection.work(channel);
		}
		this.connection.flush();
	}

}
