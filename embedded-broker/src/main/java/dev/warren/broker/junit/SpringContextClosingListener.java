package dev.warren.broker.junit;

import org.springframework.test.annotation.DirtiesContext.HierarchyMode;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/**
 * Closes the Spring contexts of a class with {@link EmbeddedBrokerTest}, and of its
 * nested classes, before its virtual host is deleted. In Spring's cache, their listeners
 * would look for that virtual host until the end.
 */
final class SpringContextClosingListener extends AbstractTestExecutionListener {

	@Override
	public void afterTestClass(TestContext testContext) {
		Class<?> owner = ClassBrokers.owner(testContext.getTestClass());
		if (owner != null && testContext.hasApplicationContext()) {
			ClassBrokers.beforeClosing(owner, () -> testContext.markApplicationContextDirty(HierarchyMode.EXHAUSTIVE));
		}
	}

}
