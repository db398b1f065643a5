package dev.warren.broker.junit;

import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * What JUnit does for {@link AtLeastOnceTest}.
 */
final class AtLeastOnceExtension implements TestTemplateInvocationContextProvider {

	static final String SEED_PROPERTY = "warren.broker.at-least-once.seed";

	/** Seeds are easy to type. */
	private static final long HIGHEST_SEED = 1_000_000;

	@Override
	public boolean supportsTestTemplate(ExtensionContext context) {
		return AnnotationSupport.isAnnotated(context.getRequiredTestMethod(), AtLeastOnceTest.class);
	}

	/**
	 * The runs, of which JUnit asks for the next one when the last one is over.
	 */
	@Override
	public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
		AtLeastOnceTest annotation = AnnotationSupport
			.findAnnotation(context.getRequiredTestMethod(), AtLeastOnceTest.class)
			.orElseThrow();
		AtLeastOnceRuns runs = new AtLeastOnceRuns(seeds(annotation), Set.of(annotation.queues()));
		return StreamSupport.stream(Spliterators.spliteratorUnknownSize(runs, Spliterator.ORDERED), false);
	}

	private static long[] seeds(AtLeastOnceTest annotation) {
		String property = System.getProperty(SEED_PROPERTY);
		if (property != null) {
			return new long[] { parse(property) };
		}
		if (annotation.seeds().length > 0) {
			return annotation.seeds();
		}
		if (annotation.runs() < 1) {
			throw new ExtensionConfigurationException("'runs' must be 1 or more, not " + annotation.runs());
		}
		long first = ThreadLocalRandom.current().nextLong(HIGHEST_SEED);
		return LongStream.range(first, first + annotation.runs()).toArray();
	}

	private static long parse(String seed) {
		try {
			return Long.parseLong(seed);
		}
		catch (NumberFormatException ex) {
			throw new ExtensionConfigurationException(
					"The system property '%s' must be a number, not '%s'".formatted(SEED_PROPERTY, seed), ex);
		}
	}

}
