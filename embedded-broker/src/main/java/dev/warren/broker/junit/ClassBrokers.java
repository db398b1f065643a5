package dev.warren.broker.junit;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.warren.broker.EmbeddedBroker;
import org.jspecify.annotations.Nullable;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * The brokers of the test classes that run and have {@link EmbeddedBrokerTest}. Both
 * JUnit and Spring ask for them, and either may be the first.
 */
final class ClassBrokers {

	private static final Map<Class<?>, EmbeddedBroker> RUNNING = new ConcurrentHashMap<>();

	private ClassBrokers() {
	}

	/**
	 * The outermost class with the annotation, of a test class and those around it.
	 */
	static @Nullable Class<?> owner(Class<?> testClass) {
		Class<?> outer = testClass.getEnclosingClass();
		Class<?> owner = (outer != null && !Modifier.isStatic(testClass.getModifiers())) ? owner(outer) : null;
		if (owner == null && AnnotationSupport.isAnnotated(testClass, EmbeddedBrokerTest.class)) {
			return testClass;
		}
		return owner;
	}

	static EmbeddedBroker of(Class<?> owner) {
		return RUNNING.computeIfAbsent(owner, ClassBrokers::start);
	}

	private static EmbeddedBroker start(Class<?> owner) {
		EmbeddedBroker.Builder builder = EmbeddedBroker.builder();
		AnnotationSupport.findAnnotation(owner, EmbeddedBrokerTest.class)
			.map(EmbeddedBrokerTest::version)
			.ifPresent((versions) -> Arrays.stream(versions).forEach(builder::version));
		return builder.start();
	}

	static void close(Class<?> owner) {
		EmbeddedBroker broker = RUNNING.remove(owner);
		if (broker != null) {
			broker.close();
		}
	}

}
