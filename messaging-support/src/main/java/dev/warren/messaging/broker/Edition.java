package dev.warren.messaging.broker;

/**
 * Which text of the tutorials the defaults follow. A queue has one set of arguments, and
 * whoever declares it second with others is refused, so programs and services that share
 * a queue follow the same text.
 */
public enum Edition {

	/**
	 * The texts of 2010 to 2020: {@code hello} and {@code rpc_queue} are neither durable
	 * nor given arguments, {@code task_queue} is durable.
	 */
	CLASSIC,

	/** The official texts since 2025: all three are durable quorum queues. */
	CURRENT

}
