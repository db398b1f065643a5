package dev.warren.broker.junit;

import java.util.function.Supplier;

import dev.warren.broker.EmbeddedBroker;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts an embedded broker for a test class, nested classes included, and closes it
 * afterwards. Registered on a static field (or with {@link EmbeddedBrokerTest}) there is
 * one broker for the class, on an instance field one for each test.
 *
 * <pre>{@code
 * &#64;RegisterExtension
 * static EmbeddedBrokerExtension broker = new EmbeddedBrokerExtension(EmbeddedBroker.builder().user("app", "secret"));
 * }</pre>
 */
public final class EmbeddedBrokerExtension implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {

	private static final Namespace NAMESPACE = Namespace.create(EmbeddedBrokerExtension.class);

	private final Supplier<EmbeddedBroker> starter;

	/**
	 * A broker as {@link EmbeddedBroker#builder()} has it.
	 */
	public EmbeddedBrokerExtension() {
		this(EmbeddedBroker.builder());
	}

	public EmbeddedBrokerExtension(EmbeddedBroker.Builder builder) {
		this.starter = builder::start;
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		broker(context);
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		broker(context);
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
	private EmbeddedBroker broker(ExtensionContext context) {
		return context.getStore(NAMESPACE)
			.computeIfAbsent(EmbeddedBroker.class, (type) -> this.starter.get(), EmbeddedBroker.class);
	}

}
