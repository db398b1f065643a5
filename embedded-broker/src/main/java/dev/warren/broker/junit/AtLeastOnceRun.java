package dev.warren.broker.junit;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.warren.broker.BrokerFaults;
import dev.warren.broker.EmbeddedBroker;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/**
 * One run of a test, plain or with deliveries that are disturbed.
 */
final class AtLeastOnceRun implements TestTemplateInvocationContext, BeforeTestExecutionCallback,
		TestExecutionExceptionHandler, AfterTestExecutionCallback {

	private static final int MOST_IN_A_FAILURE = 10;

	private final long seed;

	private final Set<String> queues;

	/** How many disturbances there may be; 0 in the plain run. */
	private final int most;

	private final List<BrokerFaults.Disturbed> disturbed = new ArrayList<>();

	private boolean passed;

	private AtLeastOnceRun(long seed, Set<String> queues, int most) {
		this.seed = seed;
		this.queues = queues;
		this.most = most;
	}

	static AtLeastOnceRun plain() {
		return new AtLeastOnceRun(0, Set.of(), 0);
	}

	static AtLeastOnceRun with(long seed, Set<String> queues, int most) {
		return new AtLeastOnceRun(seed, queues, most);
	}

	boolean isPlain() {
		return this.most == 0;
	}

	/**
	 * Whether the test did not pass, or never began.
	 */
	boolean hasFailed() {
		return !this.passed;
	}

	long seed() {
		return this.seed;
	}

	/**
	 * How many disturbances there were.
	 */
	int disturbances() {
		return happened().size();
	}

	private List<String> happened() {
		return this.disturbed.stream().flatMap((one) -> one.happened().stream()).toList();
	}

	@Override
	public String getDisplayName(int invocationIndex) {
		if (isPlain()) {
			return "undisturbed";
		}
		return "seed " + this.seed + ((this.most < Integer.MAX_VALUE) ? ", at most " + times(this.most) : "");
	}

	private static String times(int disturbances) {
		return (disturbances == 1) ? "one disturbance" : disturbances + " disturbances";
	}

	@Override
	public List<Extension> getAdditionalExtensions() {
		return List.of(this);
	}

	@Override
	public void beforeTestExecution(ExtensionContext context) {
		List<EmbeddedBroker> brokers = ClassBrokers.of(context);
		if (brokers.isEmpty()) {
			throw new ExtensionConfigurationException(
					"@AtLeastOnceTest needs a broker: annotate %s with @EmbeddedBrokerTest or register an EmbeddedBrokerExtension"
						.formatted(context.getRequiredTestClass().getSimpleName()));
		}
		if (!isPlain()) {
			brokers.forEach((broker) -> this.disturbed
				.add(broker.faults().disturbDeliveries(this.seed, this.queues, this.most)));
		}
	}

	@Override
	public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
		if (isPlain() || failure instanceof TestAbortedException) {
			throw failure;
		}
		throw new AssertionFailedError(describe(happened()), failure);
	}

	@Override
	public void afterTestExecution(ExtensionContext context) {
		this.disturbed.forEach(BrokerFaults.Disturbed::close);
		this.passed = context.getExecutionException().isEmpty();
	}

	private String describe(List<String> happened) {
		if (happened.isEmpty()) {
			return """
					This test passed the first time and failed when it was repeated, though no delivery was disturbed \
					(seed %d). Does something stay from one run to the next, or does it depend on time?"""
				.formatted(this.seed);
		}
		StringBuilder text = new StringBuilder();
		if (this.most < Integer.MAX_VALUE) {
			text.append(
					"With seed %d, %s %s enough for this test to fail, and with fewer it passed. The one that matters:%n  %s"
						.formatted(this.seed, times(this.most), (this.most == 1) ? "is" : "are",
								happened.get(happened.size() - 1)));
		}
		else {
			text.append("This test passes when each message is delivered once and in order, and fails with seed %d. "
				.formatted(this.seed)).append("The first difference:%n  %s".formatted(happened.get(0)));
		}
		if (happened.size() > 1) {
			text.append("%nAll that was different until the failure:".formatted());
			happened.stream().limit(MOST_IN_A_FAILURE).forEach((one) -> text.append("%n  %s".formatted(one)));
			if (happened.size() > MOST_IN_A_FAILURE) {
				text.append("%n  and %d more".formatted(happened.size() - MOST_IN_A_FAILURE));
			}
		}
		return text
			.append("%nTo run it again: @AtLeastOnceTest(seeds = %d) or -D%s=%d. The failure itself is the cause."
				.formatted(this.seed, AtLeastOnceExtension.SEED_PROPERTY, this.seed))
			.toString();
	}

}
