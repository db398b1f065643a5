package dev.warren.broker.rabbitmq.channel;

import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.queue.UnackedMessages;
import dev.warren.broker.rabbitmq.reply.ReplyConsumer;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.jspecify.annotations.Nullable;

/**
 * Sends a channel the direct replies to its requests, if it consumes them.
 */
final class DirectReplyConsuming {

	private final Channel channel;

	private final VirtualHost virtualHost;

	private @Nullable ReplyConsumer consumer;

	DirectReplyConsuming(Channel channel, VirtualHost virtualHost) {
		this.channel = channel;
		this.virtualHost = virtualHost;
	}

	boolean has(String tag) {
		return this.consumer != null && tag.equals(this.consumer.tag());
	}

	void start(String tag, boolean noAck) {
		if (this.consumer != null) {
			throw ReplyCode.PRECONDITION_FAILED.error("reply consumer already set");
		}
		if (!noAck) {
			throw ReplyCode.PRECONDITION_FAILED.error("reply consumer cannot acknowledge");
		}
		this.consumer = this.virtualHost.directReplies().register(this.channel, tag);
	}

	void stop() {
		if (this.consumer != null) {
			this.virtualHost.directReplies().forget(this.consumer);
			this.consumer = null;
		}
	}

	/**
	 * Where replies to this channel's requests are to be sent.
	 */
	String address() {
		if (this.consumer == null) {
			throw ReplyCode.PRECONDITION_FAILED.error("fast reply consumer does not exist");
		}
		return this.consumer.address();
	}

	/**
	 * Sends the next reply.
	 * @param tags where delivery tags come from
	 * @return the size of its body, or -1 if there was none
	 */
	long deliver(UnackedMessages tags) {
		ReplyConsumer current = this.consumer;
		ReplyConsumer.Unsent reply = (current != null) ? current.poll() : null;
		if (current == null || reply == null) {
			return -1;
		}
		long tag = tags.nextTag();
		this.channel.writer().deliver(this.channel.id(), current.tagBytes(), tag, false, reply.message(), null);
		this.channel.events().deliveredReply(reply.message(), current.tag(), tag);
		long size = reply.message().size();
		reply.hold().close();
		return size;
	}

}
