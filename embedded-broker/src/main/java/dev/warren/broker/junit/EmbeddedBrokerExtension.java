package dev.warren.broker.junit;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import dev.warren.broker.EmbeddedBroker;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;

/**
 * Starts an embedded broker for a test class, nested classes included, and closes it
 * afterwards. Registered on a static field there is one broker for the class, on an
 * instance field one for each test; it is emptied before each test. Several may be
 * registered, each with a broker of its own. Afterwards each logs the broker's
 * {@linkplain EmbeddedBroker#upgradeReport() upgrade report}, if there is anything in it.
 *
 * <pre>{@code
 * &#64;RegisterExtension
 * static EmbeddedBrokerExtension extension = new EmbeddedBrokerExtension(
 *         EmbeddedBroker.builder().user("app", "secret"));
 *
 * &#64;DynamicPropertySource
 * static void properties(DynamicPropertyRegistry registry) {
 *     registry.add("spring.rabbitmq.addresses", () -> extension.broker().uri());
 * }
 * }</pre>
 *
 * A Spring context that connects to it needs {@code @DirtiesContext}, to be closed with
 * it.
 * <p>
 * A parameter of type {@code EmbeddedBroker} is that broker, unless several extensions
 * are registered, or the class has {@link EmbeddedBrokerTest}, whose broker it is then:
 * {@link #broker()} returns the one of a field.
 */
public final class EmbeddedBrokerExtension implements TestInstancePreConstructCallback, BeforeAllCallback,
		BeforeEachCallback, AfterEachCallback, ParameterResolver {

	private static final Namespace NAMESPACE = Namespace.create(EmbeddedBrokerExtension.class);

	/** The extensions that have a broker in a context, in the order of registration. */
	private static final String REGISTERED = "registered";

	private final EmbeddedBroker.Builder builder;

	/** A field that several classes inherit has one for each class that runs. */
	private final Set<EmbeddedBroker> running = ConcurrentHashMap.newKeySet();

	/**
	 * A broker as {@link EmbeddedBroker#builder()} has it.
	 */
	public EmbeddedBrokerExtension() {
		this(EmbeddedBroker.builder());
	}

	/**
	 * A broker as the builder has it.
	 */
	public EmbeddedBrokerExtension(EmbeddedBroker.Builder builder) {
		this.builder = builder;
	}

	/**
	 * The broker that runs.
	 * @throws IllegalStateException if none does, before the class or, on an instance
	 * field, before the test; or if several classes that run at once inherit the field
	 */
	public EmbeddedBroker broker() {
		List<EmbeddedBroker> now = List.copyOf(this.running);
		if (now.isEmpty()) {
			throw new IllegalStateException("The broker is not running: it is started before the class or, "
					+ "on an instance field, before the test");
		}
		if (now.size() > 1) {
			throw new IllegalStateException("Several classes that run at once inherit this extension, and each has "
					+ "a broker of its own: take it as a parameter of type EmbeddedBroker");
		}
		return now.get(0);
	}

	// With one instance for the class, Spring wants the broker before the class begins.
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
		broker(context).reset();
	}

	@Override
	public void afterEach(ExtensionContext context) {
		broker(context).faults().clear();
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		Class<?> testClass = context.getRequiredTestClass();
		if (!StoredBroker.isMeant(parameter.getParameter()) || ClassBrokers.owner(testClass) != null) {
			return false;
		}
		int brokers = registered(context.getStore(NAMESPACE)).size();
		if (brokers > 1) {
			throw new ParameterResolutionException(
					"%s has %d brokers, and a parameter does not say which: call broker() of the extension's field"
						.formatted(testClass.getSimpleName(), brokers));
		}
		return true;
	}

	@Override
	public EmbeddedBroker resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return broker(context);
	}

	/**
	 * The broker of this context or of one around it.
	 */
	private EmbeddedBroker broker(ExtensionContext context) {
		Store store = context.getStore(NAMESPACE);
		EmbeddedBroker broker = StoredBroker.of(store, this, () -> start(context.getRequiredTestClass()));
		List<?> registered = registered(store);
		if (!registered.contains(this)) {
			store.put(REGISTERED, Stream.concat(registered.stream(), Stream.of(this)).toList());
		}
		return broker;
	}

	/**
	 * The brokers of all extensions that are registered for a test.
	 */
	static List<EmbeddedBroker> brokers(ExtensionContext test) {
		return registered(test.getStore(NAMESPACE)).stream()
			.map((extension) -> ((EmbeddedBrokerExtension) extension).broker(test))
			.toList();
	}

	private static List<?> registered(Store store) {
		return store.getOrDefault(REGISTERED, List.class, List.of());
	}

	private StoredBroker start(Class<?> testClass) {
		EmbeddedBroker broker = this.builder.start();
		this.running.add(broker);
		return new StoredBroker(broker, testClass, () -> {
			this.running.remove(broker);
			broker.close();
		});
	}

}
