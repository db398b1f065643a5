package dev.warren.logs;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.warren.messaging.feed.MessageFeed;
import org.jspecify.annotations.Nullable;

/**
 * A subscription: bindings to one of the exchanges, and what came by them. Its queue
 * comes and goes with the broker.
 */
final class Subscription {

	/**
	 * The event that tells a stream's readers that lines may be missing.
	 */
	static final String GAP = "gap";

	private final String id;

	private final LogExchange exchange;

	private final MessageFeed<LogLine> feed;

	private final Consumer<LogLine> output;

	private List<Binding> bindings;

	private @Nullable String queue;

	private @Nullable Receiver receiver;

	private long received;

	private @Nullable Gap gap;

	private int gaps;

	/**
	 * Creates a subscription that has no queue yet.
	 * @param id its id
	 * @param exchange the exchange
	 * @param bindings the bindings
	 * @param feed where the lines are shown
	 * @param output where else the lines go; must not block
	 */
	Subscription(String id, LogExchange exchange, List<Binding> bindings, MessageFeed<LogLine> feed,
			Consumer<LogLine> output) {
		this.id = id;
		this.exchange = exchange;
		this.bindings = bindings;
		this.feed = feed;
		this.output = output;
	}

	String id() {
		return this.id;
	}

	LogExchange exchange() {
		return this.exchange;
	}

	MessageFeed<LogLine> feed() {
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
	 * Gives it a queue, from which this receiver is about to receive. If it had another
	 * one, its readers are told.
	 */
	synchronized void attach(String queue, Receiver receiver) {
		this.queue = queue;
		this.receiver = receiver;
		if (this.gap != null) {
			this.feed.announce(GAP, this.gap.until(Instant.now()));
			this.gap = null;
			this.gaps++;
		}
	}

	/**
	 * Takes note that its queue is gone.
	 */
	synchronized void detach(Receiver receiver, String reason) {
		if (this.receiver == receiver) {
			this.receiver = null;
			this.queue = null;
			if (this.gap == null) {
				this.gap = new Gap(reason, Instant.now(), null);
			}
		}
	}

	synchronized void receive(LogLine line, Receiver receiver) {
		// What a receiver still has in hand when its queue is gone would come after the
		// gap.
		if (this.receiver == receiver) {
			this.received++;
			this.feed.add(line);
			this.output.accept(line);
		}
	}

	/**
	 * Ends it: what its receiver still has in hand is dropped.
	 * @return whether it had a queue
	 */
	synchronized boolean end() {
		boolean attached = this.queue != null;
		this.receiver = null;
		this.queue = null;
		return attached;
	}

	synchronized Status status() {
		return Status.of(this.id, this.exchange, this.bindings, this.queue, this.received, this.gaps);
	}

	/**
	 * The bindings by which it gets a message, or {@code null} if it does not.
	 */
	synchronized @Nullable Route route(String routingKey, Map<String, ? extends @Nullable Object> headers) {
		List<Binding> matching = this.bindings.stream()
			.filter((binding) -> this.exchange.matches(binding, routingKey, headers))
			.toList();
		return (this.queue == null || matching.isEmpty()) ? null
				: Route.of(this.id, this.queue, this.exchange, matching);
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
	record Status(String id, LogExchange type, List<String> bindingKeys,
			@JsonInclude(JsonInclude.Include.NON_EMPTY) List<Map<String, @Nullable Object>> bindingHeaders,
			String exchange, @Nullable String queue, long received, int gaps) {

		static Status of(String id, LogExchange exchange, List<Binding> bindings, @Nullable String queue, long received,
				int gaps) {
			return new Status(id, exchange, exchange.keys(bindings), exchange.headers(bindings), exchange.exchange(),
					queue, received, gaps);
		}

	}

	/**
	 * That a subscription would get a message.
	 *
	 * @param id the subscription
	 * @param queue its queue
	 * @param bindingKeys the keys that match, of a direct or topic exchange
	 * @param bindingHeaders the headers that match, of a headers exchange
	 */
	record Route(String id, String queue, List<String> bindingKeys,
			@JsonInclude(JsonInclude.Include.NON_EMPTY) List<Map<String, @Nullable Object>> bindingHeaders) {

		static Route of(String id, String queue, LogExchange exchange, List<Binding> matching) {
			return new Route(id, queue, exchange.keys(matching), exchange.headers(matching));
		}

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
