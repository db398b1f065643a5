package dev.warren.workqueue.web;

import java.time.Duration;
import java.util.List;

/**
 * What became of a batch.
 *
 * @param batch the batch's id; the id of a task is the batch's, a hyphen, and its index,
 * which begins with 0
 * @param confirm how confirms were waited for
 * @param tasks how many tasks there are
 * @param confirmed how many of them the broker has confirmed
 * @param elapsedMs how long it took to send them and get the confirms, in milliseconds
 * @param ratePerSecond confirmed tasks a second
 * @param unconfirmed the others
 */
record BatchReceipt(String batch, ConfirmStrategy confirm, int tasks, int confirmed, double elapsedMs,
		long ratePerSecond, List<Unconfirmed> unconfirmed) {

	static BatchReceipt of(String batch, ConfirmStrategy strategy, int tasks, List<Unconfirmed> unconfirmed,
			Duration elapsed) {
		int confirmed = tasks - unconfirmed.size();
		return new BatchReceipt(batch, strategy, tasks, confirmed, Math.round(elapsed.toNanos() / 1e4) / 100.0,
				Math.round(confirmed / (elapsed.toNanos() / 1e9)), unconfirmed);
	}

	/**
	 * A task that the broker has not confirmed. It may be in the queue nevertheless, if
	 * it was sent at all: sent again, it may be done twice.
	 *
	 * @param index its place in the batch, from 0
	 * @param id its id
	 * @param error why
	 */
	record Unconfirmed(int index, String id, String error) {

	}

}
