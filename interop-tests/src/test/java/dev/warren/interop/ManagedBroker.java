package dev.warren.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;

import dev.warren.test.JavaProcess;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A broker with its management API: the packaged one, a process of its own, or the
 * RabbitMQ that {@code WARREN_TEST_AMQP_URI} and {@code WARREN_TEST_MANAGEMENT_URI} point
 * to. One serves all tests.
 */
final class ManagedBroker implements AutoCloseable {

	private static final Path JAR = Path.of("..", "embedded-broker", "target", "embedded-broker-exec.jar");

	private final @Nullable JavaProcess process;

	private final URI amqp;

	private final URI management;

	private ManagedBroker() {
		String rabbitMq = System.getenv("WARREN_TEST_MANAGEMENT_URI");
		if (rabbitMq != null) {
			this.process = null;
			this.management = URI.create(rabbitMq);
			this.amqp = URI.create(System.getenv("WARREN_TEST_AMQP_URI"));
			return;
		}
		try {
			this.process = JavaProcess.startJar(Path.of("target"), JAR, "--server.port=0", "--warren.broker.port=0",
					"--warren.broker.store=memory");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.management = URI.create("http://127.0.0.1:" + this.process.awaitHttpPort());
		this.amqp = URI.create("amqp://guest:guest@127.0.0.1:" + this.process.awaitAmqpPort());
	}

	/** The root of the management API's server. */
	URI management() {
		return this.management;
	}

	URI amqp() {
		return this.amqp;
	}

	@Override
	public void close() {
		if (this.process != null) {
			this.process.close();
		}
	}

	/**
	 * Gives it to tests.
	 */
	static final class Resolver implements ParameterResolver {

		@Override
		public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
			return parameter.getParameter().getType() == ManagedBroker.class;
		}

		@Override
		public ManagedBroker resolveParameter(ParameterContext parameter, ExtensionContext context) {
			// The root store closes it after the last test.
			return context.getRoot()
				.getStore(Namespace.create(ManagedBroker.class))
				.computeIfAbsent(ManagedBroker.class, (type) -> new ManagedBroker(), ManagedBroker.class);
		}

	}

}
