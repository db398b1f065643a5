package dev.warren.messaging;

import dev.warren.messaging.api.ApiConfiguration;
import dev.warren.messaging.broker.BrokerConfiguration;
import dev.warren.messaging.log.MessageLog;
import dev.warren.messaging.meters.MetersConfiguration;
import dev.warren.messaging.problem.ProblemConfiguration;
import dev.warren.messaging.settings.SettingsConfiguration;
import dev.warren.messaging.web.WebConfiguration;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The beans every service has. A service imports it by name: were it an
 * auto-configuration, it would apply to whatever else shares the class path, as in the
 * suite.
 */
@Configuration(proxyBeanMethods = false)
@Import({ ApiConfiguration.class, BrokerConfiguration.class, MetersConfiguration.class, ProblemConfiguration.class,
		SettingsConfiguration.class, TracingConfiguration.class, WebConfiguration.class })
public class MessagingSupportConfiguration {

	@Bean
	MessageLog messageLog() {
		return new MessageLog();
	}

}
