package dev.warren.broker.junit;

import org.springframework.test.annotation.DirtiesContext.HierarchyMode;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/**
 * Closes the Spring context of a class with {@link EmbeddedBrokerTest} before its broker
 * is closed. In Spring's cache, its listeners would look for that broker until the end.
 */
final class SpringContextClosingListener extends AbstractTestExecutionListener {

	@Override
	public void afterTestClass(TestContext testContext) {
		Class<?> testClass = testContext.getTestClass();
		if (testClass == ClassBrokers.owner(testClass) && testContext.hasApplicationContext()) {
			testContext.markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
		}
	}

}
