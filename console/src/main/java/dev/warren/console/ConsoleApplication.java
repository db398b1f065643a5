package dev.warren.console;

import dev.warren.messaging.problem.ProblemConfiguration;
import dev.warren.messaging.settings.SettingsConfiguration;
import dev.warren.messaging.web.WebConfiguration;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;

/**
 * The console: the page, on port 8080 of loopback.
 * <p>
 * It has no connection to a broker. Its auto-configurations are listed by name, in
 * {@code META-INF/spring/dev.warren.console.ConsoleApplication.imports}: it needs few of
 * those that its class path has, and starts in less time.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration
@EnableConfigurationProperties(ConsoleProperties.class)
@Import({ ProblemConfiguration.class, SettingsConfiguration.class, WebConfiguration.class, PageConfiguration.class,
		PageController.class, ProxyController.class, RestartController.class, SettingsController.class })
public class ConsoleApplication {

	/**
	 * Starts the console.
	 * @param args properties, such as {@code --server.port=9080}
	 */
	public static void main(String[] args) {
		application().run(args);
	}

	/**
	 * The console, yet to be run, on its own configuration file {@code console.yml}.
	 * @return the application
	 */
	public static SpringApplication application() {
		return new SpringApplicationBuilder(ConsoleApplication.class).properties("spring.config.name=console").build();
	}

}
