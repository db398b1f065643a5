package dev.warren.workqueue.tasks;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Where a task is.
 */
public enum TaskState {

	/** Waits in a queue. */
	@JsonProperty("queued")
	QUEUED,

	/** A worker works on it. */
	@JsonProperty("working")
	WORKING,

	/** Done, and acknowledged. */
	@JsonProperty("done")
	DONE,

	/** In the dead letters. */
	@JsonProperty("dead")
	DEAD

}
