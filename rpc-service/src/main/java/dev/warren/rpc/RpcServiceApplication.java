package dev.warren.rpc;

import dev.warren.messaging.MessagingSupportConfiguration;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Import;

/**
 * The RPC service: tutorial 6 over REST, as client, as server or as both.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
@Import(MessagingSupportConfiguration.class)
public class RpcServiceApplication {

	/**
	 * Starts the service.
	 * @param args properties, such as {@code --server.port=9084}
	 */
	public static void main(String[] args) {
		application().run(args);
	}

	/**
	 * The service, yet to be run, on its own configuration file {@code rpc-service.yml}.
	 * @return the application
	 */
	public static SpringApplication application() {
		return new SpringApplicationBuilder(RpcServiceApplication.class).properties("spring.config.name=rpc-service")
			.build();
	}

}
