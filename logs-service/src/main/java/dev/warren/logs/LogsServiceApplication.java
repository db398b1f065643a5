package dev.warren.logs;

import dev.warren.messaging.MessagingSupportConfiguration;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Import;

/**
 * The logs service: tutorials 3, 4 and 5 over REST.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
@Import(MessagingSupportConfiguration.class)
public class LogsServiceApplication {

	/**
	 * Starts the service.
	 * @param args properties, such as {@code --server.port=9081}
	 */
	public static void main(String[] args) {
		application().run(args);
	}

	/**
	 * The service, yet to be run, on its own configuration file {@code logs-service.yml}.
	 * @return the application
	 */
	public static SpringApplication application() {
		return new SpringApplicationBuilder(LogsServiceApplication.class).properties("spring.config.name=logs-service")
			.build();
	}

}
