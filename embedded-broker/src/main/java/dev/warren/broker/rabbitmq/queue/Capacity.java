package dev.warren.broker.rabbitmq.queue;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

import dev.warren.broker.rabbitmq.arguments.QueueArguments;
import dev.warren.broker.rabbitmq.store.Message;
import org.jspecify.annotations.Nullable;

/**
 * How much a queue may hold, counting what is on its way. Guarded by the queue's monitor.
 */
final class Capacity {

	private @Nullable Long maxLength;

	private @Nullable Long maxBytes;

	private boolean rejects;

	private final Set<Message> expected = new HashSet<>();

	private long expectedBytes;

	Capacity(QueueArguments arguments) {
		limit(arguments);
	}

	/**
	 * Has the limits of these arguments from now on.
	 */
	void limit(QueueArguments arguments) {
		this.maxLength = arguments.maxLength();
		this.maxBytes = arguments.maxLengthBytes();
		this.rejects = arguments.overflow().rejects();
	}

	/**
	 * Keeps room for a message that is about to come.
	 * @return whether there is any
	 */
	boolean reserve(Message message, Backlog backlog) {
		if (exceeds(this.maxLength, (long) backlog.size() + this.expected.size() + 1)
				|| exceeds(this.maxBytes, backlog.bytes() + this.expectedBytes + message.size())) {
			return false;
		}
		this.expected.add(message);
		this.expectedBytes += message.size();
		return true;
	}

	/**
	 * A message has come, or will never come.
	 */
	void release(Message message) {
		if (!this.expected.isEmpty() && this.expected.remove(message)) {
			this.expectedBytes -= message.size();
		}
	}

	/**
	 * Drops the head of the queue for as long as it holds too much, if that is what is to
	 * happen.
	 */
	void dropExcess(Backlog backlog, Deaths deaths) {
		while (!this.rejects && (exceeds(this.maxLength, backlog.size()) || exceeds(this.maxBytes, backlog.bytes()))) {
			deaths.add(Objects.requireNonNull(backlog.poll()), DeathReason.MAX_LENGTH);
		}
	}

	private static boolean exceeds(@Nullable Long limit, long value) {
		return limit != null && value > limit;
	}

}
