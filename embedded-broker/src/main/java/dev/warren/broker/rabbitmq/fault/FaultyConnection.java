package dev.warren.broker.rabbitmq.fault;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import dev.warren.broker.rabbitmq.wire.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to which faults happen. Anybody may call it; what it answers comes from
 * its I/O thread, or never if the connection has gone by then.
 */
public interface FaultyConnection {

	/**
	 * Closes the socket without a word.
	 */
	void drop();

	/**
	 * Closes all channels.
	 * @return how many there were
	 */
	CompletableFuture<Integer> closeChannels(ProtocolException error);

	/**
	 * Cancels the consumers of a queue, and tells the client.
	 * @return how many there were
	 */
	CompletableFuture<Integer> cancelConsumers(String queue);

	/**
	 * Reads nothing more from a client that publishes.
	 * @param reason what the client is told by then, null to read again
	 * @return 1 when it is so
	 */
	CompletableFuture<Integer> block(Supplier<@Nullable String> reason);

}
