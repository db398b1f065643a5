package dev.warren.broker.autoconfigure;

import dev.warren.broker.EmbeddedBroker;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Adds the embedded broker to the application's health.
 */
@AutoConfiguration(after = EmbeddedBrokerAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(EmbeddedBroker.class)
final class EmbeddedBrokerHealthAutoConfiguration {

	@Bean
	@ConditionalOnEnabledHealthIndicator("embedded-broker")
	@ConditionalOnMissingBean(name = "embeddedBrokerHealthIndicator")
	HealthIndicator embeddedBrokerHealthIndicator(EmbeddedBroker broker) {
		return new EmbeddedBrokerHealthIndicator(broker);
	}

}
