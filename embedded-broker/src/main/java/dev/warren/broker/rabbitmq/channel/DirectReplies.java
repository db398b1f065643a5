package dev.warren.broker.rabbitmq.channel;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Direct reply-to: replies that go straight to the channel that asked, without a queue.
 *
 * @see <a href="https://www.rabbitmq.com/docs/direct-reply-to">Direct Reply-to</a>
 */
public final class DirectReplies {

	static final String PSEUDO_QUEUE = "amq.rabbitmq.reply-to";

	private static final String ADDRESS_PREFIX = PSEUDO_QUEUE + ".";

	private final Map<String, Channel> channels = new ConcurrentHashMap<>();

	static boolean isAddress(String routingKey) {
		return routingKey.startsWith(ADDRESS_PREFIX);
	}

	/**
	 * @return the address that replies to the channel are sent to
	 */
	String register(Channel channel) {
		String address = ADDRESS_PREFIX + UUID.randomUUID();
		this.channels.put(address, channel);
		return address;
	}

	void forget(@Nullable String address) {
		if (address != null) {
			this.channels.remove(address);
		}
	}

	@Nullable Channel find(String address) {
		return this.channels.get(address);
	}

}
