package dev.warren.suite;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test that needs a browser, and minutes: it runs with
 * {@code -Dwarren.test.browser=true}, and then it must.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(InBrowser.Condition.class)
@interface InBrowser {

	/**
	 * Whether it is to run.
	 */
	class Condition implements ExecutionCondition {

		@Override
		public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
			if (!Boolean.getBoolean("warren.test.browser")) {
				return ConditionEvaluationResult
					.disabled("it takes minutes and a browser: set -Dwarren.test.browser=true");
			}
			if (!Files.isExecutable(Browser.CHROMIUM) || !Files.isExecutable(Browser.CHROMEDRIVER)) {
				throw new IllegalStateException(
						"There is no browser: install Debian's packages chromium and chromium-driver");
			}
			return ConditionEvaluationResult.enabled("there is a browser");
		}

	}

}
