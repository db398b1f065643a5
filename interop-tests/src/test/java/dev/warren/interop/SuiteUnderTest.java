package dev.warren.interop;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the {@link Suite}, one for all of them.
 */
final class SuiteUnderTest implements ParameterResolver {

	static {
		Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == Suite.class;
	}

	@Override
	public Suite resolveParameter(ParameterContext parameter, ExtensionContext context) {
		// The root store closes it after the last test.
		Suite suite = context.getRoot()
			.getStore(Namespace.create(SuiteUnderTest.class))
			.computeIfAbsent(Suite.class, (type) -> new Suite(), Suite.class);
		suite.awaitReady();
		return suite;
	}

}
