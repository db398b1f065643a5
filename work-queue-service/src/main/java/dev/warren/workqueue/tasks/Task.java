package dev.warren.workqueue.tasks;

import java.time.Instant;
import java.util.Comparator;

import dev.warren.messaging.message.Text;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What is known of a task.
 *
 * @param id its id: the message id, given by whoever submitted it or, if that was a
 * stranger who gave none, by the first worker that got it
 * @param text what is to be done; each dot is work
 * @param state where it is
 * @param worker the worker that has it, or had it last
 * @param instance the instance of the service that worker belongs to
 * @param attempts how many times it was tried since it was delivered last
 * @param redeliveries how many times it came back from a worker that did not acknowledge
 * it
 * @param replays how many times it was replayed from the dead letters
 * @param error why the last attempt failed
 * @param submittedAt when it was submitted; to the second, if that is all the message
 * says
 * @param startedAt when the last attempt began
 * @param finishedAt when it was done or became a dead letter
 */
public record Task(String id, String text, TaskState state, @Nullable String worker, @Nullable String instance,
		int attempts, int redeliveries, int replays, @Nullable String error, Instant submittedAt,
		@Nullable Instant startedAt, @Nullable Instant finishedAt) {

	private static final int MEMORY_OVERHEAD = 512;

	private static final int MAX_NAME = 255;

	private static final int MAX_ERROR = 1000;

	// What happens to a task in its order. A worker may tell that a task is done before
	// its submitter tells that it is in the queue.
	private static final Comparator<Task> PROGRESS = Comparator.comparingInt(Task::replays)
		.thenComparingInt(Task::redeliveries)
		.thenComparingInt(Task::attempts)
		.thenComparingInt(
				(task) -> (task.state() == TaskState.WORKING) ? 0 : (task.state() == TaskState.QUEUED) ? 1 : 2);

	// Other instances tell of tasks, and so may a stranger. Jackson passes null for what
	// is left out.
	@SuppressWarnings("NullAway")
	public Task {
		Assert.isTrue(id != null && id.length() <= MAX_NAME, "'id' must be a message id");
		Assert.isTrue(text != null && text.length() <= Text.MAX_SIZE, "'text' must be a task's");
		Assert.isTrue(state != null && submittedAt != null, "'state' and 'submittedAt' must be given");
		Assert.isTrue(attempts >= 0 && redeliveries >= 0 && replays >= 0, "a count must not be negative");
		worker = shortened(worker, MAX_NAME);
		instance = shortened(instance, MAX_NAME);
		error = shortened(error, MAX_ERROR);
	}

	private static @Nullable String shortened(@Nullable String text, int length) {
		return (text == null || text.length() <= length) ? text : text.substring(0, length);
	}

	/**
	 * A task that is in the queue, and that nobody has begun.
	 * @param id its id
	 * @param text what is to be done, of which 64 Ki characters are remembered
	 * @param submittedAt when it was submitted
	 * @return the task
	 */
	public static Task submitted(String id, String text, Instant submittedAt) {
		return new Task(id, text.substring(0, Math.min(text.length(), Text.MAX_SIZE)), TaskState.QUEUED, null, null, 0,
				0, 0, null, submittedAt, null, null);
	}

	Task delivered() {
		return new Task(this.id, this.text, TaskState.QUEUED, this.worker, this.instance, 0, this.redeliveries,
				this.replays, this.error, this.submittedAt, null, null);
	}

	Task redelivered() {
		return new Task(this.id, this.text, TaskState.QUEUED, this.worker, this.instance, 0, this.redeliveries + 1,
				this.replays, this.error, this.submittedAt, null, null);
	}

	Task begun(String worker, String instance) {
		return new Task(this.id, this.text, TaskState.WORKING, worker, instance, this.attempts + 1, this.redeliveries,
				this.replays, this.error, this.submittedAt, Instant.now(), null);
	}

	Task failed(String reason) {
		return in(TaskState.QUEUED, reason, null);
	}

	Task givenBack() {
		return in(TaskState.QUEUED, this.error, null);
	}

	Task done() {
		return in(TaskState.DONE, this.error, Instant.now());
	}

	Task dead(int attempts, @Nullable String reason, @Nullable Instant at) {
		return new Task(this.id, this.text, TaskState.DEAD, this.worker, this.instance, attempts, this.redeliveries,
				this.replays, reason, this.submittedAt, this.startedAt, at);
	}

	private Task in(TaskState state, @Nullable String error, @Nullable Instant finishedAt) {
		return new Task(this.id, this.text, state, this.worker, this.instance, this.attempts, this.redeliveries,
				this.replays, error, this.submittedAt, this.startedAt, finishedAt);
	}

	Task replayed() {
		return new Task(this.id, this.text, TaskState.QUEUED, null, null, 0, this.redeliveries, this.replays + 1, null,
				this.submittedAt, null, null);
	}

	/**
	 * Whether this is how the task was before it was as the other says.
	 */
	boolean isOlderThan(Task other) {
		return PROGRESS.compare(this, other) < 0;
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
