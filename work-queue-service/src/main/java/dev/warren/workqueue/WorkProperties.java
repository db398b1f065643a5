package dev.warren.workqueue;

import java.time.Duration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The properties of the work queue service.
 *
 * @param dot how long the work of one dot in a task's text takes
 * @param maxDuration how long the work of one task may take
 * @param maxAttempts how many times a task may fail before it becomes a dead letter
 * @param maxDeliveries from how many deliveries on a task is a dead letter instead of
 * being begun, where the broker counts them, as it does for a quorum queue: such a task
 * may be what kills its workers
 * @param workers how many workers there are at the start
 * @param maxWorkers how many there may be
 * @param prefetch how many tasks a worker may hold at the start; 0 for as many as
 * {@link #UNLIMITED_PREFETCH}
 * @param gracePeriod how long a worker that is stopped may take to finish its task
 * @param maxBatches how many batches may be sent at once
 * @param rememberedTasks how many tasks' states are remembered, those that changed last
 * @param rememberedSize how much memory they may take
 * @param feedCapacity how far back, in changes of state, a reader of the stream can
 * return
 */
@Validated
@ConfigurationProperties(prefix = "warren.work", ignoreUnknownFields = false)
public record WorkProperties(@DefaultValue("1s") Duration dot, @DefaultValue("1h") Duration maxDuration,
		@DefaultValue("3") @Min(1) int maxAttempts, @DefaultValue("10") @Min(1) int maxDeliveries,
		@DefaultValue("2") @Min(0) int workers, @DefaultValue("100") @Min(1) int maxWorkers,
		@DefaultValue("1") @Min(0) @Max(MAX_PREFETCH) int prefetch, @DefaultValue("15s") Duration gracePeriod,
		@DefaultValue("4") @Min(1) int maxBatches, @DefaultValue("10000") @Min(1) int rememberedTasks,
		@DefaultValue("32MB") DataSize rememberedSize, @DefaultValue("1000") @Min(1) @Max(100_000) int feedCapacity) {

	/** The most tasks a worker may hold. */
	public static final int MAX_PREFETCH = 1000;

	/**
	 * How many tasks a worker may hold for AMQP's 0, no limit, which would put the whole
	 * backlog into its memory.
	 */
	public static final int UNLIMITED_PREFETCH = 250;

	/**
	 * How long the work of a task takes.
	 * @param task the task's text
	 * @return as long as its dots say
	 */
	public Duration duration(String task) {
		return this.dot.multipliedBy(task.chars().filter((character) -> character == '.').count());
	}

}
