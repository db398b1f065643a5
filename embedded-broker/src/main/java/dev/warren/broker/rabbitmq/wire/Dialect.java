package dev.warren.broker.rabbitmq.wire;

import java.util.List;

/**
 * The RabbitMQ that is played. Whatever differs between versions is a question here, so
 * that the engine asks what it wants to know and not which version it is.
 *
 * @see <a href="https://www.rabbitmq.com/release-information">Release notes</a>
 */
public enum Dialect {

	V3_10("3.10.8"), V4_0("4.0.5"), V4_3("4.3.6");

	private static final int UNLIMITED = -1;

	private static final int MEBIBYTE = 1024 * 1024;

	private final String version;

	Dialect(String version) {
		this.version = version;
	}

	/**
	 * The version in full, as clients are told.
	 */
	public String version() {
		return this.version;
	}

	private boolean isFrom(Dialect first) {
		return compareTo(first) >= 0;
	}

	/**
	 * Whether no later version is known.
	 */
	public boolean isNewest() {
		return this == newest();
	}

	public static Dialect newest() {
		return V4_3;
	}

	// Connections

	/**
	 * The least {@code frame_max}, in bytes, that a client may negotiate.
	 */
	public int leastFrameMax() {
		return isFrom(V4_3) ? 8192 : Wire.FRAME_MIN_SIZE;
	}

	/**
	 * Whether declaring passively takes a permission, of whatever kind.
	 */
	public boolean asksForPermissionWhenPassive() {
		return isFrom(V4_3);
	}

	/**
	 * Whether what says that access is refused begins with the kind of access.
	 */
	public boolean namesRefusedAccess() {
		return isFrom(V4_0);
	}

	/**
	 * Whether the number of channels a user may have stands in brackets where one is
	 * refused.
	 */
	public boolean bracketsChannelLimit() {
		return !isFrom(V4_3);
	}

	// Publishing

	/**
	 * Whether the routing keys of the headers {@code CC} and {@code BCC} take topic
	 * permissions as well, after a look at the properties.
	 */
	public boolean checksTopicsOfCarbonCopies() {
		return isFrom(V4_0);
	}

	/**
	 * The size, in bytes, of the largest body.
	 */
	public long maxMessageSize() {
		return (isFrom(V4_0) ? 16L : 128L) * MEBIBYTE;
	}

	/**
	 * Whether a delivery mode that does not exist counts as not persistent, instead of
	 * being refused.
	 */
	public boolean takesAnyDeliveryMode() {
		return isFrom(V4_0);
	}

	/**
	 * Whether a mandatory reply that its asker got comes back as unroutable.
	 */
	public boolean returnsMandatoryReplies() {
		return !isFrom(V4_3);
	}

	// Exchanges

	/**
	 * Whether an unknown exchange type closes the channel only, not the connection.
	 */
	public boolean closesChannelForUnknownExchangeType() {
		return isFrom(V4_0);
	}

	/**
	 * Whether there is the type {@code x-local-random}.
	 */
	public boolean hasLocalRandomExchanges() {
		return isFrom(V4_0);
	}

	/**
	 * Whether a headers exchange takes integers, floats and timestamps for different
	 * things even where they are the same number.
	 */
	public boolean comparesHeadersByType() {
		return isFrom(V4_0);
	}

	/**
	 * How many {@code #} a binding key of a topic exchange may have.
	 */
	public int mostHashesInBindingKey() {
		return isFrom(V4_3) ? 2 : Integer.MAX_VALUE;
	}

	// Queues

	/**
	 * Whether a queue without {@code x-queue-type} gets it at its declaration.
	 */
	public boolean writesQueueType() {
		return isFrom(V4_0);
	}

	/**
	 * Whether a classic queue takes {@code x-queue-leader-locator}.
	 */
	public boolean placesClassicQueues() {
		return isFrom(V4_0);
	}

	/**
	 * Whether {@code x-queue-mode} still means something.
	 */
	public boolean hasQueueModes() {
		return !isFrom(V4_3);
	}

	/**
	 * Whether {@code x-queue-master-locator} is a feature that is deprecated and off.
	 */
	public boolean refusesMasterLocator() {
		return isFrom(V4_3);
	}

	/**
	 * Whether the arguments for a queue's own consumer timeouts and for a stream's filter
	 * are refused on queues of other types, instead of being unknown.
	 */
	public boolean knowsArgumentsOf43() {
		return isFrom(V4_3);
	}

	/**
	 * How often a message may come back to a quorum queue that does not say so itself; -1
	 * for any number.
	 */
	public int quorumDeliveryLimit() {
		return isFrom(V4_0) ? 20 : UNLIMITED;
	}

	/**
	 * Whether a message that was given back with {@code basic.nack} or
	 * {@code basic.recover}, and not with {@code basic.reject} or by the end of a
	 * channel, counts for the delivery limit. If not, a quorum queue also tells in
	 * {@code x-acquired-count} how often a message was delivered before.
	 */
	public boolean countsNacks() {
		return !isFrom(V4_3);
	}

	/**
	 * What {@code basic.get} calls quorum queues when it refuses one.
	 */
	public String nameOfQuorumQueues() {
		return isFrom(V4_3) ? "<<\"quorum\">>" : "quorum";
	}

	/**
	 * How many priorities a quorum queue has.
	 */
	public int quorumPriorities() {
		if (isFrom(V4_3)) {
			return 32;
		}
		return isFrom(V4_0) ? 2 : 1;
	}

	// Consuming

	/**
	 * Whether queues take {@code x-consumer-timeout}.
	 */
	public boolean hasTimeoutsOfQueues() {
		return isFrom(V4_0);
	}

	/**
	 * Whether only quorum queues have consumer timeouts, and take back what was not
	 * settled in time. If not, the channel that is late with its oldest delivery closes.
	 */
	public boolean takesBackFromLateConsumers() {
		return isFrom(V4_3);
	}

	/**
	 * Whether a global prefetch is shared by the consumers of its channel. If not, each
	 * of them gets it.
	 */
	public boolean sharesGlobalPrefetch() {
		return !isFrom(V4_3);
	}

	/**
	 * Whether classic queues may have mirrors, and consumers arguments for that.
	 */
	public boolean hasMirroredQueues() {
		return !isFrom(V4_0);
	}

	/**
	 * The arguments of consumers that only a stream knows.
	 */
	public List<String> streamConsumerArguments() {
		return isFrom(V4_0) ? List.of("x-stream-offset", "x-stream-filter", "x-stream-match-unfiltered")
				: List.of("x-stream-offset");
	}

	// Dead letters

	/**
	 * Whether {@code x-death} is what the broker knows, whatever clients wrote there.
	 */
	public boolean keepsDeathsItself() {
		return isFrom(V4_0);
	}

	/**
	 * Whether headers tell of the last death as well as of the first.
	 */
	public boolean tellsLastDeath() {
		return isFrom(V4_0);
	}

	/**
	 * Whether the header {@code CC} stays when {@code x-dead-letter-routing-key} takes
	 * the place of the keys in it.
	 */
	public boolean deadLettersKeepCarbonCopies() {
		return isFrom(V4_0);
	}

	/**
	 * Whether a message that dies after somebody who had it failed, which a
	 * {@code basic.nack} does not say, is a redelivered one where it is dead-lettered to.
	 */
	public boolean deadLettersAreRedelivered() {
		return isFrom(V4_3);
	}

}
