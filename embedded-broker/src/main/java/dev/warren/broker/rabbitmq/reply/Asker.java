package dev.warren.broker.rabbitmq.reply;

import dev.warren.broker.rabbitmq.wire.ProtocolException;

/**
 * Who asked, and is sent the replies: a channel. May be called by anybody.
 */
public interface Asker {

	/**
	 * A reply waits to be sent.
	 */
	void replyWaits();

	/**
	 * The client does not take its replies, which ends its connection.
	 */
	void overrun(ProtocolException error);

}
