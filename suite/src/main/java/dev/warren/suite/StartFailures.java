package dev.warren.suite;

import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

/**
 * Why parts did not start: for each a line that says why, and one that says what to do.
 * They are kept for the end, when the other parts have said their last, and short since
 * Maven has ten lines of its own to add.
 */
final class StartFailures implements FailureAnalysisReporter {

	private static final Queue<String> failures = new ConcurrentLinkedQueue<>();

	@Override
	public void report(FailureAnalysis analysis) {
		add(analysis);
	}

	static void add(FailureAnalysis analysis) {
		failures.add("%s did not start: %s%n%s%n".formatted(PartName.get(), inOneLine(analysis.getDescription()),
				inOneLine(analysis.getAction())));
	}

	static void print() {
		failures.forEach(System.err::print);
	}

	private static String inOneLine(@Nullable String text) {
		return Objects.requireNonNullElse(text, "").strip().replaceAll("\\s+", " ");
	}

}
