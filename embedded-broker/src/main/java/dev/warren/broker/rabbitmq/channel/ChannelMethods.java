package dev.warren.broker.rabbitmq.channel;

import java.util.Collections;
import java.util.Map;

import dev.warren.broker.rabbitmq.host.Confirms;
import dev.warren.broker.rabbitmq.host.IncomingMessage;
import dev.warren.broker.rabbitmq.wire.FrameWriter;
import dev.warren.broker.rabbitmq.wire.Method;
import dev.warren.broker.rabbitmq.wire.MethodReader;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import dev.warren.broker.rabbitmq.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * The methods of a channel: it reads the fields of each, has the part that knows do it,
 * and answers.
 */
final class ChannelMethods {

	private final Channel channel;

	private final Declarations declarations;

	private final Publishing publishing;

	private final Consuming consuming;

	private @Nullable ChannelTransaction transaction;

	ChannelMethods(Channel channel, Declarations declarations, Publishing publishing, Consuming consuming) {
		this.channel = channel;
		this.declarations = declarations;
		this.publishing = publishing;
		this.consuming = consuming;
	}

	/**
	 * @param method one of {@link Method}, or what the client took for one
	 */
	void handle(int method, MethodReader reader) {
		switch (Method.classOf(method)) {
			case Wire.BASIC -> basic(method, reader);
			case Wire.QUEUE -> queue(method, reader);
			case Wire.EXCHANGE -> exchange(method, reader);
			case Wire.CHANNEL -> channel(method, reader);
			case Wire.CONFIRM -> confirm(method, reader);
			case Wire.TX -> transaction(method);
			case Wire.ACCESS -> reply(Method.ACCESS_REQUEST_OK).shortInt(1).end();
			default -> throw unknownMethod(method);
		}
	}

	private static ProtocolException unknownMethod(int method) {
		return ReplyCode.NOT_IMPLEMENTED.error("method %d of class %d", Method.numberOf(method),
				Method.classOf(method));
	}

	private FrameWriter reply(int method) {
		return this.channel.reply(method);
	}

	private void replyUnless(boolean noWait, int method) {
		if (!noWait) {
			reply(method).end();
		}
	}

	private void channel(int method, MethodReader reader) {
		switch (method) {
			case Method.CHANNEL_FLOW -> {
				if (!reader.bit(reader.octet(), 0)) {
					throw ReplyCode.NOT_IMPLEMENTED.error("active=false");
				}
				reply(Method.CHANNEL_FLOW_OK).bit(true).end();
			}
			case Method.CHANNEL_FLOW_OK -> {
				// The answer to a question we never ask.
			}
			case Method.CHANNEL_CLOSE -> this.channel.close();
			default -> throw unknownMethod(method);
		}
	}

	private void exchange(int method, MethodReader reader) {
		reader.shortInt();
		switch (method) {
			case Method.EXCHANGE_DECLARE -> {
				String name = reader.shortString();
				String type = reader.shortString();
				int bits = reader.octet();
				Map<String, @Nullable Object> arguments = reader.table();
				this.declarations.declareExchange(name, type, reader.bit(bits, 0), reader.bit(bits, 1),
						reader.bit(bits, 2), reader.bit(bits, 3), arguments);
				replyUnless(reader.bit(bits, 4), Method.EXCHANGE_DECLARE_OK);
			}
			case Method.EXCHANGE_DELETE -> {
				String name = reader.shortString();
				int bits = reader.octet();
				this.declarations.deleteExchange(name, reader.bit(bits, 0));
				replyUnless(reader.bit(bits, 1), Method.EXCHANGE_DELETE_OK);
			}
			case Method.EXCHANGE_BIND, Method.EXCHANGE_UNBIND -> {
				String destination = reader.shortString();
				String source = reader.shortString();
				String key = reader.shortString();
				boolean noWait = reader.bit(reader.octet(), 0);
				Map<String, @Nullable Object> arguments = reader.table();
				if (method == Method.EXCHANGE_BIND) {
					this.declarations.bindExchange(destination, source, key, arguments);
				}
				else {
					this.declarations.unbindExchange(destination, source, key, arguments);
				}
				replyUnless(noWait,
						(method == Method.EXCHANGE_BIND) ? Method.EXCHANGE_BIND_OK : Method.EXCHANGE_UNBIND_OK);
			}
			default -> throw unknownMethod(method);
		}
	}

	private void queue(int method, MethodReader reader) {
		reader.shortInt();
		switch (method) {
			case Method.QUEUE_DECLARE -> declareQueue(reader);
			case Method.QUEUE_BIND -> {
				String queue = reader.shortString();
				String exchange = reader.shortString();
				String key = reader.shortString();
				boolean noWait = reader.bit(reader.octet(), 0);
				this.declarations.bindQueue(queue, exchange, key, reader.table());
				replyUnless(noWait, Method.QUEUE_BIND_OK);
			}
			case Method.QUEUE_PURGE -> {
				int messages = this.declarations.purgeQueue(reader.shortString());
				if (!reader.bit(reader.octet(), 0)) {
					reply(Method.QUEUE_PURGE_OK).longInt(messages).end();
				}
			}
			case Method.QUEUE_DELETE -> {
				String queue = reader.shortString();
				int bits = reader.octet();
				int messages = this.declarations.deleteQueue(queue, reader.bit(bits, 0), reader.bit(bits, 1));
				if (!reader.bit(bits, 2)) {
					reply(Method.QUEUE_DELETE_OK).longInt(messages).end();
				}
			}
			case Method.QUEUE_UNBIND -> {
				String queue = reader.shortString();
				String exchange = reader.shortString();
				String key = reader.shortString();
				this.declarations.unbindQueue(queue, exchange, key, reader.table());
				reply(Method.QUEUE_UNBIND_OK).end();
			}
			default -> throw unknownMethod(method);
		}
	}

	private void declareQueue(MethodReader reader) {
		String name = reader.shortString();
		int bits = reader.octet();
		Map<String, @Nullable Object> arguments = reader.table();
		Declarations.DeclaredQueue declared = this.declarations.declareQueue(name, reader.bit(bits, 0),
				reader.bit(bits, 1), reader.bit(bits, 2), reader.bit(bits, 3), arguments);
		if (!reader.bit(bits, 4)) {
			reply(Method.QUEUE_DECLARE_OK).shortString(declared.name())
				.longInt(declared.messages())
				.longInt(declared.consumers())
				.end();
		}
	}

	private void basic(int method, MethodReader reader) {
		switch (method) {
			case Method.BASIC_QOS -> {
				long prefetchSize = reader.longInt() & 0xffffffffL;
				int prefetchCount = reader.shortInt();
				this.consuming.qos(prefetchSize, prefetchCount, reader.bit(reader.octet(), 0));
				reply(Method.BASIC_QOS_OK).end();
			}
			case Method.BASIC_CONSUME -> consume(reader);
			case Method.BASIC_CANCEL -> {
				String tag = reader.shortString();
				this.channel.deliverAssigned();
				this.consuming.cancel(tag);
				if (!reader.bit(reader.octet(), 0)) {
					reply(Method.BASIC_CANCEL_OK).shortString(tag).end();
				}
			}
			case Method.BASIC_PUBLISH -> {
				reader.shortInt();
				String exchange = reader.shortString();
				String key = reader.shortString();
				int bits = reader.octet();
				this.channel.client().publishes();
				this.publishing.start(new IncomingMessage(exchange, key, reader.bit(bits, 0), reader.bit(bits, 1)));
			}
			case Method.BASIC_GET -> {
				reader.shortInt();
				String queue = reader.shortString();
				this.consuming.get(queue, reader.bit(reader.octet(), 0));
			}
			case Method.BASIC_ACK -> {
				long tag = reader.longLong();
				this.consuming.settle(tag, reader.bit(reader.octet(), 0), Settlement.Outcome.ACK);
			}
			case Method.BASIC_REJECT -> {
				long tag = reader.longLong();
				this.consuming.settle(tag, false,
						reader.bit(reader.octet(), 0) ? Settlement.Outcome.REQUEUE : Settlement.Outcome.REJECT);
			}
			case Method.BASIC_RECOVER_ASYNC -> recover(reader);
			case Method.BASIC_RECOVER -> {
				recover(reader);
				reply(Method.BASIC_RECOVER_OK).end();
			}
			case Method.BASIC_NACK -> {
				long tag = reader.longLong();
				int bits = reader.octet();
				this.consuming.settle(tag, reader.bit(bits, 0),
						reader.bit(bits, 1) ? Settlement.Outcome.GIVE_BACK : Settlement.Outcome.DISCARD);
			}
			default -> throw unknownMethod(method);
		}
	}

	private void consume(MethodReader reader) {
		reader.shortInt();
		String queue = reader.shortString();
		String wantedTag = reader.shortString();
		int bits = reader.octet();
		// AMQP 0-8 has no arguments here.
		Map<String, @Nullable Object> arguments = reader.hasMore() ? reader.table() : Collections.emptyMap();
		String tag = this.consuming.consume(queue, wantedTag, reader.bit(bits, 1), reader.bit(bits, 2), arguments);
		if (!reader.bit(bits, 3)) {
			reply(Method.BASIC_CONSUME_OK).shortString(tag).end();
		}
	}

	private void recover(MethodReader reader) {
		if (!reader.bit(reader.octet(), 0)) {
			throw ReplyCode.NOT_IMPLEMENTED.error("requeue=false");
		}
		this.consuming.recover();
	}

	private void confirm(int method, MethodReader reader) {
		if (method != Method.CONFIRM_SELECT) {
			throw unknownMethod(method);
		}
		boolean noWait = reader.bit(reader.octet(), 0);
		if (this.transaction != null) {
			throw ReplyCode.PRECONDITION_FAILED.error("cannot switch from tx to confirm mode");
		}
		this.publishing.selectConfirms(new Confirms(this.channel.access().virtualHost(), this.channel.writer(),
				this.channel.id(), this.channel.events(), this.channel::wake));
		replyUnless(noWait, Method.CONFIRM_SELECT_OK);
	}

	private void transaction(int method) {
		switch (method) {
			case Method.TX_SELECT -> {
				if (this.publishing.isConfirming()) {
					throw ReplyCode.PRECONDITION_FAILED.error("cannot switch from confirm to tx mode");
				}
				if (this.transaction == null) {
					this.transaction = new ChannelTransaction();
					this.publishing.selectTransaction(this.transaction);
					this.consuming.selectTransaction(this.transaction);
				}
				reply(Method.TX_SELECT_OK).end();
			}
			case Method.TX_COMMIT -> {
				if (!transaction().commit(this.channel.access().virtualHost().messageLog(), this.publishing,
						this.consuming)) {
					throw ReplyCode.PRECONDITION_FAILED.error("partial tx completion");
				}
				reply(Method.TX_COMMIT_OK).end();
			}
			case Method.TX_ROLLBACK -> {
				this.consuming.rollback(transaction().rollback());
				reply(Method.TX_ROLLBACK_OK).end();
			}
			default -> throw unknownMethod(method);
		}
	}

	private ChannelTransaction transaction() {
		if (this.transaction == null) {
			throw ReplyCode.PRECONDITION_FAILED.error("channel is not transactional");
		}
		return this.transaction;
	}

}
