package dev.warren.broker.app;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.ctl.Warrenctl;
import dev.warren.broker.management.ManagementConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;

/**
 * Runs the broker: AMQP on port 5672, health over HTTP on port 15672, both on loopback,
 * and the disk store in {@code ./data}.
 * <p>
 * Its auto-configurations are listed by name, in
 * {@code META-INF/spring/dev.warren.broker.app.EmbeddedBrokerApplication.imports}: it is
 * the same broker whatever else is on its class path, and starts in less time.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration
@Import({ WebConfiguration.class, ManagementConfiguration.class })
public class EmbeddedBrokerApplication {

	private static final Logger logger = LoggerFactory.getLogger(EmbeddedBrokerApplication.class);

	private final EmbeddedBroker broker;

	EmbeddedBrokerApplication(EmbeddedBroker broker) {
		this.broker = broker;
	}

	/**
	 * Starts the broker, or runs a command of {@link Warrenctl} against one that runs, or
	 * makes {@linkplain DevelopmentCertificates certificates}.
	 * @param args properties, such as {@code --warren.broker.port=5673}; or {@code ctl}
	 * and a command; or {@code certificates}; or {@code --help}
	 */
	public static void main(String[] args) throws IOException {
		if (args.length > 0 && args[0].equals(Warrenctl.COMMAND)) {
			System.exit(Warrenctl.run(List.of(args).subList(1, args.length)));
		}
		if (args.length > 0 && args[0].equals(DevelopmentCertificates.COMMAND)) {
			System.exit(DevelopmentCertificates.make(List.of(args).subList(1, args.length)));
		}
		if (Usage.isAskedFor(List.of(args))) {
			System.out.print(Usage.text());
			return;
		}
		application().run(args);
	}

	/**
	 * The broker and its health over HTTP, yet to be run, on its own configuration file
	 * {@code embedded-broker.yml}. Given an {@link EmbeddedBroker} that runs, as a bean,
	 * it starts none.
	 */
	public static SpringApplication application() {
		return application(EmbeddedBrokerApplication.class);
	}

	/**
	 * The broker alone, yet to be run, on the same configuration file: ready in half the
	 * time.
	 */
	public static SpringApplication withoutHttp() {
		SpringApplication application = application(BrokerWithoutHttp.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application;
	}

	private static SpringApplication application(Class<?> source) {
		SpringApplication application = new SpringApplication(source);
		// A file name of its own: as application.yml it would shadow, or be shadowed by,
		// that of an application which has this library on its class path.
		application.addListeners(new RabbitMqSettings());
		application.setDefaultProperties(Map.of("spring.config.name", "embedded-broker"));
		return application;
	}

	@EventListener(ApplicationReadyEvent.class)
	void announce() {
		logger.info("{} accepts AMQP connections at {}, as RabbitMQ {}, store: {}", this.broker.product(), addresses(),
				this.broker.version(), this.broker.dataDir().map(Object::toString).orElse("memory"));
	}

	@EventListener(ContextClosedEvent.class)
	void announceTheEnd() {
		logger.info("The broker is asked to stop, store: {}",
				this.broker.dataDir().map(Object::toString).orElse("memory"));
	}

	private String addresses() {
		return Stream
			.of((this.broker.port() > 0) ? this.broker.host() + ":" + this.broker.port() : null,
					(this.broker.sslPort() > 0) ? this.broker.host() + ":" + this.broker.sslPort() + " with TLS" : null)
			.filter(Objects::nonNull)
			.collect(Collectors.joining(" and "));
	}

	/**
	 * The auto-configurations of the broker itself.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@ImportAutoConfiguration
	static class BrokerWithoutHttp {

	}

}
