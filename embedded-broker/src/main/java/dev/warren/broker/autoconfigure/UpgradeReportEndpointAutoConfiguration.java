package dev.warren.broker.autoconfigure;

import dev.warren.broker.EmbeddedBroker;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * Adds the embedded broker's upgrade report to the application's actuator.
 */
@AutoConfiguration(after = EmbeddedBrokerAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(UpgradeReportEndpoint.class)
@ConditionalOnBean(EmbeddedBroker.class)
final class UpgradeReportEndpointAutoConfiguration {

	@Bean
	UpgradeReportEndpoint upgradeReportEndpoint(EmbeddedBroker broker) {
		return new UpgradeReportEndpoint(broker);
	}

}
