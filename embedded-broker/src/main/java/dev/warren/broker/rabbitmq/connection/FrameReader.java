package dev.warren.broker.rabbitmq.connection;

import dev.warren.broker.rabbitmq.stats.Traffic;
import dev.warren.broker.rabbitmq.wire.KeptBytes;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReceivedBytes;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import dev.warren.broker.rabbitmq.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * Takes apart what the client sent, frame by frame.
 */
final class FrameReader {

	private static final int FRAME_START = Wire.FRAME_OVERHEAD - 1;

	private final ClientConnection connection;

	private final Traffic traffic;

	private int maxFrameSize = Wire.FRAME_MIN_SIZE;

	/** What came while too many answers waited to be sent; null if nothing did. */
	private @Nullable KeptBytes kept;

	private volatile boolean stopped;

	private volatile boolean paused;

	FrameReader(ClientConnection connection, Traffic traffic) {
		this.connection = connection;
		this.traffic = traffic;
	}

	void maxFrameSize(int size) {
		this.maxFrameSize = size;
	}

	/**
	 * Takes nothing more of what the client sent, or goes on.
	 */
	void pause(boolean pause) {
		this.paused = pause;
		if (isStopped()) {
			this.connection.pendingWork().announce();
		}
	}

	/**
	 * Reads all frames there are, for as long as the client takes the answers. What then
	 * is left is kept until the next time.
	 */
	void readAll(ReceivedBytes source) {
		int start = source.position();
		readOrKeep(source);
		this.traffic.received(source.position() - start);
	}

	private void readOrKeep(ReceivedBytes source) {
		if (this.kept != null) {
			this.kept.append(source);
			readOn();
			return;
		}
		while (mayRead()) {
			if (!read(source)) {
				return;
			}
		}
		if (source.remaining() > 0) {
			this.kept = new KeptBytes();
			this.kept.append(source);
			this.stopped = true;
		}
	}

	/**
	 * Whether there are frames that can be read now, and were not, since the client had
	 * not taken the answers to those before.
	 */
	boolean isStopped() {
		return this.stopped && !this.paused;
	}

	private boolean mayRead() {
		return !this.paused && this.connection.pendingWork().hasRoom(this.connection.writer().unflushed());
	}

	private void readOn() {
		this.stopped = false;
		while (this.kept != null && mayRead()) {
			if (!read(this.kept)) {
				if (this.kept.remaining() == 0) {
					this.kept = null;
				}
				return;
			}
		}
		this.stopped = this.kept != null;
	}

	/**
	 * Reads a frame and hands it to the connection.
	 * @return whether there was a whole one
	 */
	private boolean read(ReceivedBytes source) {
		if (source.remaining() < FRAME_START) {
			return false;
		}
		int type = source.octet(0);
		int channelId = source.shortInt(1);
		long size = source.longInt(3) & 0xffffffffL;
		if (size > this.maxFrameSize - Wire.FRAME_OVERHEAD) {
			source.position(source.position() + source.remaining());
			this.connection
				.fail(ReplyCode.FRAME_ERROR.error("type %d, frame of %d octets exceeds the negotiated maximum of %d",
						type, size + Wire.FRAME_OVERHEAD, this.maxFrameSize), 0);
			return false;
		}
		int end = FRAME_START + (int) size;
		if (source.remaining() <= end) {
			return false;
		}
		int next = source.position() + end + 1;
		boolean whole = source.octet(end) == Wire.FRAME_END;
		source.position(source.position() + FRAME_START);
		try {
			if (!whole) {
				throw ReplyCode.FRAME_ERROR.error("type %d: invalid frame end marker", type);
			}
			this.connection.frame(type, channelId, source, (int) size);
		}
		catch (ProtocolException ex) {
			this.connection.fail(ex, channelId);
		}
		catch (RuntimeException ex) {
			this.connection.failUnexpectedly(ex, channelId);
		}
		source.position(next);
		return true;
	}

}
