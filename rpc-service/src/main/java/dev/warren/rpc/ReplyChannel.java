package dev.warren.rpc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Date;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.Return;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The channel requests are published on, and the consumer of their replies. When either
 * goes, the calls it carried fail at once: their replies can no longer come.
 * <p>
 * Replies need no acknowledgement. The queue is gone with the connection, so there would
 * be nobody to deliver one to again; and no more of them can wait in this process than
 * calls are under way.
 */
final class ReplyChannel extends DefaultConsumer {

	private static final Log logger = LogFactory.getLog(ReplyChannel.class);

	private final PendingReplies replies;

	private final String appId;

	private String replyTo = RpcTopology.DIRECT_REPLY_TO;

	private volatile boolean gone;

	private ReplyChannel(Channel channel, PendingReplies replies, String appId) {
		super(channel);
		this.replies = replies;
		this.appId = appId;
	}

	/**
	 * Opens a channel and begins to consume replies.
	 */
	static ReplyChannel open(Connection connection, RpcProperties.ReplyTo replyTo, PendingReplies replies, String appId)
			throws IOException {
		Channel channel = connection.createChannel();
		if (channel == null) {
			throw new IOException("the connection has no channel left");
		}
		ReplyChannel opened = new ReplyChannel(channel, replies, appId);
		if (replyTo == RpcProperties.ReplyTo.QUEUE) {
			// The name is the broker's: exclusive, auto-delete.
			opened.replyTo = channel.queueDeclare().getQueue();
		}
		channel.addReturnListener(opened::returned);
		channel.addShutdownListener((signal) -> opened.gone("the connection to the broker was lost"));
		channel.basicConsume(opened.replyTo, true, opened);
		return opened;
	}

	boolean isUsable() {
		return getChannel().isOpen() && !this.gone;
	}

	/**
	 * Publishes the request of a call: mandatory, so that it comes back at once where
	 * there is no server to declare the queue, and to expire with the call, so that no
	 * server works for nobody. It is not confirmed: the reply is the confirmation.
	 */
	void publish(Call call) throws IOException {
		call.sentOn(this);
		// Checked after the call says what it was sent on: if the channel goes between
		// the two, the one who sees it go finds the call.
		if (!isUsable()) {
			throw new IOException("the channel has closed");
		}
		long now = System.currentTimeMillis();
		long remaining = Math.max(1, call.remainingNanos() / 1_000_000);
		AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder().correlationId(call.correlationId())
			.replyTo(this.replyTo)
			.expiration(Long.toString(remaining))
			.timestamp(new Date(now))
			.appId(this.appId)
			.contentType("text/plain")
			.contentEncoding("UTF-8")
			.headers(call.headers(now + remaining))
			.build();
		getChannel().basicPublish("", RpcTopology.REQUESTS, true, properties,
				Integer.toString(call.n()).getBytes(StandardCharsets.US_ASCII));
	}

	@Override
	public void handleDelivery(String consumerTag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
		if (!this.replies.complete(properties.getCorrelationId(), FibonacciReply.of(properties, body))) {
			logger.debug("Discarded a reply, late or unknown: " + properties.getCorrelationId());
		}
	}

	private void returned(Return returned) {
		String correlationId = returned.getProperties().getCorrelationId();
		if (correlationId != null) {
			this.replies.fail(correlationId, new ProblemException(ProblemType.NOT_ROUTED,
					"There is no queue '%s': no server has been here".formatted(RpcTopology.REQUESTS)));
		}
	}

	// The broker tells that the queue is gone (consumer cancel notification).
	@Override
	public void handleCancel(String consumerTag) {
		gone("the reply queue was deleted");
		close();
	}

	private void gone(String reason) {
		this.gone = true;
		for (Call call : this.replies.calls()) {
			if (call.sentOn() == this) {
				this.replies.fail(call.correlationId(),
						new ProblemException(ProblemType.BROKER_UNAVAILABLE, "No reply can come: " + reason));
			}
		}
	}

	void close() {
		try {
			getChannel().abort();
		}
		catch (IOException ex) {
			// abort() swallows what goes wrong on the wire.
		}
	}

}
