package dev.warren.broker.management;

import java.util.stream.Stream;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.app.EmbeddedBrokerApplication;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * The application on free ports, with its store in memory.
 */
final class ManagedApplication implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	ManagedApplication(String... arguments) {
		String[] all = Stream
			.concat(Stream.of("--server.port=0", "--warren.broker.port=0", "--warren.broker.store=memory"),
					Stream.of(arguments))
			.toArray(String[]::new);
		this.context = EmbeddedBrokerApplication.application().run(all);
	}

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
