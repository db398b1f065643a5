package dev.warren.workqueue.tasks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.warren.messaging.feed.MessageFeed;
import dev.warren.workqueue.WorkProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * What this instance knows of tasks, its own and the other instances'. It is bounded in
 * number and size, whatever the backlog: a task whose state has not changed for longest
 * is forgotten first.
 */
@Component
public class Tasks {

	// In the order of their last change.
	private final Map<String, Task> tasks = new LinkedHashMap<>();

	private final MessageFeed<Task> feed;

	private final int capacity;

	private final long maxSize;

	private long size;

	Tasks(MessageFeed<Task> feed, WorkProperties properties) {
		this.feed = feed;
		this.capacity = properties.rememberedTasks();
		this.maxSize = properties.rememberedSize().toBytes();
	}

	/**
	 * Takes note of a task's state, unless a later one is known.
	 * @param news the task
	 * @return whether it was news
	 */
	synchronized boolean record(Task news) {
		Task known = this.tasks.get(news.id());
		Task task = news;
		if (known != null) {
			if (news.equals(known)) {
				return false;
			}
			// Whoever submitted it knows to the nanosecond, a message to the second.
			boolean submittedAtKnown = !known.submittedAt().isBefore(news.submittedAt());
			if (news.isOlderThan(known)) {
				if (!submittedAtKnown) {
					replace(known.withSubmittedAt(news.submittedAt()));
				}
				return false;
			}
			task = submittedAtKnown ? news.withSubmittedAt(known.submittedAt()) : news;
		}
		replace(task);
		this.feed.add(task);
		return true;
	}

	private void replace(Task task) {
		remove(this.tasks.remove(task.id()));
		this.tasks.put(task.id(), task);
		this.size += task.memorySize();
		Iterator<Task> oldest = this.tasks.values().iterator();
		while (this.tasks.size() > 1 && (this.tasks.size() > this.capacity || this.size > this.maxSize)) {
			remove(oldest.next());
			oldest.remove();
		}
	}

	private void remove(@Nullable Task forgotten) {
		if (forgotten != null) {
			this.size -= forgotten.memorySize();
		}
	}

	/**
	 * A task.
	 * @param id its id
	 * @return what is known of it
	 */
	public synchronized Optional<Task> find(String id) {
		return Optional.ofNullable(this.tasks.get(id));
	}

	/**
	 * The tasks submitted last.
	 * @param limit how many at most
	 * @return the tasks, newest first
	 */
	public List<Task> newest(int limit) {
		List<Task> newest = all();
		newest.sort(Comparator.comparing(Task::submittedAt).reversed());
		return newest.subList(0, Math.min(limit, newest.size()));
	}

	/**
	 * All that are known, those that changed last at the end.
	 */
	synchronized List<Task> all() {
		return new ArrayList<>(this.tasks.values());
	}

}
