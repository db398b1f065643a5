package dev.warren.broker.junit;

import java.util.Arrays;
import java.util.List;

import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Test classes that are run by JUnit within a test.
 */
final class TestRuns {

	private TestRuns() {
	}

	static Events of(Class<?>... testClasses) {
		return EngineTestKit.engine("junit-jupiter")
			.selectors(selectors(Arrays.asList(testClasses)))
			.execute()
			.testEvents();
	}

	static Events inParallel(int threads, List<Class<?>> testClasses) {
		return inParallel(threads, "same_thread", testClasses);
	}

	/**
	 * Runs the methods of each class in parallel, too.
	 */
	static Events allInParallel(int threads, List<Class<?>> testClasses) {
		return inParallel(threads, "concurrent", testClasses);
	}

	private static Events inParallel(int threads, String methods, List<Class<?>> testClasses) {
		return EngineTestKit.engine("junit-jupiter")
			.selectors(selectors(testClasses))
			.configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
			.configurationParameter("junit.jupiter.execution.parallel.mode.default", methods)
			.configurationParameter("junit.jupiter.execution.parallel.mode.classes.default", "concurrent")
			.configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
			.configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism",
					Integer.toString(threads))
			.execute()
			.testEvents();
	}

	static void assertAllSucceeded(int tests, Events events) {
		assertThat(events.failed().list()).isEmpty();
		events.assertStatistics((statistics) -> statistics.started(tests).succeeded(tests));
	}

	private static ClassSelector[] selectors(List<Class<?>> testClasses) {
		return testClasses.stream().map(DiscoverySelectors::selectClass).toArray(ClassSelector[]::new);
	}

}
