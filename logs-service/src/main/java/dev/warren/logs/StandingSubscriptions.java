package dev.warren.logs;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The subscriptions the service begins by itself, if told to: what the tutorials do with
 * one program that prints and another whose output goes to a file.
 */
@Configuration(proxyBeanMethods = false)
class StandingSubscriptions {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty("warren.logs.everything-to-log")
	static class EverythingToLog {

		@Bean
		LineWriter everythingWriter() {
			return new LineWriter("everything", new LogOutput());
		}

		@Bean
		StandingSubscription everything(LineWriter everythingWriter) {
			return new StandingSubscription("everything", LogExchange.TOPIC, "#", everythingWriter);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty("warren.logs.critical-to-file")
	static class CriticalToFile {

		@Bean
		LineWriter criticalWriter(LogsProperties properties) {
			return new LineWriter("critical", new RollingFile(properties.criticalFile(),
					properties.criticalFileSize().toBytes(), properties.criticalFiles()));
		}

		@Bean
		StandingSubscription criticalTopics(LineWriter criticalWriter) {
			return new StandingSubscription("critical-topics", LogExchange.TOPIC, "*.critical", criticalWriter);
		}

		@Bean
		StandingSubscription criticalSeverity(LineWriter criticalWriter) {
			return new StandingSubscription("critical-severity", LogExchange.DIRECT, "critical", criticalWriter);
		}

	}

}
