package dev.warren.postbox;

import dev.warren.messaging.MessagingSupportConfiguration;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Import;

/**
 * The postbox service: "Rabbits and Warrens" over REST.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
@Import(MessagingSupportConfiguration.class)
public class PostboxServiceApplication {

	/**
	 * Starts the service.
	 * @param args properties, such as {@code --server.port=9085}
	 */
	public static void main(String[] args) {
		application().run(args);
	}

	/**
	 * The service, yet to be run, on its own configuration file
	 * {@code postbox-service.yml}.
	 * @return the application
	 */
	public static SpringApplication application() {
		return new SpringApplicationBuilder(PostboxServiceApplication.class)
			.properties("spring.config.name=postbox-service")
			.build();
	}

}
