package dev.warren.workqueue;

import dev.warren.messaging.MessagingSupportConfiguration;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Import;

/**
 * The work queue service: tutorials 2 and 7 over REST.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
@Import(MessagingSupportConfiguration.class)
public class WorkQueueServiceApplication {

	/**
	 * Starts the service.
	 * @param args properties, such as {@code --server.port=9082}
	 */
	public static void main(String[] args) {
		application().run(args);
	}

	/**
	 * The service, yet to be run, on its own configuration file
	 * {@code work-queue-service.yml}.
	 * @return the application
	 */
	public static SpringApplication application() {
		return new SpringApplicationBuilder(WorkQueueServiceApplication.class)
			.properties("spring.config.name=work-queue-service")
			.build();
	}

}
