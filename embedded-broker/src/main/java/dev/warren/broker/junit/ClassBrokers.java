package dev.warren.broker.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.RabbitMqVersion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * The brokers of the test classes that have {@link EmbeddedBrokerTest}: one for each
 * version and store, shared by all of them, on which each class that runs has a virtual
 * host. Both JUnit and Spring ask for them, and either may be the first.
 */
final class ClassBrokers {

	/**
	 * The only virtual host of a shared broker that is nobody's. There is no {@code /}: a
	 * client that names no virtual host is refused, where it would meet other classes.
	 */
	private static final String NOBODYS = "unused";

	private static final Map<Kind, SharedBroker> SHARED = new HashMap<>();

	private static final Map<Class<?>, OfClass> RUNNING = new HashMap<>();

	/** A test may run others with JUnit's test kit. */
	private static int junitRuns;

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

	/**
	 * The broker as the class sees it, on its own virtual host.
	 */
	static synchronized EmbeddedBroker of(Class<?> owner) {
		OfClass running = RUNNING.get(owner);
		if (running == null) {
			running = new OfClass(shared(kind(owner)).withVirtualHost(unusedName(owner)), new ReentrantLock(),
					new ArrayList<>());
			RUNNING.put(owner, running);
		}
		return running.broker();
	}

	/**
	 * Its holder is the one test of the class that runs.
	 */
	static synchronized ReentrantLock turn(Class<?> owner) {
		return Objects.requireNonNull(RUNNING.get(owner)).turn();
	}

	/**
	 * The brokers of a test: that of its class, and those of the extensions.
	 */
	static List<EmbeddedBroker> of(ExtensionContext test) {
		List<EmbeddedBroker> brokers = new ArrayList<>(EmbeddedBrokerExtension.brokers(test));
		Class<?> owner = owner(test.getRequiredTestClass());
		if (owner != null) {
			brokers.add(of(owner));
		}
		return brokers;
	}

	private static Kind kind(Class<?> owner) {
		EmbeddedBrokerTest annotation = AnnotationSupport.findAnnotation(owner, EmbeddedBrokerTest.class).orElseThrow();
		return new Kind(Arrays.stream(annotation.version()).findFirst().orElseGet(RabbitMqVersion::ofThisJvm),
				annotation.store());
	}

	private static EmbeddedBroker shared(Kind kind) {
		SharedBroker shared = SHARED.get(kind);
		if (shared == null || !shared.broker().isRunning()) {
			shared = SharedBroker.start(kind);
			SHARED.put(kind, shared);
		}
		return shared.broker();
	}

	private static String unusedName(Class<?> owner) {
		String name = owner.getSimpleName();
		for (int i = 2; isUsed(name); i++) {
			name = owner.getSimpleName() + "-" + i;
		}
		return name;
	}

	private static boolean isUsed(String name) {
		return name.equals(NOBODYS)
				|| RUNNING.values().stream().anyMatch((running) -> running.broker().virtualHost().equals(name));
	}

	/**
	 * Notes what to do before the virtual host of the class is deleted.
	 */
	static synchronized void beforeClosing(Class<?> owner, Runnable action) {
		OfClass running = RUNNING.get(owner);
		if (running != null) {
			running.beforeClosing().add(action);
		}
	}

	/**
	 * Deletes the virtual host of the class.
	 */
	static void close(Class<?> owner) {
		OfClass running = running(owner);
		if (running == null) {
			return;
		}
		try {
			running.beforeClosing().forEach(Runnable::run);
		}
		finally {
			running.broker().close();
			forget(owner);
		}
	}

	private static synchronized @Nullable OfClass running(Class<?> owner) {
		return RUNNING.get(owner);
	}

	private static synchronized void forget(Class<?> owner) {
		RUNNING.remove(owner);
	}

	static synchronized void junitStarted() {
		junitRuns++;
	}

	/**
	 * Closes the shared brokers when no JUnit runs any more.
	 */
	static synchronized void junitEnded() {
		junitRuns--;
		if (junitRuns == 0) {
			SHARED.values().forEach(SharedBroker::close);
			SHARED.clear();
		}
	}

	private record Kind(RabbitMqVersion version, EmbeddedBrokerTest.Store store) {

	}

	/**
	 * A broker of several classes.
	 */
	private record SharedBroker(EmbeddedBroker broker, @Nullable Path directory) {

		static SharedBroker start(Kind kind) {
			EmbeddedBroker.Builder builder = EmbeddedBroker.builder().version(kind.version()).virtualHost(NOBODYS);
			if (kind.store() == EmbeddedBrokerTest.Store.MEMORY) {
				return new SharedBroker(builder.start(), null);
			}
			try {
				Path directory = Files.createTempDirectory("warren-");
				return new SharedBroker(builder.diskStore(directory).start(), directory);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		void close() {
			this.broker.close();
			if (this.directory != null) {
				delete(this.directory);
			}
		}

		private static void delete(Path directory) {
			try (Stream<Path> files = Files.walk(directory)) {
				for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
					Files.delete(file);
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

	/**
	 * A class that runs.
	 */
	private record OfClass(EmbeddedBroker broker, ReentrantLock turn, List<Runnable> beforeClosing) {

	}

}
