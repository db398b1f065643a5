package dev.warren.broker.junit;

import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.UpgradeReport;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.slf4j.LoggerFactory;

/**
 * A broker in JUnit's store, which JUnit closes with the context in which it was put
 * there. Before 5.13 it closes only what is a {@code CloseableResource}; afterwards it
 * wants an {@code AutoCloseable}.
 *
 * @param closing closes the broker
 */
@SuppressWarnings("deprecation")
record StoredBroker(EmbeddedBroker broker, Class<?> testClass,
		Runnable closing) implements Store.CloseableResource, AutoCloseable {

	/**
	 * The broker that the store has, or one that is started now.
	 */
	static EmbeddedBroker of(Store store, Object key, Supplier<StoredBroker> start) {
		// JUnit 5 has no other method for it.
		StoredBroker stored = store.getOrComputeIfAbsent(key, (absent) -> start.get(), StoredBroker.class);
		return Objects.requireNonNull(stored).broker();
	}

	/**
	 * Whether a parameter is a broker, and not for Spring to inject.
	 */
	static boolean isMeant(Parameter parameter) {
		return parameter.getType() == EmbeddedBroker.class && Arrays.stream(parameter.getAnnotations())
			.noneMatch((annotation) -> annotation.annotationType().getName().startsWith("org.springframework."));
	}

	@Override
	public void close() {
		this.closing.run();
		UpgradeReport report = this.broker.upgradeReport();
		if (!report.uses().isEmpty()) {
			LoggerFactory.getLogger(EmbeddedBrokerExtension.class)
				.warn("Upgrade report of {}. {}", this.testClass.getSimpleName(), report);
		}
	}

}
