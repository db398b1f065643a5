package dev.warren.broker.management.sample;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.warren.broker.rabbitmq.channel.ChannelSnapshot;
import dev.warren.broker.rabbitmq.connection.ConnectionSnapshot;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.routing.Exchange;
import dev.warren.broker.rabbitmq.stats.Traffic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every five seconds at what the engine has counted, on a thread of its own. What
 * has gone is forgotten.
 */
public final class Sampler implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Sampler.class);

	/** Of more than so many queues, or anything else, only a minute is kept. */
	private static final int MANY = 1000;

	private final Supplier<List<VirtualHost>> virtualHosts;

	private final Function<VirtualHost, List<ConnectionSnapshot>> connections;

	private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread created = new Thread(task, "management-samples");
		created.setDaemon(true);
		return created;
	});

	/** By the object that counts; never changed, but replaced. */
	private volatile Map<Object, Samples> samples = Map.of();

	private final Samples total = new Samples(Span.DAY);

	/**
	 * Begins to look.
	 * @param virtualHosts those that are running
	 * @param connections those to a virtual host
	 */
	public Sampler(Supplier<List<VirtualHost>> virtualHosts,
			Function<VirtualHost, List<ConnectionSnapshot>> connections) {
		this.virtualHosts = virtualHosts;
		this.connections = connections;
		sample();
		long now = System.currentTimeMillis();
		this.thread.scheduleAtFixedRate(this::sample, Samples.TICK_MILLIS - now % Samples.TICK_MILLIS,
				Samples.TICK_MILLIS, TimeUnit.MILLISECONDS);
	}

	/**
	 * The samples of the broker as a whole.
	 */
	public Samples total() {
		return this.total;
	}

	/**
	 * The samples of something.
	 * @param stats the object that counts, of a virtual host, queue, exchange, connection
	 * or channel
	 */
	public Samples of(Object stats) {
		return this.samples.getOrDefault(stats, Samples.NONE);
	}

	private void sample() {
		try {
			look(System.currentTimeMillis() / Samples.TICK_MILLIS);
		}
		catch (RuntimeException ex) {
			// A virtual host may be gone meanwhile. The next time all is well again.
			logger.debug("Samples are missing", ex);
		}
	}

	private void look(long tick) {
		Look look = new Look(tick, this.samples);
		long[] sum = new long[Columns.ALL];
		for (VirtualHost virtualHost : this.virtualHosts.get()) {
			long[] row = look.at(virtualHost, this.connections.apply(virtualHost));
			for (int i = 0; i < sum.length; i++) {
				sum[i] += row[i];
			}
		}
		this.total.add(tick, sum);
		this.samples = look.found;
	}

	@Override
	public void close() {
		this.thread.shutdownNow();
	}

	/**
	 * One look at everything.
	 */
	private static final class Look {

		private final long tick;

		private final Map<Object, Samples> before;

		private final Map<Object, Samples> found;

		private final long[] pair = new long[2];

		private final long[] ofChannel = new long[Columns.OF_CHANNEL];

		private final long[] ofQueue = new long[Columns.OF_QUEUE];

		Look(long tick, Map<Object, Samples> before) {
			this.tick = tick;
			this.before = before;
			this.found = new IdentityHashMap<>(before.size());
		}

		long[] at(VirtualHost virtualHost, List<ConnectionSnapshot> connections) {
			long[] row = new long[Columns.ALL];
			Columns.put(row, virtualHost.stats().total());
			Columns.put(row, virtualHost.stats());
			atQueues(virtualHost, row);
			atExchanges(virtualHost);
			for (ConnectionSnapshot connection : connections) {
				Traffic traffic = connection.traffic();
				this.pair[Columns.CONNECTION_RECEIVED] = traffic.octetsReceived();
				this.pair[Columns.CONNECTION_SENT] = traffic.octetsSent();
				row[Columns.OCTETS_RECEIVED] += this.pair[Columns.CONNECTION_RECEIVED];
				row[Columns.OCTETS_SENT] += this.pair[Columns.CONNECTION_SENT];
				add(traffic, spans(connections.size(), Span.DETAILED), this.pair);
				for (ChannelSnapshot channel : connection.channels()) {
					Columns.put(this.ofChannel, channel.stats().counters());
					add(channel.stats(), spans(connections.size(), Span.DETAILED), this.ofChannel);
				}
			}
			add(virtualHost.stats(), Span.BASIC, row);
			return row;
		}

		private void atQueues(VirtualHost virtualHost, long[] sum) {
			List<Span> spans = spans(virtualHost.queues().all().size(), Span.BASIC);
			for (MessageQueue queue : virtualHost.queues().all()) {
				Columns.put(this.ofQueue, queue.stats().counters());
				int ready = queue.readyCount();
				long unacknowledged = Math.max(0, queue.stats().messages().sum() - ready);
				this.ofQueue[Columns.READY] = ready;
				this.ofQueue[Columns.UNACKNOWLEDGED] = unacknowledged;
				this.ofQueue[Columns.MESSAGES] = ready + unacknowledged;
				sum[Columns.READY] += ready;
				sum[Columns.UNACKNOWLEDGED] += unacknowledged;
				sum[Columns.MESSAGES] += ready + unacknowledged;
				add(queue.stats(), spans, this.ofQueue);
			}
		}

		private void atExchanges(VirtualHost virtualHost) {
			List<Span> spans = spans(virtualHost.exchanges().all().size(), Span.BASIC);
			for (Exchange exchange : virtualHost.exchanges().all()) {
				this.pair[Columns.EXCHANGE_IN] = exchange.stats().in();
				this.pair[Columns.EXCHANGE_OUT] = exchange.stats().out();
				add(exchange.stats(), spans, this.pair);
			}
		}

		private static List<Span> spans(int count, List<Span> few) {
			return (count > MANY) ? Span.SHORT : few;
		}

		private void add(Object stats, List<Span> spans, long[] row) {
			Samples known = this.before.get(stats);
			Samples kept = (known != null) ? known : new Samples(spans);
			kept.add(this.tick, row);
			this.found.put(stats, kept);
		}

	}

}
