package dev.warren.postbox.deliveries;

import java.time.Instant;
import java.util.Locale;

import com.rabbitmq.client.Channel;

import org.springframework.amqp.core.Message;

/**
 * A letter that was delivered and is not settled yet.
 *
 * @param handle by which it is settled
 * @param box the box it came from
 * @param channel the channel that holds it; when that closes, for whatever reason, the
 * broker puts the letter back
 * @param collected whether the channel holds no other letters, as a stream's does
 * @param letter the letter
 * @param expiresAt when it goes back
 */
record Delivery(String handle, String box, Channel channel, boolean collected, Message letter, Instant expiresAt) {

	/**
	 * What has become of it.
	 */
	enum Outcome {

		/** The letter is gone. */
		ACKED("was acknowledged"),

		/** The letter is gone, or where the box sends its dead letters. */
		REJECTED("was rejected"),

		/** The letter is back in its box. */
		REQUEUED("was put back"),

		/** The letter is back in its box, since nobody settled it in time. */
		EXPIRED("was not settled in time; the letter is back in its box"),

		/** The letter goes back to its box, by the broker's doing. */
		LOST("ended with its channel or its stream; the letter goes back to its box"),

		/** Only the broker knows, now or for ever. */
		UNCERTAIN("is being settled, or its channel closed meanwhile; the letter is gone or back in its box");

		private final String description;

		Outcome(String description) {
			this.description = description;
		}

		String code() {
			return name().toLowerCase(Locale.ROOT);
		}

		String description() {
			return this.description;
		}

	}

}
