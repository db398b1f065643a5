package dev.warren.test;

import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A service in the tests' own process, on a free port.
 */
public final class LocalService implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private LocalService(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/**
	 * Starts a service, whether or not there is a broker at the address.
	 * @param application the service, yet to be run
	 * @param brokerAddress host and port of its broker
	 * @param arguments properties, such as {@code --warren.work.workers=0}
	 */
	public static LocalService start(SpringApplication application, String brokerAddress, String... arguments) {
		List<String> all = new ArrayList<>(List.of("--server.port=0", "--spring.rabbitmq.addresses=" + brokerAddress));
		all.addAll(List.of(arguments));
		return new LocalService(application.run(all.toArray(String[]::new)));
	}

	/**
	 * The HTTP port.
	 */
	public int port() {
		return this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	/**
	 * One of the service's own objects.
	 */
	public <T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	@Override
	public void close() {
		this.context.close();
	}

}
