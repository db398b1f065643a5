package dev.warren.postbox;

import java.util.ArrayList;
import java.util.List;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * Postbox services in the tests' own process.
 */
final class Services {

	private Services() {
	}

	static ConfigurableApplicationContext start(String brokerAddress, String... arguments) {
		List<String> all = new ArrayList<>(List.of("--server.port=0", "--spring.rabbitmq.addresses=" + brokerAddress));
		all.addAll(List.of(arguments));
		return PostboxServiceApplication.application().run(all.toArray(String[]::new));
	}

	static PostboxClient client(ConfigurableApplicationContext service) {
		return new PostboxClient("http://127.0.0.1:" + service.getEnvironment().getProperty("local.server.port"));
	}

}
