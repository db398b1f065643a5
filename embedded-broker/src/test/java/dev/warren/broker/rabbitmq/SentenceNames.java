package dev.warren.broker.rabbitmq;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.DisplayNameGenerator;

/**
 * Turns {@code anEmptyQueueIsFound} into "An empty queue is found".
 */
class SentenceNames extends DisplayNameGenerator.Standard {

	@Override
	public String generateDisplayNameForMethod(List<Class<?>> enclosing, Class<?> testClass, Method method) {
		String words = method.getName().replaceAll("(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
		return Character.toUpperCase(words.charAt(0)) + words.substring(1);
	}

}
