package dev.warren.broker.management;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.warren.broker.Administration;
import dev.warren.broker.rabbitmq.channel.ChannelSnapshot;
import dev.warren.broker.rabbitmq.connection.ConnectionSnapshot;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.routing.Exchange;
import dev.warren.broker.rabbitmq.stats.Churn;
import dev.warren.broker.rabbitmq.stats.Count;
import dev.warren.broker.rabbitmq.stats.Counters;
import dev.warren.broker.rabbitmq.stats.Traffic;

/**
 * The metrics that RabbitMQ's Prometheus plugin has, in its names, as far as there are
 * such things here.
 *
 * @see <a href="https://www.rabbitmq.com/docs/prometheus">Monitoring with Prometheus</a>
 */
final class Metrics {

	private final Exposition out;

	private final List<VirtualHost> virtualHosts;

	private final List<MessageQueue> queues;

	private final List<ConnectionSnapshot> connections = new ArrayList<>();

	private final List<OfChannel> channels = new ArrayList<>();

	/**
	 * @param virtualHosts those that are wanted
	 * @param connections those to a virtual host
	 */
	Metrics(Exposition out, List<VirtualHost> virtualHosts,
			Function<VirtualHost, List<ConnectionSnapshot>> connections) {
		this.out = out;
		this.virtualHosts = virtualHosts;
		this.queues = virtualHosts.stream().flatMap((one) -> one.queues().all().stream()).toList();
		virtualHosts.forEach((one) -> this.connections.addAll(connections.apply(one)));
		for (ConnectionSnapshot connection : this.connections) {
			connection.channels().forEach((channel) -> this.channels.add(new OfChannel(connection, channel)));
		}
	}

	void write(Administration.Usage usage) {
		churn();
		node(usage);
		queues();
		channels();
		connections();
		exchanges();
		objects();
		protocol();
		virtualHosts();
		if (!this.out.isDetailed()) {
			process(usage);
		}
	}

	private void process(Administration.Usage usage) {
		named("alarms_free_disk_space_watermark", "Whether publishers are blocked for lack of disk",
				usage.shortOfDisk() ? 1 : 0);
		named("alarms_memory_used_watermark", "Whether publishers are blocked for lack of memory",
				usage.shortOfMemory() ? 1 : 0);
		named("unreachable_cluster_peers_count", "Nodes that cannot be reached", 0);
		this.out.named("process_start_time_seconds", "When the process started", List.of(""), (none) -> none,
				(none) -> ManagementFactory.getRuntimeMXBean().getStartTime() / 1000);
	}

	private void named(String name, String help, double value) {
		this.out.named("rabbitmq_" + name, help, List.of(""), (none) -> none, (none) -> value);
	}

	private void churn() {
		this.out.group("connection_churn_metrics");
		churn("connections_opened_total", "Connections opened", Churn.CONNECTION_CREATED);
		churn("connections_closed_total", "Connections closed", Churn.CONNECTION_CLOSED);
		churn("channels_opened_total", "Channels opened", Churn.CHANNEL_CREATED);
		churn("channels_closed_total", "Channels closed", Churn.CHANNEL_CLOSED);
		churn("queues_declared_total", "Queues declared", Churn.QUEUE_DECLARED);
		churn("queues_created_total", "Queues created", Churn.QUEUE_CREATED);
		churn("queues_deleted_total", "Queues deleted", Churn.QUEUE_DELETED);
	}

	private void churn(String name, String help, Churn churn) {
		this.out.one(name, help, this.virtualHosts.stream().mapToLong((one) -> one.stats().get(churn)).sum());
	}

	private void node(Administration.Usage usage) {
		this.out.group("node_coarse_metrics");
		this.out.one("process_open_fds", "Open file descriptors",
				NodeController.files(UnixOperatingSystemMXBean::getOpenFileDescriptorCount));
		this.out.one("process_resident_memory_bytes", "Memory of messages, in bytes", usage.memory());
		this.out.one("disk_space_available_bytes", "Disk space available in bytes", usage.diskFree());
		this.out.group("node_metrics");
		this.out.one("process_max_fds", "Open file descriptors limit",
				NodeController.files(UnixOperatingSystemMXBean::getMaxFileDescriptorCount));
		this.out.one("resident_memory_limit_bytes", "Memory of messages above which publishers are blocked, in bytes",
				usage.memoryLimit());
		this.out.one("disk_space_available_limit_bytes", "Free disk space below which publishers are blocked, in bytes",
				usage.diskFreeLimit());
		this.out.one("erlang_uptime_seconds", "How long the process has been running",
				ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
	}

	private void queues() {
		if (this.out.group("queue_coarse_metrics")) {
			queue("queue_messages_ready", "Messages ready to be delivered", MessageQueue::readyCount);
			queue("queue_messages_unacked", "Messages delivered but not yet acknowledged",
					(queue) -> messages(queue) - queue.readyCount());
			queue("queue_messages", "Messages ready and unacknowledged", Metrics::messages);
		}
		this.out.group("queue_consumer_count", "queue_metrics");
		queue("queue_consumers", "Consumers on a queue", (queue) -> queue.consumers().size());
		this.out.group("queue_delivery_metrics");
		queue("queue_get_ack_total", "Messages got, to be acknowledged", count(Count.GET));
		queue("queue_get_total", "Messages got, acknowledged by that", count(Count.GET_NO_ACK));
		queue("queue_messages_delivered_ack_total", "Messages delivered, to be acknowledged", count(Count.DELIVER));
		queue("queue_messages_delivered_total", "Messages delivered, acknowledged by that",
				count(Count.DELIVER_NO_ACK));
		queue("queue_messages_redelivered_total", "Messages delivered once more", count(Count.REDELIVER));
		queue("queue_messages_acked_total", "Messages acknowledged", count(Count.ACK));
		queue("queue_get_empty_total", "How often there was nothing to get", count(Count.GET_EMPTY));
		this.out.group("channel_queue_exchange_metrics", "queue_exchange_metrics");
		this.out.each("queue_messages_published_total", "Messages published to a queue", this.queues,
				(queue) -> Exposition.labels("queue_vhost", queue.queues().virtualHostName(), "queue", queue.name()),
				count(Count.PUBLISH));
		if (this.out.isAggregated()) {
			queue("queue_exchange_messages_published_total", "Messages published to a queue", count(Count.PUBLISH));
		}
		this.out.group("queue_metrics");
		if (!this.out.isAggregated()) {
			this.out.each(
					"queue_info", "The type of a queue", this.queues, (queue) -> labels(queue) + "," + Exposition
						.labels("queue_type", queueType(queue.arguments().quorum()), "membership", "leader"),
					(queue) -> 1);
		}
	}

	private static double messages(MessageQueue queue) {
		return Math.max(queue.readyCount(), queue.stats().messages().sum());
	}

	private static String queueType(boolean quorum) {
		return quorum ? "rabbit_quorum_queue" : "rabbit_classic_queue";
	}

	private static ToDoubleFunction<MessageQueue> count(Count count) {
		return (queue) -> queue.stats().counters().get(count);
	}

	private void queue(String name, String help, ToDoubleFunction<MessageQueue> value) {
		this.out.each(name, help, this.queues, Metrics::labels, value);
	}

	private static String labels(MessageQueue queue) {
		return Exposition.labels("vhost", queue.queues().virtualHostName(), "queue", queue.name());
	}

	private void channels() {
		this.out.group("channel_metrics");
		channel("channel_consumers", "Consumers on a channel", (channel) -> channel.consumers().size());
		channel("channel_messages_unacked", "Delivered but not yet acknowledged messages",
				ChannelSnapshot::unacknowledged);
		channel("channel_messages_unconfirmed", "Published but not yet confirmed messages",
				ChannelSnapshot::unconfirmed);
		channel("channel_messages_uncommitted", "Messages published in a transaction", ChannelSnapshot::uncommitted);
		channel("channel_acks_uncommitted", "Messages settled in a transaction", ChannelSnapshot::acksUncommitted);
		channel("consumer_prefetch", "Limit of unacknowledged messages of each consumer", ChannelSnapshot::prefetch);
		if (this.out.isAggregated()) {
			channel("channel_prefetch", "Limit of unacknowledged messages of all consumers together",
					ChannelSnapshot::globalPrefetch);
		}
		this.out.group("channel_exchange_metrics");
		counted("channel_messages_published_total", "Messages published", Count.PUBLISH);
		counted("channel_messages_confirmed_total", "Messages confirmed", Count.CONFIRM);
		counted("channel_messages_unroutable_returned_total", "Messages without a queue, returned",
				Count.RETURN_UNROUTABLE);
		counted("channel_messages_unroutable_dropped_total", "Messages without a queue, dropped",
				Count.DROP_UNROUTABLE);
		this.out.group("channel_queue_metrics");
		counted("channel_get_ack_total", "Messages got, to be acknowledged", Count.GET);
		counted("channel_get_total", "Messages got, acknowledged by that", Count.GET_NO_ACK);
		counted("channel_messages_delivered_ack_total", "Messages delivered, to be acknowledged", Count.DELIVER);
		counted("channel_messages_delivered_total", "Messages delivered, acknowledged by that", Count.DELIVER_NO_ACK);
		counted("channel_messages_redelivered_total", "Messages delivered once more", Count.REDELIVER);
		counted("channel_messages_acked_total", "Messages acknowledged", Count.ACK);
		counted("channel_get_empty_total", "How often there was nothing to get", Count.GET_EMPTY);
	}

	private void channel(String name, String help, ToDoubleFunction<ChannelSnapshot> value) {
		this.out.each(name, help, this.channels, (one) -> Exposition.labels("channel", one.name()),
				(one) -> value.applyAsDouble(one.channel()));
	}

	/**
	 * What channels did; their sum has those in it that are closed.
	 */
	private void counted(String name, String help, Count count) {
		if (this.out.isAggregated()) {
			this.out.one(name, help, total(count));
		}
		else {
			this.out.each(name, help, this.channels,
					(one) -> Exposition.labels("channel", one.name(), "vhost", one.connection().virtualHost()),
					(one) -> one.channel().stats().counters().get(count));
		}
	}

	private double total(Count count) {
		return this.virtualHosts.stream().mapToLong((one) -> one.stats().total().get(count)).sum();
	}

	private void connections() {
		this.out.group("connection_coarse_metrics");
		traffic("connection_incoming_bytes_total", "Bytes received on a connection", Traffic::octetsReceived);
		traffic("connection_outgoing_bytes_total", "Bytes sent on a connection", Traffic::octetsSent);
		this.out.group("connection_metrics");
		traffic("connection_incoming_packets_total", "Packets received on a connection", Traffic::reads);
		traffic("connection_outgoing_packets_total", "Packets sent on a connection", Traffic::writes);
		traffic("connection_pending_packets", "Packets waiting to be sent on a connection", (traffic) -> 0);
		this.out.each("connection_channels", "Channels on a connection", this.connections, Metrics::labels,
				(one) -> one.channels().size());
	}

	private void traffic(String name, String help, ToDoubleFunction<Traffic> value) {
		this.out.each(name, help, this.connections, Metrics::labels, (one) -> value.applyAsDouble(one.traffic()));
	}

	/**
	 * The label is called that by RabbitMQ, too.
	 */
	private static String labels(ConnectionSnapshot connection) {
		return Exposition.labels("channel", connection.name());
	}

	private void exchanges() {
		this.out.group("exchange_metrics");
		List<OfExchange> published = this.virtualHosts.stream()
			.flatMap((one) -> one.exchanges().all().stream().map((exchange) -> new OfExchange(one.name(), exchange)))
			.filter((one) -> one.exchange().stats().in() > 0)
			.toList();
		this.out.each("exchange_messages_published_total", "Messages published to an exchange", published,
				(one) -> Exposition.labels("vhost", one.virtualHost(), "exchange", one.exchange().name()),
				(one) -> one.exchange().stats().in());
		if (this.out.isAggregated()) {
			counted("exchange_messages_confirmed_total", "Messages confirmed", Count.CONFIRM);
			counted("exchange_messages_unroutable_returned_total", "Messages without a queue, returned",
					Count.RETURN_UNROUTABLE);
			counted("exchange_messages_unroutable_dropped_total", "Messages without a queue, dropped",
					Count.DROP_UNROUTABLE);
		}
	}

	private void objects() {
		if (this.out.isDetailed()) {
			return;
		}
		this.out.one("connections", "Connections currently open", this.connections.size());
		this.out.one("channels", "Channels currently open", this.channels.size());
		this.out.one("consumers", "Consumers currently connected",
				this.queues.stream().mapToInt((queue) -> queue.consumers().size()).sum());
		this.out.one("queues", "Queues available", this.queues.size());
	}

	private void protocol() {
		if (this.out.isDetailed()) {
			return;
		}
		protocol("confirmed", Count.CONFIRM);
		protocol("received", Count.PUBLISH);
		protocol("unroutable_dropped", Count.DROP_UNROUTABLE);
		protocol("unroutable_returned", Count.RETURN_UNROUTABLE);
		this.out.named("rabbitmq_global_consumers", "Consumers", List.of(""), (none) -> "protocol=\"amqp091\"",
				(none) -> this.queues.stream().mapToInt((queue) -> queue.consumers().size()).sum());
		this.out.named("rabbitmq_global_messages_routed_total", "Messages routed to queues", List.of(""),
				(none) -> "protocol=\"amqp091\"", (none) -> byType(false, Count.PUBLISH) + byType(true, Count.PUBLISH));
		byType("acknowledged", Count.ACK);
		byType("delivered", Count.DELIVER, Count.DELIVER_NO_ACK, Count.GET, Count.GET_NO_ACK);
		byType("delivered_consume_auto_ack", Count.DELIVER_NO_ACK);
		byType("delivered_consume_manual_ack", Count.DELIVER);
		byType("delivered_get_auto_ack", Count.GET_NO_ACK);
		byType("delivered_get_manual_ack", Count.GET);
		byType("get_empty", Count.GET_EMPTY);
		byType("redelivered", Count.REDELIVER);
	}

	private void protocol(String what, Count count) {
		this.out.named("rabbitmq_global_messages_" + what + "_total", help(what), List.of(""),
				(none) -> "protocol=\"amqp091\"", (none) -> total(count));
	}

	private static String help(String what) {
		return "Messages " + what.replace('_', ' ').toLowerCase(Locale.ROOT);
	}

	private void byType(String what, Count... counts) {
		this.out.named("rabbitmq_global_messages_" + what + "_total", help(what), List.of(false, true),
				(quorum) -> Exposition.labels("protocol", "amqp091", "queue_type", queueType(quorum)),
				(quorum) -> byType(quorum, counts));
	}

	/**
	 * Of all queues of a type, those that are deleted among them.
	 */
	private double byType(boolean quorum, Count... counts) {
		Counters sum = new Counters();
		this.virtualHosts.forEach((one) -> sum.addAll(one.stats().ofDeletedQueues(quorum)));
		this.queues.stream()
			.filter((queue) -> queue.arguments().quorum() == quorum)
			.forEach((queue) -> sum.addAll(queue.stats().counters()));
		double total = 0;
		for (Count count : counts) {
			total += sum.get(count);
		}
		return total;
	}

	private void virtualHosts() {
		if (!this.out.isDetailed()) {
			return;
		}
		this.out.group("vhost_status");
		this.out.named("rabbitmq_cluster_vhost_status", "Whether a virtual host is running", this.virtualHosts,
				(one) -> Exposition.labels("vhost", one.name()), (one) -> 1);
		List<OfExchange> exchanges = this.virtualHosts.stream()
			.flatMap((one) -> one.exchanges().all().stream().map((exchange) -> new OfExchange(one.name(), exchange)))
			.toList();
		this.out.group("exchange_bindings");
		this.out.named("rabbitmq_cluster_exchange_bindings", "Bindings of an exchange", exchanges, OfExchange::labels,
				(one) -> one.exchange().bindings().size());
		this.out.group("exchange_names");
		this.out.named("rabbitmq_cluster_exchange_name", "An exchange", exchanges, OfExchange::labels, (one) -> 1);
	}

	/**
	 * A channel, and whose it is.
	 */
	private record OfChannel(ConnectionSnapshot connection, ChannelSnapshot channel) {

		String name() {
			return ConnectionView.channelName(this.connection, this.channel.number());
		}

	}

	/**
	 * An exchange, and where it is.
	 */
	private record OfExchange(String virtualHost, Exchange exchange) {

		String labels() {
			return Exposition.labels("vhost", this.virtualHost, "exchange", this.exchange.name(), "type",
					this.exchange.definition().type().wireName());
		}

	}

}
