package dev.warren.broker.app;

import java.util.Map;

import dev.warren.broker.EmbeddedBroker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;

/**
 * Runs the broker: AMQP on port 5672, health over HTTP on port 15672, both on loopback,
 * and the disk store in {@code ./data}.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class EmbeddedBrokerApplication {

	private static final Logger logger = LoggerFactory.getLogger(EmbeddedBrokerApplication.class);

	private final EmbeddedBroker broker;

	EmbeddedBrokerApplication(EmbeddedBroker broker) {
		this.broker = broker;
	}

	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(EmbeddedBrokerApplication.class);
		// A file name of its own: as application.yml it would shadow, or be shadowed by,
		// that of an application which has this library on its class path.
		application.setDefaultProperties(Map.of("spring.config.name", "embedded-broker"));
		application.run(args);
	}

	@EventListener(ApplicationReadyEvent.class)
	void announce() {
		logger.info("{} accepts AMQP connections at {}:{}, store: {}", this.broker.product(), this.broker.host(),
				this.broker.port(), this.broker.dataDir().map(Object::toString).orElse("memory"));
	}

}
