package dev.warren.suite;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;

/**
 * Says whose port is taken and which of the suite's properties changes it.
 */
final class TakenPortFailureAnalyzer extends AbstractFailureAnalyzer<PortInUseException> implements Ordered {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, PortInUseException cause) {
		String part = PartName.get();
		return new FailureAnalysis(
				"The HTTP port of %s, %d, is taken by another process.".formatted(part, cause.getPort()),
				"Stop that process, or choose another port with --%s.server.port=".formatted(part), cause);
	}

	// Before Boot's own, which speaks of "this application".
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
