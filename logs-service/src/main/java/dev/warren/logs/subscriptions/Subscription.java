package dev.warren.logs.subscriptions;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.warren.messaging.feed.MessageFeed;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;

/**
 * A subscription: bindings to one of the exchanges, and what came by them. Its queue
 * comes and goes with the connection to the broker.
 */
public final class Subscription {

	/**
	 * The event that tells a stream's readers that lines may be missing.
	 */
	private static final String GAP = "gap";

	private final String id;

	private final LogType type;

	private final MessageFeed<LogLine> feed;

	private final Lock change = new ReentrantLock();

	private List<Binding> bindings;

	private @Nullable String queue;

	private volatile @Nullable DirectMessageListenerContainer container;

	private long received;

	private @Nullable Gap gap;

	private int gaps;

	Subscription(String id, LogType type, List<Binding> bindings, MessageFeed<LogLine> feed) {
		this.id = id;
		this.type = type;
		this.bindings = bindings;
		this.feed = feed;
	}

	/**
	 * Its id.
	 * @return the id
	 */
	public String id() {
		return this.id;
	}

	/**
	 * The type of its exchange.
	 * @return the type
	 */
	public LogType type() {
		return this.type;
	}

	/**
	 * What it received.
	 * @return the feed
	 */
	public MessageFeed<LogLine> feed() {
		return this.feed;
	}

	synchronized List<Binding> bindings() {
		return this.bindings;
	}

	synchronized void rebound(List<Binding> bindings) {
		this.bindings = bindings;
	}

	/**
	 * The name of its queue, or {@code null} while it has none: the broker is away.
	 */
	synchronized @Nullable String queue() {
		return this.queue;
	}

	/**
	 * Does what changes its queue on the broker, one change at a time.
	 */
	void change(Runnable task) {
		this.change.lock();
		try {
			task.run();
		}
		finally {
			this.change.unlock();
		}
	}

	/**
	 * Takes note of its queue, and what receives from it. If it had another queue before,
	 * its readers are told.
	 */
	synchronized void opened(String queue, DirectMessageListenerContainer container) {
		this.queue = queue;
		this.container = container;
		if (this.gap != null) {
			this.feed.announce(GAP, this.gap.until(Instant.now()));
			this.gap = null;
			this.gaps++;
		}
	}

	/**
	 * Takes note that a queue, if it is this one's, is gone.
	 */
	synchronized void lost(String queue, String reason) {
		if (queue.equals(this.queue)) {
			this.queue = null;
			this.gap = new Gap(reason, Instant.now(), null);
		}
	}

	/**
	 * Ends what receives, if anything does. With its only consumer the queue goes.
	 */
	void close() {
		DirectMessageListenerContainer current = this.container;
		if (current != null) {
			current.stop(() -> {
			});
		}
	}

	synchronized void receive(Message message) {
		// What is still in hand when the queue is gone would come after the gap.
		if (String.valueOf(message.getMessageProperties().getConsumerQueue()).equals(this.queue)) {
			this.received++;
			this.feed.add(LogLine.of(message));
		}
	}

	/**
	 * The subscription as it is.
	 * @return its status
	 */
	public synchronized Status status() {
		return new Status(this.id, this.type, this.type.keys(this.bindings), this.type.headers(this.bindings),
				this.type.exchange(), this.queue, this.received, this.gaps);
	}

	/**
	 * The bindings by which it would get a message.
	 * @param routingKey the message's routing key
	 * @param headers the message's headers
	 * @return the route, or nothing if it would not get the message
	 */
	public synchronized Optional<Route> route(String routingKey, Map<String, ? extends @Nullable Object> headers) {
		List<Binding> matching = this.bindings.stream()
			.filter((binding) -> this.type.matches(binding, routingKey, headers))
			.toList();
		return (this.queue == null || matching.isEmpty()) ? Optional.empty()
				: Optional.of(new Route(this.id, this.queue, this.type.keys(matching), this.type.headers(matching)));
	}

	/**
	 * A subscription as it is.
	 *
	 * @param id its id
	 * @param type the type of its exchange
	 * @param bindingKeys its bindings, of a direct or topic exchange
	 * @param bindingHeaders its bindings, of a headers exchange
	 * @param exchange its exchange
	 * @param queue its queue, null while the broker is away
	 * @param received how many lines it got
	 * @param gaps how often it lost its queue, and with it maybe lines
	 */
	public record Status(String id, LogType type, List<String> bindingKeys,
			@JsonInclude(JsonInclude.Include.NON_EMPTY) List<Map<String, @Nullable Object>> bindingHeaders,
			String exchange, @Nullable String queue, long received, int gaps) {

	}

	/**
	 * That a subscription would get a message.
	 *
	 * @param id the subscription
	 * @param queue its queue
	 * @param bindingKeys the keys that match, of a direct or topic exchange
	 * @param bindingHeaders the headers that match, of a headers exchange
	 */
	public record Route(String id, String queue, List<String> bindingKeys,
			@JsonInclude(JsonInclude.Include.NON_EMPTY) List<Map<String, @Nullable Object>> bindingHeaders) {

	}

	/**
	 * A time in which lines may have been missed.
	 *
	 * @param reason why
	 * @param since when it began
	 * @param until when it ended
	 */
	record Gap(String reason, Instant since, @Nullable Instant until) {

		Gap until(Instant end) {
			return new Gap(this.reason, this.since, end);
		}

	}

}
