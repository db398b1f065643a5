package dev.warren.broker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import dev.warren.broker.rabbitmq.event.Event;
import dev.warren.broker.rabbitmq.event.Happening;
import dev.warren.broker.rabbitmq.host.LocalClient;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.routing.Exchange;
import dev.warren.broker.rabbitmq.store.MessageSnapshot;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * What a test sees of a virtual host.
 */
final class VirtualHostView {

	/** More octets do not fit into a short string. */
	private static final int LONGEST_KEY = 255;

	private final Supplier<VirtualHost> engine;

	private final Timeline timeline;

	/**
	 * @param engine the virtual host, for as long as there is one
	 * @param keepsTimeline whether to note what happens there
	 */
	VirtualHostView(Supplier<VirtualHost> engine, boolean keepsTimeline) {
		this.engine = engine;
		this.timeline = new Timeline(keepsTimeline);
		if (keepsTimeline) {
			engine.get().queues().events().listen(MessageSnapshot.MOST_OCTETS, this::note);
		}
	}

	private void note(Event event) {
		// A test looks at its messages, and not at what is said of them.
		if (event.happening() != Happening.CONFIRMED && event.happening() != Happening.NACKED) {
			this.timeline.add(event);
		}
	}

	Timeline timeline() {
		return this.timeline;
	}

	@Nullable MessageQueue queue(String name) {
		return this.engine.get().queues().queue(name);
	}

	MessageQueue existing(String name) {
		MessageQueue queue = queue(name);
		if (queue == null) {
			throw new IllegalArgumentException("There is no queue '%s' in the virtual host '%s', only %s"
				.formatted(name, this.engine.get().name(), this.engine.get().queues().names()));
		}
		return queue;
	}

	Collection<String> queueNames() {
		return this.engine.get().queues().names();
	}

	@Nullable Exchange exchange(String name) {
		return this.engine.get().exchanges().exchange(name);
	}

	Exchange existingExchange(String name) {
		Exchange exchange = exchange(name);
		if (exchange == null) {
			throw new IllegalArgumentException(
					"There is no exchange '%s' in the virtual host '%s'".formatted(name, this.engine.get().name()));
		}
		return exchange;
	}

	List<String> publish(String exchange, String routingKey, BrokerMessage message) {
		if (routingKey.getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY) {
			throw new IllegalArgumentException("A routing key has at most 255 octets: " + routingKey);
		}
		try {
			return new LocalClient(this.engine.get(), "test").publish(existingExchange(exchange), routingKey,
					message.properties(), message.wholeBody());
		}
		catch (ProtocolException ex) {
			throw new IllegalArgumentException(ex.getMessage(), ex);
		}
	}

	Optional<BrokerMessage> get(String queue) {
		MessageSnapshot message = new LocalClient(this.engine.get(), "test").get(existing(queue));
		return Optional.ofNullable(message).map(BrokerMessage::new);
	}

	void await(String what, Duration atMost, BooleanSupplier condition, Supplier<String> story) {
		if (!this.timeline.holdsWithin(atMost, condition)) {
			throw new AssertionError("Waited %d ms in vain for %s. What happened:%n%s"
				.formatted(TimeUnit.MILLISECONDS.convert(atMost), what, story.get()));
		}
	}

}
