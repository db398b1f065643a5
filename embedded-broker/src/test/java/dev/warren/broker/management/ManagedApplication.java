package dev.warren.broker.management;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.app.EmbeddedBrokerApplication;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * The application on free ports, with its store in memory.
 */
final class ManagedApplication implements AutoCloseable {

	private final ConfigurableApplicationContext context = EmbeddedBrokerApplication.application()
		.run("--server.port=0", "--warren.broker.port=0", "--warren.broker.store=memory");

	EmbeddedBroker broker() {
		return this.context.getBean(EmbeddedBroker.class);
	}

	/**
	 * The API for the user {@code guest}.
	 */
	ManagementClient api() {
		return new ManagementClient(port(), "guest:guest");
	}

	int port() {
		return this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	@Override
	public void close() {
		this.context.close();
	}

}
