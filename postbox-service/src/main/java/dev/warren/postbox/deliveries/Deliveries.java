package dev.warren.postbox.deliveries;

import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.postbox.PostBox;
import dev.warren.postbox.PostboxProperties;
import dev.warren.postbox.boxes.Boxes;
import dev.warren.postbox.boxes.Refusal;
import dev.warren.postbox.deliveries.Delivery.Outcome;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.connection.RabbitUtils;
import org.springframework.amqp.rabbit.support.RabbitExceptionTranslator;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Letters that were collected, or read in a stream, and have to be settled: each is known
 * by a handle until it is, or until its time is up.
 */
@Component
public class Deliveries {

	private final PostBox postBox;

	private final Boxes boxes;

	private final MeterRegistry meters;

	private final PostboxProperties properties;

	private final Map<String, Delivery> open = new ConcurrentHashMap<>();

	// Guarded by this.
	private final Map<String, Outcome> ended = new LinkedHashMap<>();

	Deliveries(PostBox postBox, Boxes boxes, MeterRegistry meters, PostboxProperties properties) {
		this.postBox = postBox;
		this.boxes = boxes;
		this.meters = meters;
		this.properties = properties;
		Gauge.builder("warren.postbox.handles", this.open, Map::size)
			.description("letters that are not settled yet")
			.register(meters);
	}

	/**
	 * Takes the next letter out of a box.
	 * @param box the name of the box
	 * @param acknowledged whether that settles it; if not, it has a handle by which it
	 * can be settled
	 * @return the letter, or empty if there is none
	 * @throws ProblemException if there is no such box, or too many letters are not
	 * settled
	 * @throws AmqpException if the broker cannot be reached
	 */
	public Optional<Letter> collect(String box, boolean acknowledged) {
		this.boxes.get(box);
		if (this.open.values().stream().filter(Delivery::collected).count() >= this.properties.maxHandles()) {
			throw new ProblemException(ProblemType.BUSY,
					"As many collected letters wait to be settled as warren.postbox.max-handles allows");
		}
		Channel channel = null;
		Message letter = null;
		try {
			channel = this.postBox.openChannel();
			letter = this.postBox.collect(channel, box, acknowledged);
		}
		catch (IOException | ShutdownSignalException ex) {
			throw RabbitExceptionTranslator.convertRabbitAccessException(ex);
		}
		finally {
			if (letter == null || acknowledged) {
				RabbitUtils.closeChannel(channel);
			}
		}
		if (letter == null) {
			return Optional.empty();
		}
		if (acknowledged) {
			count("auto");
		}
		return Optional.of(acknowledged ? Letter.of(letter, box, null, null) : hold(box, channel, true, letter));
	}

	/**
	 * Gives a letter a handle.
	 * @param channel the channel that holds the letter
	 * @param collected whether it holds no others
	 */
	Letter hold(String box, Channel channel, boolean collected, Message letter) {
		Delivery delivery = new Delivery(UUID.randomUUID().toString(), box, channel, collected, letter,
				Instant.now().plus(this.properties.handleTimeout()));
		this.open.put(delivery.handle(), delivery);
		return Letter.of(letter, box, delivery.handle(), delivery.expiresAt());
	}

	/**
	 * Acknowledges a letter: on return the broker has forgotten it.
	 * @param handle its handle
	 * @return what was done
	 * @throws ProblemException if there is no such handle, it is settled already, or
	 * nobody knows whether the broker has done it
	 */
	public Settlement acknowledge(String handle) {
		return settle(handle, Outcome.ACKED);
	}

	/**
	 * Rejects a letter: on return it is back in its box, or dropped.
	 * @param handle its handle
	 * @param requeue whether it goes back
	 * @return what was done
	 * @throws ProblemException as of {@link #acknowledge}
	 */
	public Settlement reject(String handle, boolean requeue) {
		return settle(handle, requeue ? Outcome.REQUEUED : Outcome.REJECTED);
	}

	private Settlement settle(String handle, Outcome wanted) {
		return settle(take(handle, Outcome.UNCERTAIN), wanted);
	}

	private Settlement settle(Delivery delivery, Outcome wanted) {
		Outcome outcome = delivery.channel().isOpen() ? Outcome.UNCERTAIN : Outcome.LOST;
		try {
			tellTheBroker(delivery, wanted);
			outcome = wanted;
			return new Settlement(delivery.handle(), delivery.box(), outcome.code());
		}
		catch (IOException | ShutdownSignalException ex) {
			if (Refusal.is(AMQP.NOT_FOUND, ex)) {
				outcome = Outcome.REJECTED;
				throw new ProblemException(ProblemType.NOT_FOUND,
						"The box '%s' was deleted, and the letter with it".formatted(delivery.box()), "handle");
			}
			throw (outcome == Outcome.LOST) ? refusal(delivery.handle(), outcome)
					: new ProblemException(ProblemType.BROKER_UNAVAILABLE,
							"The broker did not answer; the letter is settled or back in its box");
		}
		finally {
			remember(delivery.handle(), outcome);
			count(outcome.code());
			if (delivery.collected()) {
				RabbitUtils.closeChannel(delivery.channel());
			}
		}
	}

	private void tellTheBroker(Delivery delivery, Outcome wanted) throws IOException {
		Channel channel = delivery.channel();
		// That of a stream holds several letters, which are settled one after another.
		synchronized (channel) {
			if (wanted == Outcome.ACKED) {
				this.postBox.acknowledge(channel, delivery.letter());
				return;
			}
			this.postBox.reject(channel, delivery.letter(), wanted != Outcome.REJECTED);
			if (wanted == Outcome.REQUEUED) {
				// To a box that is not there any more the broker puts nothing back.
				channel.queueDeclarePassive(delivery.box());
			}
		}
	}

	// Of all who want to settle it, one gets it.
	private synchronized Delivery take(String handle, Outcome meanwhile) {
		Delivery delivery = this.open.remove(handle);
		if (delivery == null) {
			throw refusal(handle, this.ended.get(handle));
		}
		remember(handle, meanwhile);
		return delivery;
	}

	private synchronized void remember(String handle, Outcome outcome) {
		this.ended.put(handle, outcome);
		if (this.ended.size() > this.properties.rememberedHandles()) {
			this.ended.remove(this.ended.keySet().iterator().next());
		}
	}

	private static ProblemException refusal(String handle, @Nullable Outcome outcome) {
		return (outcome != null)
				? new ProblemException(ProblemType.CONFLICT,
						"The delivery '%s' %s".formatted(handle, outcome.description()), "handle")
				: new ProblemException(ProblemType.NOT_FOUND, "There is no delivery '%s'".formatted(handle), "handle");
	}

	@Scheduled(fixedDelay = 200)
	void putBackWhatIsNotSettled() {
		for (Delivery delivery : this.open.values()) {
			if (delivery.expiresAt().isBefore(Instant.now()) || !delivery.channel().isOpen()) {
				try {
					settle(take(delivery.handle(), Outcome.EXPIRED), Outcome.EXPIRED);
				}
				catch (ProblemException ex) {
					// Somebody else has settled it, or it goes back as its channel
					// closes.
				}
			}
		}
	}

	private void count(String outcome) {
		this.meters.counter("warren.postbox.collected", "outcome", outcome).increment();
	}

	/**
	 * The letters that are not settled.
	 * @return the letters, the one that goes back first at the top
	 */
	public List<OpenDelivery> list() {
		return this.open.values()
			.stream()
			.map((delivery) -> new OpenDelivery(delivery.handle(), delivery.box(), delivery.expiresAt()))
			.sorted(Comparator.comparing(OpenDelivery::expiresAt))
			.toList();
	}

	/**
	 * A letter that is settled.
	 *
	 * @param handle its handle
	 * @param box the box it came from
	 * @param state acked, rejected or requeued
	 */
	public record Settlement(String handle, String box, String state) {

	}

	/**
	 * A letter that is not settled.
	 *
	 * @param handle its handle
	 * @param box the box it came from
	 * @param expiresAt when it goes back
	 */
	public record OpenDelivery(String handle, String box, Instant expiresAt) {

	}

}
