package dev.warren.messaging.feed;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * The newest of what was received, in order, bounded in number and in size: the oldest
 * goes when something new comes.
 * <p>
 * Readers keep only their place in it. One that falls behind further than the feed
 * reaches back loses what it did not read, and costs neither the feed nor the other
 * readers anything. Safe for use by several threads.
 * <p>
 * Besides its items a feed carries announcements, such as that some items may be missing.
 * They reach the readers in their place among the items, and are no items themselves:
 * they are not counted, and evict none.
 *
 * @param <T> the type of the items, which must not change once they are added
 */
public final class MessageFeed<T> {

	private static final int MAX_ANNOUNCEMENTS = 100;

	private final @Nullable Entry<T>[] ring;

	private long maxSize;

	private final ToIntFunction<T> sizeOf;

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private final Object lock = new Object();

	// The ids of the entries held: oldest to newest, without gaps; none if oldest >
	// newest.
	private long oldest = 1;

	private long newest = 0;

	private long size;

	private final Deque<Announcement> announcements = new ArrayDeque<>();

	private long announced;

	/**
	 * Creates an empty feed.
	 * @param capacity how many items it holds at most, at least 1
	 * @param maxSize how large they may be together; the newest item stays whatever its
	 * size
	 * @param sizeOf the size of an item, in bytes
	 */
	@SuppressWarnings("unchecked")
	public MessageFeed(int capacity, DataSize maxSize, ToIntFunction<T> sizeOf) {
		Assert.isTrue(capacity > 0, "'capacity' must be positive");
		this.ring = (Entry<T>[]) new Entry<?>[capacity];
		this.maxSize = maxSize.toBytes();
		this.sizeOf = sizeOf;
	}

	/**
	 * Adds an item as the newest.
	 * @param item the item
	 */
	public void add(T item) {
		int itemSize = this.sizeOf.applyAsInt(item);
		synchronized (this.lock) {
			if (this.newest - this.oldest + 1 == this.ring.length) {
				evictOldest();
			}
			this.newest++;
			this.ring[slot(this.newest)] = new Entry<>(this.newest, item, itemSize);
			this.size += itemSize;
			evictTooLarge();
		}
		this.listeners.forEach(Runnable::run);
	}

	/**
	 * Changes how large the items may be together.
	 * @param changed how large; the newest item stays whatever its size
	 */
	public void resize(DataSize changed) {
		synchronized (this.lock) {
			this.maxSize = changed.toBytes();
			evictTooLarge();
		}
	}

	private void evictTooLarge() {
		while (this.size > this.maxSize && this.oldest < this.newest) {
			evictOldest();
		}
	}

	/**
	 * Tells the readers something, after the newest item. The newest hundred
	 * announcements are kept for readers that are behind.
	 * @param event the name of the server-sent event
	 * @param data its data, written as JSON; must not change
	 */
	public void announce(String event, Object data) {
		synchronized (this.lock) {
			if (this.announcements.size() == MAX_ANNOUNCEMENTS) {
				this.announcements.removeFirst();
			}
			this.announcements.addLast(new Announcement(++this.announced, this.newest, event, data));
		}
		this.listeners.forEach(Runnable::run);
	}

	private void evictOldest() {
		this.size -= entry(this.oldest).size();
		this.ring[slot(this.oldest)] = null;
		this.oldest++;
	}

	/**
	 * The newest items.
	 * @param limit how many at most
	 * @return the items, newest first
	 */
	public List<T> newest(int limit) {
		List<T> items = new ArrayList<>();
		synchronized (this.lock) {
			for (long id = this.newest; id >= this.oldest && items.size() < limit; id--) {
				items.add(entry(id).item());
			}
		}
		return items;
	}

	/**
	 * What a reader gets next.
	 * @param id the id of the last entry it got, 0 if none; each id is one more than that
	 * of the entry before, so whatever is missing was lost to this reader
	 * @param limit how many at most
	 * @return the entries, oldest first
	 */
	public List<Entry<T>> after(long id, int limit) {
		return after(id, Long.MAX_VALUE, limit).entries();
	}

	/**
	 * The id of the newest entry there ever was, 0 if none.
	 */
	long newestId() {
		synchronized (this.lock) {
			return this.newest;
		}
	}

	/**
	 * The id of the oldest entry held, or that the first one will have.
	 */
	long oldestId() {
		synchronized (this.lock) {
			return this.oldest;
		}
	}

	/**
	 * How many announcements there were before the entry that follows one.
	 * @param id the id of that entry, which need not be held any more
	 */
	long announcedBefore(long id) {
		synchronized (this.lock) {
			return this.announced
					- this.announcements.stream().filter((announcement) -> announcement.after() >= id).count();
		}
	}

	/**
	 * How many announcements there were.
	 */
	long announced() {
		synchronized (this.lock) {
			return this.announced;
		}
	}

	/**
	 * What a reader gets next.
	 * @param id the id of the last entry it got, which need not be held any more
	 * @param announcement the number of the last announcement it got
	 * @param limit how many entries at most
	 */
	Next<T> after(long id, long announcement, int limit) {
		List<Entry<T>> entries = new ArrayList<>();
		synchronized (this.lock) {
			for (long next = Math.max(id + 1, this.oldest); next <= this.newest && entries.size() < limit; next++) {
				entries.add(entry(next));
			}
			List<Announcement> announcements = (announcement < this.announced)
					? this.announcements.stream().filter((candidate) -> candidate.number() > announcement).toList()
					: List.of();
			return new Next<>(entries, announcements);
		}
	}

	void addListener(Runnable listener) {
		this.listeners.add(listener);
	}

	void removeListener(Runnable listener) {
		this.listeners.remove(listener);
	}

	private int slot(long id) {
		return (int) (id % this.ring.length);
	}

	private Entry<T> entry(long id) {
		Entry<T> entry = this.ring[slot(id)];
		Assert.state(entry != null, () -> "no entry " + id);
		return entry;
	}

	/**
	 * An item that was added.
	 *
	 * @param <T> its type
	 * @param id its number, from 1
	 * @param item the item
	 * @param size its size, in bytes
	 */
	public record Entry<T>(long id, T item, int size) {

	}

	record Announcement(long number, long after, String event, Object data) {

	}

	record Next<T>(List<Entry<T>> entries, List<Announcement> announcements) {

	}

}
