package dev.warren.broker.junit;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;

/**
 * The runs of a test: a plain one, then one for each seed; when one of those fails, some
 * that have fewer disturbances, which tells the one that matters.
 */
final class AtLeastOnceRuns implements Iterator<TestTemplateInvocationContext> {

	/** Each is a run of the test. */
	private static final int MOST_TO_TELL_APART = 5;

	private final long[] seeds;

	private final Set<String> queues;

	private int nextSeed;

	private @Nullable AtLeastOnceRun last;

	/** The first run that failed; from then on its seed is looked into. */
	private @Nullable AtLeastOnceRun failed;

	private int most;

	AtLeastOnceRuns(long[] seeds, Set<String> queues) {
		this.seeds = seeds;
		this.queues = queues;
	}

	@Override
	public boolean hasNext() {
		AtLeastOnceRun previous = this.last;
		if (previous == null) {
			return true;
		}
		if (previous.isPlain() || this.failed == null) {
			if (!previous.hasFailed()) {
				return this.nextSeed < this.seeds.length;
			}
			if (previous.isPlain()) {
				return false;
			}
			this.failed = previous;
		}
		boolean found = previous != this.failed && previous.hasFailed();
		return !found && this.most < Math.min(MOST_TO_TELL_APART, this.failed.disturbances() - 1);
	}

	@Override
	public TestTemplateInvocationContext next() {
		if (!hasNext()) {
			throw new NoSuchElementException();
		}
		AtLeastOnceRun next;
		if (this.last == null) {
			next = AtLeastOnceRun.plain();
		}
		else if (this.failed != null) {
			next = AtLeastOnceRun.with(this.failed.seed(), this.queues, ++this.most);
		}
		else {
			next = AtLeastOnceRun.with(this.seeds[this.nextSeed++], this.queues, Integer.MAX_VALUE);
		}
		this.last = next;
		return next;
	}

}
