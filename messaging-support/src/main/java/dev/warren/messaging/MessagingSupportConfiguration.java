package dev.warren.messaging;

import dev.warren.messaging.broker.BrokerConfiguration;
import dev.warren.messaging.feed.EventStreams;
import dev.warren.messaging.problem.ProblemConfiguration;
import dev.warren.messaging.publish.ConfirmedPublisher;
import dev.warren.messaging.publish.PublisherProperties;
import io.micrometer.observation.ObservationRegistry;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The beans every service has. A service imports it by name: were it an
 * auto-configuration, it would apply to whatever else shares the class path, as in the
 * suite.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PublisherProperties.class)
@Import({ BrokerConfiguration.class, ProblemConfiguration.class, TracingConfiguration.class })
public class MessagingSupportConfiguration {

	@Bean
	ConfirmedPublisher confirmedPublisher(ConnectionFactory connectionFactory, PublisherProperties properties,
			ObservationRegistry observationRegistry) {
		return new ConfirmedPublisher(connectionFactory, properties, observationRegistry);
	}

	@Bean
	MessageLog messageLog() {
		return new MessageLog();
	}

	@Bean
	EventStreams eventStreams(JsonMapper jsonMapper) {
		return new EventStreams(jsonMapper);
	}

	// A number or a boolean where a text belongs is a mistake of the caller's, not a
	// text.
	@Bean
	JsonMapperBuilderCustomizer strictJson() {
		return (builder) -> builder.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
			.withCoercionConfig(LogicalType.Textual,
					(config) -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
						.setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
						.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
	}

	@Bean
	OpenAPI openApi(@Value("${spring.application.name}") String name,
			@Value("${warren.api.description}") String description) {
		return new OpenAPI().info(new Info().title(name).description(description).version("1"));
	}

}
