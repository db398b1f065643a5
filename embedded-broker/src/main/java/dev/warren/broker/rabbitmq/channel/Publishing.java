package dev.warren.broker.rabbitmq.channel;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.warren.broker.rabbitmq.host.ClientUsage;
import dev.warren.broker.rabbitmq.host.Confirms;
import dev.warren.broker.rabbitmq.host.IncomingMessage;
import dev.warren.broker.rabbitmq.host.Publication;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.queue.KeptRoom;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.reply.DirectReplies;
import dev.warren.broker.rabbitmq.routing.CarbonCopies;
import dev.warren.broker.rabbitmq.routing.Exchange;
import dev.warren.broker.rabbitmq.routing.Routing;
import dev.warren.broker.rabbitmq.store.Address;
import dev.warren.broker.rabbitmq.store.ExchangeType;
import dev.warren.broker.rabbitmq.store.Message;
import dev.warren.broker.rabbitmq.store.MessageHeader;
import dev.warren.broker.rabbitmq.time.EngineClock;
import dev.warren.broker.rabbitmq.upgrade.Change;
import dev.warren.broker.rabbitmq.wire.Delay;
import dev.warren.broker.rabbitmq.wire.FrameWriter;
import dev.warren.broker.rabbitmq.wire.MessageProperties;
import dev.warren.broker.rabbitmq.wire.Method;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReceivedBytes;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import dev.warren.broker.rabbitmq.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * What a channel publishes: checked, routed, returned if nobody wants it, confirmed if so
 * asked.
 */
final class Publishing {

	private static final byte[] CC_BYTES = CarbonCopies.CC.getBytes(StandardCharsets.US_ASCII);

	private static final CompletableFuture<@Nullable Void> SAFE = CompletableFuture.completedFuture(null);

	private final Channel channel;

	private final VirtualHost virtualHost;

	private final ClientUsage usage;

	private final EngineClock clock;

	private final Routing<MessageQueue> routing;

	private @Nullable IncomingMessage incoming;

	private volatile @Nullable Confirms confirms;

	private volatile @Nullable ChannelTransaction transaction;

	private Address lastAddress = Address.EMPTY;

	Publishing(Channel channel, VirtualHost virtualHost, ClientUsage usage) {
		this.channel = channel;
		this.virtualHost = virtualHost;
		this.usage = usage;
		this.clock = virtualHost.queues().clock();
		this.routing = new Routing<>(virtualHost.exchanges(), MessageQueue.class);
	}

	void selectConfirms(Confirms selected) {
		if (this.confirms == null) {
			this.confirms = selected;
		}
	}

	boolean isConfirming() {
		return this.confirms != null;
	}

	@Nullable Confirms confirms() {
		return this.confirms;
	}

	@Nullable ChannelTransaction transaction() {
		return this.transaction;
	}

	void selectTransaction(ChannelTransaction selected) {
		this.transaction = selected;
	}

	boolean isReceiving() {
		return this.incoming != null;
	}

	/**
	 * The error of a method that comes before a message is complete.
	 */
	ProtocolException unexpectedMethod() {
		IncomingMessage message = this.incoming;
		return ReplyCode.UNEXPECTED_FRAME.error(
				(message != null && message.hasHeader()) ? "expected content body, got non content body frame instead"
						: "expected content header for class " + Wire.BASIC + ", got non content header frame instead");
	}

	void start(IncomingMessage message) {
		this.incoming = message;
	}

	void header(ReceivedBytes source, int size) {
		IncomingMessage message = receiving();
		message.header(source, size);
		long most = this.virtualHost.queues().dialect().maxMessageSize();
		if (message.bodySize() > most || message.bodySize() < 0) {
			forgetIncoming();
			throw ReplyCode.PRECONDITION_FAILED.error("message size %d is larger than configured max size %d",
					message.bodySize(), most);
		}
		publishIfComplete(message);
	}

	void body(ReceivedBytes source, int size) {
		IncomingMessage message = receiving();
		this.virtualHost.halfSentMessages().received(size);
		try {
			message.body(source, size);
		}
		catch (ProtocolException ex) {
			this.virtualHost.halfSentMessages().ended(size);
			throw ex;
		}
		publishIfComplete(message);
	}

	private IncomingMessage receiving() {
		IncomingMessage message = this.incoming;
		if (message == null) {
			throw ReplyCode.UNEXPECTED_FRAME.error("expected method frame, got non method frame instead");
		}
		return message;
	}

	private void publishIfComplete(IncomingMessage message) {
		if (message.isComplete()) {
			forgetIncoming();
			publish(message);
		}
	}

	/**
	 * Counts no more what has come of a message that is complete, or will never be.
	 */
	void forgetIncoming() {
		IncomingMessage message = this.incoming;
		this.incoming = null;
		if (message != null) {
			this.virtualHost.halfSentMessages().ended(message.received());
		}
	}

	private void publish(IncomingMessage message) {
		if (message.isImmediate()) {
			throw ReplyCode.NOT_IMPLEMENTED.error("immediate=true");
		}
		Exchange exchange = this.channel.access().exchangeToPublishTo(message.exchange());
		List<String> routingKeys = List.of(message.routingKey());
		boolean checksCopies = this.virtualHost.queues().dialect().checksTopicsOfCarbonCopies();
		if (!checksCopies) {
			this.channel.access().checkWriteTopics(exchange, routingKeys);
		}
		message.checkProperties();
		MessageProperties properties = checkProperties(message);
		if (properties != null && properties.hasHeaders()) {
			Map<String, @Nullable Object> headers = properties.headers();
			routingKeys = CarbonCopies.routingKeys(message.routingKey(), headers);
			if (exchange.definition().type() != ExchangeType.DELAYED || Delay.of(headers) == 0) {
				// Whoever routes it again needs all keys.
				CarbonCopies.hideBlind(properties);
			}
		}
		if (checksCopies) {
			this.channel.access().checkWriteTopics(exchange, routingKeys);
		}
		this.lastAddress = this.lastAddress.to(message.exchange(), message.routingKey());
		MessageHeader header = message.toHeader(this.lastAddress, properties, this.clock.millis());
		if (message.hasProperty(MessageProperties.DELIVERY_MODE_FLAG)) {
			checkDeliveryMode(header.deliveryMode());
		}
		Message stored = this.virtualHost.messageLog().create(header, message.body());
		Message.Hold hold = stored.hold();
		try {
			publish(message, stored, exchange, routingKeys);
		}
		finally {
			hold.close();
		}
	}

	private void publish(IncomingMessage message, Message stored, Exchange exchange, List<String> routingKeys) {
		if (DirectReplies.isAddress(message.routingKey()) && exchange.name().equals(Exchange.DEFAULT)) {
			reply(stored, message);
			return;
		}
		if (this.confirms != null && this.virtualHost.faults().nacksPublish()) {
			confirm(stored, SAFE, false);
			return;
		}
		List<MessageQueue> queues = this.routing.route(exchange, routingKeys, stored::properties);
		this.usage.published(stored, exchange, queues, this.routing.isAcrossTypes());
		Publication publication = this.channel.events().publication(stored, exchange, this.routing);
		if (this.transaction != null) {
			this.transaction.publish(stored, exchange, queues, message.isMandatory(), publication);
			return;
		}
		count(exchange, queues, message.isMandatory());
		publication.published();
		if (queues.isEmpty()) {
			returnIfMandatory(stored, message.isMandatory());
			confirm(stored, SAFE, true);
			return;
		}
		try (KeptRoom room = new KeptRoom()) {
			boolean accepted = reserve(room, stored, queues);
			publication.routed(queues);
			CompletableFuture<?> safe = this.virtualHost.messageLog().enqueue(stored, queues);
			if (accepted && message.isMandatory() && queues.stream().allMatch(Publishing::takesNothing)) {
				returnIfMandatory(stored, true);
			}
			confirm(stored, safe, accepted);
		}
	}

	void count(Exchange exchange, List<MessageQueue> queues, boolean mandatory) {
		this.channel.events().published(exchange, queues, mandatory);
	}

	/**
	 * Whether a mandatory message that is routed to this queue only comes back, because
	 * somebody deleted the queue meanwhile or because, as with RabbitMQ's plugin, a
	 * message that is delayed is not routed yet.
	 */
	static boolean takesNothing(MessageQueue queue) {
		return queue.arguments().delaying() || queue.isDeleted();
	}

	/**
	 * The properties taken apart, if the broker has to look at them or to change them.
	 */
	private @Nullable MessageProperties checkProperties(IncomingMessage message) {
		boolean carbonCopies = message.hasProperty(MessageProperties.HEADERS_FLAG) && message.mayMention(CC_BYTES);
		if (!carbonCopies && !message.hasProperty(MessageProperties.CHECKED_FLAGS)) {
			return null;
		}
		MessageProperties properties = message.properties();
		this.channel.access().checkPublished(properties);
		if (DirectReplies.PSEUDO_QUEUE.equals(properties.replyTo())) {
			properties.replyTo(this.channel.consuming().replies().address());
		}
		return properties;
	}

	private void checkDeliveryMode(int mode) {
		if (mode != 1 && mode != 2 && !this.virtualHost.queues().dialect().takesAnyDeliveryMode()) {
			throw ReplyCode.PRECONDITION_FAILED.error("invalid message: {delivery_mode_unknown,%d}", mode & 0xff);
		}
	}

	/**
	 * Keeps room for the message in all queues, and takes out those that are full and
	 * refuse more.
	 * @return whether there were none
	 */
	boolean reserve(KeptRoom room, Message message, List<MessageQueue> queues) {
		return room.reserve(queues, message, (queue) -> this.channel.events().refused(message, queue));
	}

	private void reply(Message message, IncomingMessage published) {
		boolean sent = this.virtualHost.directReplies().send(published.routingKey(), message);
		this.channel.events().replied(message, sent);
		if (sent && published.isMandatory()) {
			this.usage.count(Change.MANDATORY_REPLY, "");
		}
		// The address is no queue, and before 4.3 RabbitMQ says so even if it was
		// delivered.
		if (!sent || this.virtualHost.queues().dialect().returnsMandatoryReplies()) {
			returnIfMandatory(message, published.isMandatory());
		}
		confirm(message, SAFE, true);
	}

	/**
	 * Sends back a message that no queue took.
	 */
	void returnIfMandatory(Message message, boolean mandatory) {
		if (mandatory) {
			this.channel.events().returned(message);
			FrameWriter writer = this.channel.writer();
			writer.method(this.channel.id(), Method.BASIC_RETURN)
				.shortInt(ReplyCode.NO_ROUTE.code())
				.shortString("NO_ROUTE")
				.shortString(message.exchangeBytes())
				.shortString(message.routingKeyBytes())
				.end();
			writer.content(this.channel.id(), message, null);
		}
	}

	private void confirm(Message message, CompletableFuture<?> safe, boolean accepted) {
		if (this.confirms != null) {
			this.confirms.published(message, safe, accepted);
		}
	}

	void writeConfirms() {
		if (this.confirms != null) {
			this.confirms.write();
		}
	}

}
