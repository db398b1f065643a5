package dev.warren.broker.rabbitmq.queue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

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

	private int size;

	private long lastTag;

	/**
	 * The tag of the next message, whether it awaits acknowledgement or not.
	 */
	public long nextTag() {
		return ++this.lastTag;
	}

	public void add(long tag, QueuedMessage message) {
		if (this.tail == this.tags.length) {
			makeRoom();
		}
		message.deliveredAs(tag);
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
	 * for all there are.
	 * @throws ProtocolException if there is no such message
	 */
	public List<QueuedMessage> take(long tag, boolean multiple) {
		if (multiple && tag == 0) {
			return takeUpTo(this.tail - 1);
		}
		int index = Arrays.binarySearch(this.tags, this.head, this.tail, tag);
		if (index < 0 || this.messages[index] == null) {
			throw ReplyCode.PRECONDITION_FAILED.error("unknown delivery tag %s", Long.toUnsignedString(tag));
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
		all.forEach((entry) -> add(entry.tag(), entry.message()));
	}

	private record Entry(long tag, QueuedMessage message) {

	}

}
