package dev.warren.broker.autoconfigure;

import dev.warren.broker.BrokerStartException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Has Boot print one clear message, instead of a stack trace, for a broker that cannot
 * start.
 */
final class BrokerStartFailureAnalyzer extends AbstractFailureAnalyzer<BrokerStartException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, BrokerStartException cause) {
		return new FailureAnalysis(cause.problem(), cause.remedy(), cause);
	}

}
