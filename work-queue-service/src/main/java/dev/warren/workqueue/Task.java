package dev.warren.workqueue;

import java.time.Instant;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a task.
 *
 * @param id its id: the message id, given by whoever submitted it or, if that was a
 * stranger who gave none, by the first worker that got it
 * @param text what is to be done; each dot is work
 * @param state where it is
 * @param worker the worker that has it, or had it last
 * @param instance the instance of the service that worker belongs to
 * @param attempts how many times it was begun since it was submitted or replayed
 * @param redeliveries how many times it came back from a worker that did not acknowledge
 * it
 * @param replays how many times it was replayed from the dead letters
 * @param error why the last attempt failed
 * @param submittedAt when it was submitted; to the second, if that is all the message
 * says
 * @param startedAt when the last attempt began
 * @param finishedAt when it was done or became a dead letter
 */
record Task(String id, String text, TaskState state, @Nullable String worker, @Nullable String instance, int attempts,
		int redeliveries, int replays, @Nullable String error, Instant submittedAt, @Nullable Instant startedAt,
		@Nullable Instant finishedAt) {

	private static final int MEMORY_OVERHEAD = 512;

	// Jackson, which reads the events of others, passes null for what they leave out.
	Task {
		Objects.requireNonNull(id, "'id' must not be null");
		Objects.requireNonNull(text, "'text' must not be null");
		Objects.requireNonNull(state, "'state' must not be null");
		Objects.requireNonNull(submittedAt, "'submittedAt' must not be null");
	}

	static Task submitted(String id, String text, Instant now) {
		return new Task(id, text, TaskState.QUEUED, null, null, 0, 0, 0, null, now, null, null);
	}

	Task begun(String worker, String instance) {
		return new Task(this.id, this.text, TaskState.WORKING, worker, instance, this.attempts + 1, this.redeliveries,
				this.replays, this.error, this.submittedAt, Instant.now(), null);
	}

	Task done() {
		return new Task(this.id, this.text, TaskState.DONE, this.worker, this.instance, this.attempts,
				this.redeliveries, this.replays, this.error, this.submittedAt, this.startedAt, Instant.now());
	}

	Task failed(String reason) {
		return new Task(this.id, this.text, TaskState.QUEUED, this.worker, this.instance, this.attempts,
				this.redeliveries, this.replays, reason, this.submittedAt, this.startedAt, null);
	}

	/**
	 * Back in the queue although nothing was wrong with it.
	 */
	Task returned() {
		return new Task(this.id, this.text, TaskState.QUEUED, this.worker, this.instance, this.attempts - 1,
				this.redeliveries + 1, this.replays, this.error, this.submittedAt, this.startedAt, null);
	}

	/**
	 * Delivered again because a worker had it and did not acknowledge it.
	 * @param begun whether the worker had begun
	 */
	Task redelivered(boolean begun) {
		return new Task(this.id, this.text, TaskState.QUEUED, this.worker, this.instance,
				this.attempts + (begun ? 1 : 0), this.redeliveries + 1, this.replays,
				begun ? "The worker or its connection was lost before it acknowledged the task" : this.error,
				this.submittedAt, this.startedAt, null);
	}

	Task dead() {
		return new Task(this.id, this.text, TaskState.DEAD, this.worker, this.instance, this.attempts,
				this.redeliveries, this.replays, this.error, this.submittedAt, this.startedAt, Instant.now());
	}

	Task replayed() {
		return new Task(this.id, this.text, TaskState.QUEUED, null, null, 0, this.redeliveries, this.replays + 1, null,
				this.submittedAt, null, null);
	}

	/**
	 * Whether this is how the task was before, rather than after, it was as the other
	 * says. News travel in any order: a worker may tell that it is done before the
	 * submitter tells that it is in the queue.
	 */
	boolean isOlderThan(Task other) {
		return (this.replays != other.replays) ? this.replays < other.replays : progress() < other.progress();
	}

	// Every attempt has a beginning and an end. A task returned unfinished is as far as
	// it was before it was begun, but has one redelivery more.
	private long progress() {
		return 2L * (this.attempts + this.redeliveries) + ((this.state == TaskState.WORKING) ? 0 : 1);
	}

	Task withSubmittedAt(Instant instant) {
		return new Task(this.id, this.text, this.state, this.worker, this.instance, this.attempts, this.redeliveries,
				this.replays, this.error, instant, this.startedAt, this.finishedAt);
	}

	/**
	 * Roughly what it takes in memory, in bytes.
	 */
	int memorySize() {
		return MEMORY_OVERHEAD + 2 * (this.text.length() + ((this.error != null) ? this.error.length() : 0));
	}

}
