package dev.warren.broker.rabbitmq.channel;

import java.util.Set;

import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.queue.QueueOwner;
import dev.warren.broker.rabbitmq.wire.FrameWriter;
import dev.warren.broker.rabbitmq.wire.ProtocolException;

/**
 * The client at the other end of a channel, which its connection knows.
 */
public interface Client extends QueueOwner {

	FrameWriter writer();

	/**
	 * Whether the client said it can handle what not all clients can.
	 */
	boolean can(String capability);

	/**
	 * The exclusive queues of the connection, which go with it.
	 */
	Set<MessageQueue> exclusiveQueues();

	/**
	 * A channel is about to publish.
	 */
	void publishes();

	/**
	 * Has the channel looked after, soon and on the I/O thread. May be called by anybody.
	 */
	void wake(Channel channel);

	/**
	 * Tells the client that its connection is over. To be called on the I/O thread.
	 */
	void close(ProtocolException error);

	/**
	 * Has the task run, soon and on the I/O thread. May be called by anybody.
	 */
	void execute(Runnable task);

}
