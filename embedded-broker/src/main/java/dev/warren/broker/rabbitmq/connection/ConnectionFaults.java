package dev.warren.broker.rabbitmq.connection;

import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

import dev.warren.broker.rabbitmq.fault.FaultyConnection;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * The faults of a connection, each on its I/O thread.
 */
final class ConnectionFaults implements FaultyConnection {

	private final ClientConnection connection;

	private final Channels channels;

	private final Blocking blocking;

	ConnectionFaults(ClientConnection connection, Channels channels, Blocking blocking) {
		this.connection = connection;
		this.channels = channels;
		this.blocking = blocking;
	}

	@Override
	public void drop() {
		this.connection.execute(() -> this.connection.drop("a fault of the test drops connections"));
	}

	@Override
	public CompletableFuture<Integer> closeChannels(ProtocolException error) {
		return count(() -> this.channels.toEach((channel) -> {
			channel.failUnprovoked(error);
			return 1;
		}));
	}

	@Override
	public CompletableFuture<Integer> cancelConsumers(String queue) {
		return count(() -> this.channels.toEach((channel) -> channel.cancelConsumers(queue)));
	}

	@Override
	public CompletableFuture<Integer> block(Supplier<@Nullable String> reason) {
		return count(() -> {
			this.blocking.fault(reason.get());
			return 1;
		});
	}

	private CompletableFuture<Integer> count(IntSupplier fault) {
		CompletableFuture<Integer> count = new CompletableFuture<>();
		this.connection.execute(() -> count.complete(fault.getAsInt()));
		return count;
	}

}
