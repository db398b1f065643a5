package dev.warren.broker.rabbitmq.connection;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

import dev.warren.broker.rabbitmq.channel.Channel;
import dev.warren.broker.rabbitmq.channel.ChannelSnapshot;
import dev.warren.broker.rabbitmq.host.VirtualHostAccess;
import dev.warren.broker.rabbitmq.wire.FrameWriter;
import dev.warren.broker.rabbitmq.wire.Method;
import dev.warren.broker.rabbitmq.wire.MethodReader;
import dev.warren.broker.rabbitmq.wire.ReceivedBytes;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import dev.warren.broker.rabbitmq.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * The channels of a connection, by number.
 */
final class Channels {

	private final ClientConnection connection;

	private final Network network;

	/** Others may look at them. */
	private final Map<Integer, Channel> channels = new ConcurrentHashMap<>();

	Channels(ClientConnection connection, Network network) {
		this.connection = connection;
		this.network = network;
	}

	/**
	 * The channel of that number, or null.
	 */
	@Nullable Channel find(int channelId) {
		return this.channels.get(channelId);
	}

	/**
	 * The method that a channel is at; 0 if it is at none, or not there.
	 */
	int currentMethod(int channelId) {
		Channel channel = find(channelId);
		return (channel != null) ? channel.currentMethod() : 0;
	}

	/**
	 * A header or a body.
	 */
	void content(int frameType, int channelId, ReceivedBytes source, int size) {
		Channel channel = ofContent(channelId);
		if (frameType == Wire.FRAME_HEADER) {
			channel.header(source, size);
		}
		else {
			channel.body(source, size);
		}
	}

	private Channel ofContent(int channelId) {
		Channel channel = this.channels.get(channelId);
		if (channel == null) {
			if (!this.connection.isOpened() || channelId == 0) {
				throw ReplyCode.UNEXPECTED_FRAME.error("expected method frame, got non method frame instead");
			}
			throw ReplyCode.CHANNEL_ERROR.error("expected 'channel.open'");
		}
		return channel;
	}

	/**
	 * A method of any class but connection.
	 */
	void method(int channelId, int method, MethodReader reader) {
		if (!this.connection.isOpened() || channelId == 0) {
			throw ReplyCode.CHANNEL_ERROR.error("unexpected method in connection state %s",
					this.connection.isOpened() ? "running" : "opening");
		}
		Channel channel = this.channels.get(channelId);
		if (method == Method.CHANNEL_OPEN) {
			open(channelId, channel);
			return;
		}
		if (channel == null) {
			if (method == Method.CHANNEL_CLOSE_OK) {
				// The answer to our close, which crossed the client's own: both are done.
				return;
			}
			throw ReplyCode.CHANNEL_ERROR.error("expected 'channel.open'");
		}
		channel.method(method, reader);
		if (channel.isGone()) {
			this.channels.remove(channelId);
		}
	}

	private void open(int channelId, @Nullable Channel existing) {
		if (existing != null) {
			throw ReplyCode.CHANNEL_ERROR.error("second 'channel.open' seen");
		}
		int most = this.connection.channelMax();
		if (most > 0 && channelId > most) {
			throw ReplyCode.NOT_ALLOWED.error(
					"number of channels opened (%d) has reached the negotiated channel_max (%d)", this.channels.size(),
					most);
		}
		VirtualHostAccess access = this.connection.access();
		if (access == null) {
			throw ReplyCode.COMMAND_INVALID.error("the connection is not open");
		}
		this.network.addChannel();
		this.channels.put(channelId, new Channel(this.connection, channelId, access, this.network::removeChannel));
		FrameWriter writer = this.connection.writer();
		writer.method(channelId, Method.CHANNEL_OPEN_OK);
		if (!this.network.isAmqp08()) {
			writer.longInt(0);
		}
		writer.end();
	}

	void endOfBatch() {
		for (Channel channel : this.channels.values()) {
			channel.endOfBatch();
		}
	}

	/**
	 * Ends all channels, which return what they had, and then what only this connection
	 * could use.
	 */
	void close() {
		List<Channel> open = List.copyOf(this.channels.values());
		this.channels.clear();
		open.forEach(Channel::release);
		VirtualHostAccess access = this.connection.access();
		if (access != null) {
			this.connection.exclusiveQueues().forEach(access.virtualHost().queues()::delete);
		}
	}

	/**
	 * Those that are open, by number.
	 */
	List<ChannelSnapshot> snapshots() {
		return this.channels.values()
			.stream()
			.filter(Channel::isOpen)
			.map(Channel::snapshot)
			.sorted(Comparator.comparingInt(ChannelSnapshot::number))
			.toList();
	}

	/**
	 * Has something done to each channel that is open.
	 * @return the sum of what was done
	 */
	int toEach(ToIntFunction<Channel> action) {
		return this.channels.values().stream().filter(Channel::isOpen).mapToInt(action).sum();
	}

}
