package dev.warren.messaging.broker;

import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * Applications that have of a service what it knows of its broker, and no REST.
 */
public final class BrokerContexts {

	private BrokerContexts() {
	}

	/**
	 * An application, yet to be run, with the configuration of all services.
	 * @param address host and port of its broker
	 */
	public static ApplicationContextRunner at(String address) {
		return new ApplicationContextRunner().withInitializer(new ConfigDataApplicationContextInitializer())
			.withPropertyValues("spring.config.name=warren-service", "spring.application.name=test",
					"spring.rabbitmq.addresses=" + address)
			.withConfiguration(AutoConfigurations.of(RabbitAutoConfiguration.class,
					TaskExecutionAutoConfiguration.class, TaskSchedulingAutoConfiguration.class))
			.withUserConfiguration(BrokerConfiguration.class);
	}

}
