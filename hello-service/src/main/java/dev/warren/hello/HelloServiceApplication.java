package dev.warren.hello;

import dev.warren.messaging.MessagingSupportConfiguration;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Import;

/**
 * The hello service: tutorial 1 over REST.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
@Import(MessagingSupportConfiguration.class)
public class HelloServiceApplication {

	/**
	 * Starts the service.
	 * @param args properties, such as {@code --server.port=9081}
	 */
	public static void main(String[] args) {
		application().run(args);
	}

	/**
	 * The service, yet to be run, on its own configuration file
	 * {@code hello-service.yml}.
	 * @return the application
	 */
	public static SpringApplication application() {
		return new SpringApplicationBuilder(HelloServiceApplication.class)
			.properties("spring.config.name=hello-service")
			.build();
	}

}
