package dev.warren.postbox;

import java.time.Instant;
import java.util.concurrent.Future;

import com.rabbitmq.client.Channel;
import org.jspecify.annotations.Nullable;

/**
 * A letter that was delivered and is not settled yet. It has a channel of its own, which
 * has to stay open until then; when that closes, for whatever reason, the broker puts the
 * letter back.
 */
final class Delivery {

	private final String handle;

	private final String box;

	private final Channel channel;

	private final long deliveryTag;

	private final Instant expiresAt;

	private State state = State.OPEN;

	private @Nullable Future<?> expiry;

	Delivery(String handle, String box, Channel channel, long deliveryTag, Instant expiresAt) {
		this.handle = handle;
		this.box = box;
		this.channel = channel;
		this.deliveryTag = deliveryTag;
		this.expiresAt = expiresAt;
	}

	String handle() {
		return this.handle;
	}

	String box() {
		return this.box;
	}

	Channel channel() {
		return this.channel;
	}

	long deliveryTag() {
		return this.deliveryTag;
	}

	Instant expiresAt() {
		return this.expiresAt;
	}

	synchronized State state() {
		return this.state;
	}

	synchronized void expiresBy(Future<?> expiry) {
		this.expiry = expiry;
		if (this.state != State.OPEN) {
			expiry.cancel(false);
		}
	}

	/**
	 * Leaves the state {@link State#OPEN}, which only one of all who try succeeds in.
	 * @return whether it was this one
	 */
	synchronized boolean leaveOpen(State next) {
		if (this.state != State.OPEN) {
			return false;
		}
		this.state = next;
		if (this.expiry != null) {
			this.expiry.cancel(false);
		}
		return true;
	}

	/**
	 * Ends what {@link State#SETTLING} has begun.
	 */
	synchronized void settled(State end) {
		this.state = end;
	}

	/**
	 * What has become of it.
	 */
	enum State {

		/** Waits to be settled. */
		OPEN("is not settled yet"),

		/** The broker is being told. */
		SETTLING("is being settled"),

		/** The letter is gone. */
		ACKED("was acknowledged"),

		/** The letter is gone, or where the box sends its dead letters. */
		REJECTED("was rejected"),

		/** The letter is back in its box. */
		REQUEUED("was put back"),

		/** The letter is back in its box, since nobody settled it in time. */
		EXPIRED("was not settled in time; the letter is back in its box"),

		/** The letter goes back to its box, by the broker's doing. */
		LOST("ended with the connection to the broker; the letter goes back to its box"),

		/** Only the broker knows. */
		UNCERTAIN("ended as it was being settled; the letter is gone or back in its box");

		private final String description;

		State(String description) {
			this.description = description;
		}

		String description() {
			return this.description;
		}

	}

}
