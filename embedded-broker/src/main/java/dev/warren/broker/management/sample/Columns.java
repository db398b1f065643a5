package dev.warren.broker.management.sample;

import dev.warren.broker.rabbitmq.stats.Churn;
import dev.warren.broker.rabbitmq.stats.Count;
import dev.warren.broker.rabbitmq.stats.Counters;
import dev.warren.broker.rabbitmq.stats.VirtualHostStats;

/**
 * Where each value is in the {@link Samples} of a virtual host and of the broker; those
 * of queues and channels end earlier.
 */
public final class Columns {

	private static final Count[] COUNTS = Count.values();

	private static final Churn[] CHURN = Churn.values();

	/** After each {@link Count}. */
	public static final int DELIVER_GET = COUNTS.length;

	/** Samples of a channel end here. */
	static final int OF_CHANNEL = DELIVER_GET + 1;

	public static final int READY = OF_CHANNEL;

	public static final int UNACKNOWLEDGED = READY + 1;

	public static final int MESSAGES = UNACKNOWLEDGED + 1;

	/** Samples of a queue end here. */
	static final int OF_QUEUE = MESSAGES + 1;

	public static final int OCTETS_RECEIVED = OF_QUEUE;

	public static final int OCTETS_SENT = OCTETS_RECEIVED + 1;

	/** The first {@link Churn}. */
	public static final int CHURNED = OCTETS_SENT + 1;

	static final int ALL = CHURNED + CHURN.length;

	/** Of a connection, which has nothing else. */
	public static final int CONNECTION_RECEIVED = 0;

	/** Of a connection. */
	public static final int CONNECTION_SENT = 1;

	/** Of an exchange, which has nothing else. */
	public static final int EXCHANGE_IN = 0;

	/** Of an exchange. */
	public static final int EXCHANGE_OUT = 1;

	private Columns() {
	}

	static void put(long[] row, Counters counters) {
		for (Count count : COUNTS) {
			row[count.ordinal()] = counters.get(count);
		}
		row[DELIVER_GET] = deliverGet(counters);
	}

	/**
	 * What RabbitMQ calls {@code deliver_get}: all that was handed to clients.
	 */
	public static long deliverGet(Counters counters) {
		return counters.get(Count.DELIVER) + counters.get(Count.DELIVER_NO_ACK) + counters.get(Count.GET)
				+ counters.get(Count.GET_NO_ACK);
	}

	static void put(long[] row, VirtualHostStats stats) {
		for (Churn churn : CHURN) {
			row[CHURNED + churn.ordinal()] = stats.get(churn);
		}
	}

}
