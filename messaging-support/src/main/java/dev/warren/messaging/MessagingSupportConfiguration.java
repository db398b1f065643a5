package dev.warren.messaging;

import dev.warren.messaging.message.StrangersPropertiesConverter;
import dev.warren.messaging.problem.ProblemConfiguration;
import dev.warren.messaging.publish.ConfirmedPublisher;
import dev.warren.messaging.publish.PublisherProperties;
import dev.warren.messaging.queue.QueueProperties;
import dev.warren.messaging.web.WebConfiguration;
import io.micrometer.observation.ObservationRegistry;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;

import org.springframework.amqp.rabbit.config.ContainerCustomizer;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.amqp.autoconfigure.ConnectionFactoryCustomizer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * The beans every service has. A service imports it by name: were it an
 * auto-configuration, it would apply to whatever else shares the class path, as in the
 * suite.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ PublisherProperties.class, QueueProperties.class })
@Import({ ProblemConfiguration.class, TracingConfiguration.class, WebConfiguration.class })
public class MessagingSupportConfiguration {

	private static final int HANDSHAKE_TIMEOUT_MILLIS = 3000;

	@Bean
	ConfirmedPublisher confirmedPublisher(ConnectionFactory connectionFactory, PublisherProperties properties,
			ObservationRegistry observationRegistry) {
		return new ConfirmedPublisher(connectionFactory, properties, observationRegistry);
	}

	@Bean
	BrokerHealthIndicator brokerHealthIndicator(ConfirmedPublisher publisher) {
		return new BrokerHealthIndicator(publisher);
	}

	@Bean
	ListenerFailures listenerFailures(ConfirmedPublisher publisher) {
		return new ListenerFailures(publisher);
	}

	@Bean
	ContainerCustomizer<SimpleMessageListenerContainer> listenerContainers() {
		return (container) -> {
			container.setMessagePropertiesConverter(new StrangersPropertiesConverter());
			ExponentialBackOff backOff = new ExponentialBackOff(500, 1.5);
			backOff.setMaxInterval(5000);
			container.setRecoveryBackOff(backOff);
			container.setFailedDeclarationRetryInterval(500);
		};
	}

	// A broker that accepts the connection and then says nothing is as good as none.
	@Bean
	ConnectionFactoryCustomizer handshakeTimeout() {
		return (factory) -> factory.setHandshakeTimeout(HANDSHAKE_TIMEOUT_MILLIS);
	}

	@Bean
	OpenAPI openApi(@Value("${spring.application.name}") String name,
			@Value("${warren.api.description}") String description) {
		return new OpenAPI().info(new Info().title(name).description(description).version("1"));
	}

}
