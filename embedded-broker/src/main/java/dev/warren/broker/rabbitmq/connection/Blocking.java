package dev.warren.broker.rabbitmq.connection;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Keeps a connection that publishes from being read while the broker is short of
 * something. Connections that only consume are never blocked: they are what ends a
 * shortage.
 */
final class Blocking {

	private final ClientConnection connection;

	private final Handshake handshake;

	private final Network network;

	private final FrameReader frames;

	private final Set<Shortage> shortages = EnumSet.noneOf(Shortage.class);

	private @Nullable String fault;

	private volatile boolean publishes;

	private volatile boolean blocked;

	/** Whether it would be if it published. */
	private volatile boolean blocking;

	Blocking(ClientConnection connection, Handshake handshake, Network network, FrameReader frames) {
		this.connection = connection;
		this.handshake = handshake;
		this.network = network;
		this.frames = frames;
	}

	boolean isBlocked() {
		return this.blocked;
	}

	/**
	 * As RabbitMQ's management calls it. May be called by anybody.
	 */
	String state() {
		return this.blocked ? "blocked" : this.blocking ? "blocking" : "running";
	}

	/**
	 * The connection is about to publish.
	 */
	void publishes() {
		if (!this.publishes) {
			this.publishes = true;
			update();
		}
	}

	/**
	 * The broker is short of something, or no longer.
	 */
	void shortage(Shortage shortage, boolean shortOfIt) {
		if (shortOfIt) {
			this.shortages.add(shortage);
		}
		else {
			this.shortages.remove(shortage);
		}
		update();
	}

	/**
	 * A test wants the connection to be blocked, or no longer.
	 * @param reason what the client is told, null to end it
	 */
	void fault(@Nullable String reason) {
		this.fault = reason;
		update();
	}

	/**
	 * Blocks or unblocks, if that is called for.
	 */
	void update() {
		this.blocking = this.fault != null || !this.shortages.isEmpty();
		boolean block = this.publishes && this.blocking && !this.connection.isClosing();
		if (block == this.blocked || !this.connection.isOpened()) {
			return;
		}
		this.blocked = block;
		// What came with the last read is not to get through a fault.
		this.frames.pause(block && this.fault != null);
		if (block) {
			this.handshake.writeBlocked((this.fault != null) ? this.fault : reason());
			this.network.stopReading();
		}
		else {
			if (!this.connection.isClosing()) {
				this.handshake.writeUnblocked();
			}
			this.network.resumeReading();
		}
	}

	private String reason() {
		return this.shortages.stream()
			.map((shortage) -> shortage.name().toLowerCase(Locale.ROOT))
			.collect(Collectors.joining(" & ", "low on ", ""));
	}

}
