package dev.warren.broker.rabbitmq.queue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a channel that await acknowledgement, in the order of their delivery
 * tags. Tags only grow, so they are kept in an array, with holes where one was settled
 * out of order; when the array is full the holes are closed.
 */
public final class UnackedMessages {

	private @Nullable QueuedMessage[] messages = new QueuedMessage[64];

	private long[] tags = new long[64];

	private int head;

	private int tail;

	private volatile int size;

	private long lastTag;

	/** Those whose messages went back to the queue meanwhile, by tag. */
	private final NavigableMap<Long, Consumer> late = new TreeMap<>();

	/** What the client says of those is lost: their messages were delivered again. */
	private final NavigableSet<Long> lost = new TreeSet<>();

	/**
	 * The tag of the next message, whether it awaits acknowledgement or not.
	 */
	public long nextTag() {
		return ++this.lastTag;
	}

	/**
	 * @param due when it is to be settled, {@link Long#MAX_VALUE} for any time
	 */
	public void add(long tag, QueuedMessage message, long due) {
		if (this.tail == this.tags.length) {
			makeRoom();
		}
		message.deliveredAs(tag, due);
		this.tags[this.tail] = tag;
		this.messages[this.tail++] = message;
		this.size++;
	}

	private void makeRoom() {
		int capacity = (this.size > this.tags.length / 2) ? this.tags.length * 2 : this.tags.length;
		@Nullable QueuedMessage[] newMessages = new QueuedMessage[capacity];
		long[] newTags = new long[capacity];
		int count = 0;
		for (int i = this.head; i < this.tail; i++) {
			if (this.messages[i] != null) {
				newMessages[count] = this.messages[i];
				newTags[count++] = this.tags[i];
			}
		}
		this.messages = newMessages;
		this.tags = newTags;
		this.head = 0;
		this.tail = count;
	}

	/**
	 * Takes the message with that tag, and if so asked all before it; tag 0 then stands
	 * for all there are. Those that are late are not among them.
	 * @throws ProtocolException if there is no such message
	 */
	public List<QueuedMessage> take(long tag, boolean multiple) {
		if (multiple && tag == 0) {
			return takeUpTo(this.tail - 1);
		}
		int index = Arrays.binarySearch(this.tags, this.head, this.tail, tag);
		if (index < 0 || this.messages[index] == null) {
			if (!this.late.containsKey(tag) && !this.lost.contains(tag)) {
				throw ReplyCode.PRECONDITION_FAILED.error("unknown delivery tag %s", Long.toUnsignedString(tag));
			}
			return multiple ? takeUpTo((index < 0) ? -index - 2 : index) : List.of();
		}
		if (multiple) {
			return takeUpTo(index);
		}
		QueuedMessage message = Objects.requireNonNull(this.messages[index]);
		this.messages[index] = null;
		this.size--;
		skipHoles();
		return List.of(message);
	}

	/**
	 * Notes that a message was delivered with that tag, by which it cannot be settled.
	 */
	public void loseSettlement(long tag) {
		this.lost.add(tag);
	}

	public int size() {
		return this.size;
	}

	public List<QueuedMessage> takeAll() {
		return takeUpTo(this.tail - 1);
	}

	private List<QueuedMessage> takeUpTo(int last) {
		List<QueuedMessage> taken = new ArrayList<>();
		for (int i = this.head; i <= last; i++) {
			QueuedMessage message = this.messages[i];
			if (message != null) {
				taken.add(message);
				this.messages[i] = null;
				this.size--;
			}
		}
		skipHoles();
		return taken;
	}

	private void skipHoles() {
		while (this.head < this.tail && this.messages[this.head] == null) {
			this.head++;
		}
		if (this.head == this.tail) {
			this.head = 0;
			this.tail = 0;
		}
	}

	/**
	 * The one that is to be settled next by its order, or null.
	 */
	public @Nullable QueuedMessage oldest() {
		return (this.size > 0) ? this.messages[this.head] : null;
	}

	/**
	 * When the next one is due, {@link Long#MAX_VALUE} for never.
	 */
	public long nextDue() {
		long next = Long.MAX_VALUE;
		for (int i = this.head; i < this.tail; i++) {
			QueuedMessage message = this.messages[i];
			if (message != null) {
				next = Math.min(next, message.dueAt());
			}
		}
		return next;
	}

	/**
	 * Takes the messages that are due. Their tags can still be settled, which is then
	 * late.
	 */
	public List<QueuedMessage> takeDue(long now) {
		List<QueuedMessage> due = new ArrayList<>();
		for (int i = this.head; i < this.tail; i++) {
			QueuedMessage message = this.messages[i];
			if (message != null && message.dueAt() <= now) {
				due.add(message);
				this.messages[i] = null;
				this.size--;
				Consumer consumer = message.consumer();
				if (consumer != null) {
					this.late.put(this.tags[i], consumer);
				}
			}
		}
		skipHoles();
		return due;
	}

	/**
	 * Takes the tags that are late, as {@link #take} takes messages.
	 * @return their consumers, each as often as it has tags among them
	 */
	public List<Consumer> takeLate(long tag, boolean multiple) {
		if (this.late.isEmpty()) {
			return List.of();
		}
		if (!multiple) {
			Consumer consumer = this.late.remove(tag);
			return (consumer != null) ? List.of(consumer) : List.of();
		}
		Map<Long, Consumer> upTo = (tag == 0) ? this.late : this.late.headMap(tag, true);
		List<Consumer> consumers = List.copyOf(upTo.values());
		upTo.clear();
		return consumers;
	}

	/**
	 * Puts back what was taken, under the same tags.
	 */
	public void restore(Collection<QueuedMessage> taken) {
		List<Entry> all = new ArrayList<>();
		for (int i = this.head; i < this.tail; i++) {
			QueuedMessage message = this.messages[i];
			if (message != null) {
				all.add(new Entry(this.tags[i], message));
			}
		}
		taken.forEach((message) -> all.add(new Entry(message.deliveryTag(), message)));
		all.sort(Comparator.comparingLong(Entry::tag));
		takeAll();
		all.forEach((entry) -> add(entry.tag(), entry.message(), entry.message().dueAt()));
	}

	private record Entry(long tag, QueuedMessage message) {

	}

}
