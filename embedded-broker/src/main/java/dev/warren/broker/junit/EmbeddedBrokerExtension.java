package dev.warren.broker.junit;

import java.util.Objects;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.UpgradeReport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.slf4j.LoggerFactory;

/**
 * Starts an embedded broker for a test class, nested classes included, and closes it
 * afterwards. Registered on a static field (or with {@link EmbeddedBrokerTest}) there is
 * one broker for the class, on an instance field one for each test. Afterwards it logs
 * the broker's {@linkplain EmbeddedBroker#upgradeReport() upgrade report}, if there is
 * anything in it.
 *
 * <pre>{@code
 * &#64;RegisterExtension
 * static EmbeddedBrokerExtension broker = new EmbeddedBrokerExtension(EmbeddedBroker.builder().user("app", "secret"));
 * }</pre>
 */
public final class EmbeddedBrokerExtension implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {

	private static final Namespace NAMESPACE = Namespace.create(EmbeddedBrokerExtension.class);

	private final EmbeddedBroker.@Nullable Builder builder;

	/**
	 * A broker as {@link EmbeddedBroker#builder()} has it.
	 */
	public EmbeddedBrokerExtension() {
		this.builder = null;
	}

	/**
	 * A broker as the builder has it.
	 */
	public EmbeddedBrokerExtension(EmbeddedBroker.Builder builder) {
		this.builder = builder;
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		broker(context);
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		broker(context).reset();
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == EmbeddedBroker.class;
	}

	@Override
	public EmbeddedBroker resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return broker(context);
	}

	/**
	 * The broker of this context or of one around it. JUnit closes what its store holds
	 * with the context in which it was put there.
	 */
	// JUnit 5 has no other method for it.
	@SuppressWarnings("deprecation")
	private EmbeddedBroker broker(ExtensionContext context) {
		StoredBroker stored = context.getStore(NAMESPACE)
			.getOrComputeIfAbsent(StoredBroker.class, (type) -> start(context.getRequiredTestClass()),
					StoredBroker.class);
		return Objects.requireNonNull(stored).broker();
	}

	private StoredBroker start(Class<?> testClass) {
		Class<?> owner = (this.builder == null) ? ClassBrokers.owner(testClass) : null;
		if (owner != null) {
			EmbeddedBroker broker = ClassBrokers.of(owner);
			return new StoredBroker(broker, owner, () -> ClassBrokers.close(owner));
		}
		EmbeddedBroker.Builder wanted = (this.builder != null) ? this.builder : EmbeddedBroker.builder();
		EmbeddedBroker broker = wanted.start();
		return new StoredBroker(broker, testClass, broker::close);
	}

	/**
	 * A broker in JUnit's store. Before 5.13 JUnit closes only what is a
	 * {@code CloseableResource}; afterwards it wants an {@code AutoCloseable}.
	 */
	@SuppressWarnings("deprecation")
	private record StoredBroker(EmbeddedBroker broker, Class<?> testClass,
			Runnable closing) implements ExtensionContext.Store.CloseableResource, AutoCloseable {

		@Override
		public void close() {
			UpgradeReport report = this.broker.upgradeReport();
			this.closing.run();
			if (!report.uses().isEmpty()) {
				LoggerFactory.getLogger(EmbeddedBrokerExtension.class)
					.warn("Upgrade report of {}. {}", this.testClass.getSimpleName(), report);
			}
		}

	}

}
