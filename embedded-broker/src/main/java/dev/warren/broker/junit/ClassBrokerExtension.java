package dev.warren.broker.junit;

import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

import dev.warren.broker.EmbeddedBroker;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;

/**
 * What JUnit does for {@link EmbeddedBrokerTest}. Afterwards it logs the upgrade report
 * of the class, if there is anything in it.
 */
final class ClassBrokerExtension implements TestInstancePreConstructCallback, BeforeAllCallback, BeforeEachCallback,
		AfterEachCallback, ParameterResolver {

	private static final Namespace NAMESPACE = Namespace.create(ClassBrokerExtension.class);

	// With one instance for the class, it is made before the class begins.
	@Override
	public void preConstructTestInstance(TestInstanceFactoryContext factory, ExtensionContext context) {
		broker(context);
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		broker(context);
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		EmbeddedBroker broker = broker(context);
		// Tests that JUnit runs concurrently would empty one another's queues.
		ClassBrokers.turn(owner(context)).lock();
		broker.reset();
	}

	@Override
	public void afterEach(ExtensionContext context) {
		ReentrantLock turn = ClassBrokers.turn(owner(context));
		// Not if another extension failed before it was this one's turn.
		if (turn.isHeldByCurrentThread()) {
			try {
				broker(context).faults().clear();
			}
			finally {
				turn.unlock();
			}
		}
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return StoredBroker.isMeant(parameter.getParameter());
	}

	@Override
	public EmbeddedBroker resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return broker(context);
	}

	private static EmbeddedBroker broker(ExtensionContext context) {
		Class<?> owner = owner(context);
		return StoredBroker.of(context.getStore(NAMESPACE), owner, () -> {
			SharedBrokers.keepFor(context.getRoot().getStore(NAMESPACE));
			return new StoredBroker(ClassBrokers.of(owner), owner, () -> ClassBrokers.close(owner));
		});
	}

	private static Class<?> owner(ExtensionContext context) {
		return Objects.requireNonNull(ClassBrokers.owner(context.getRequiredTestClass()));
	}

	/**
	 * Keeps the shared brokers until JUnit closes its store at the end of the run.
	 */
	@SuppressWarnings("deprecation")
	private static final class SharedBrokers implements Store.CloseableResource, AutoCloseable {

		private SharedBrokers() {
			ClassBrokers.junitStarted();
		}

		static void keepFor(Store ofRun) {
			ofRun.getOrComputeIfAbsent(SharedBrokers.class, (type) -> new SharedBrokers());
		}

		@Override
		public void close() {
			ClassBrokers.junitEnded();
		}

	}

}
