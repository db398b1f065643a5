package dev.warren.broker.app;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;

/**
 * Says that the broker's HTTP port is taken, or is none, and which property changes it.
 */
final class HttpPortFailureAnalyzer extends AbstractFailureAnalyzer<Exception> implements Ordered {

	private final BeanFactory beans;

	HttpPortFailureAnalyzer(BeanFactory beans) {
		this.beans = beans;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, Exception cause) {
		if (!isBroker()) {
			return null;
		}
		PortInUseException taken = findCause(rootFailure, PortInUseException.class);
		if (taken != null) {
			return new FailureAnalysis(
					"The broker cannot serve HTTP on port %d: another process listens there."
						.formatted(taken.getPort()),
					"Stop that process, or set 'server.port' to another port (0 takes any free one).", cause);
		}
		// Nothing but the text of InetSocketAddress tells it from other arguments.
		Throwable root = NestedExceptionUtils.getMostSpecificCause(rootFailure);
		if (String.valueOf(root.getMessage()).startsWith("port out of range")) {
			return new FailureAnalysis("The broker cannot serve HTTP: its port does not exist.",
					"Set 'server.port' to a port from 1 to 65535, or to 0 for any free one.", cause);
		}
		return null;
	}

	/**
	 * Not an application that has the broker on its class path.
	 */
	private boolean isBroker() {
		return this.beans instanceof ListableBeanFactory all
				&& all.getBeanNamesForType(EmbeddedBrokerApplication.class, true, false).length > 0;
	}

	// Before Boot's own, which speaks of "this application".
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE + 1;
	}

}
