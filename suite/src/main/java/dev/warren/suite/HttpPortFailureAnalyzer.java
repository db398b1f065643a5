package dev.warren.suite;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;

/**
 * Says whose port is taken, or is none, and which of the suite's properties changes it.
 */
final class HttpPortFailureAnalyzer extends AbstractFailureAnalyzer<Exception> implements Ordered {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, Exception cause) {
		String part = PartName.get();
		PortInUseException taken = findCause(rootFailure, PortInUseException.class);
		if (taken != null) {
			return new FailureAnalysis(
					"The HTTP port of %s, %d, is taken by another process.".formatted(part, taken.getPort()),
					"Stop that process, or choose another port with --%s.server.port=".formatted(part), cause);
		}
		// Nothing but the text of InetSocketAddress tells it from other arguments.
		Throwable root = NestedExceptionUtils.getMostSpecificCause(rootFailure);
		if (String.valueOf(root.getMessage()).startsWith("port out of range")) {
			return new FailureAnalysis("The HTTP port of %s does not exist.".formatted(part),
					"Set --%s.server.port= to 0 (any free port) or to a value from 1 to 65535.".formatted(part), cause);
		}
		return null;
	}

	// Before Boot's own, which speaks of "this application".
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
