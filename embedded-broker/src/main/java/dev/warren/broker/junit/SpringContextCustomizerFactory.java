package dev.warren.broker.junit;

import java.util.List;
import java.util.Map;

import dev.warren.broker.EmbeddedBroker;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Leads the Spring contexts of a class with {@link EmbeddedBrokerTest} to its broker, by
 * properties that go before the application's own.
 */
final class SpringContextCustomizerFactory implements ContextCustomizerFactory {

	@Override
	public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> attributes) {
		Class<?> owner = ClassBrokers.owner(testClass);
		return (owner != null) ? new ToBrokerOf(owner) : null;
	}

	/**
	 * Part of the key in Spring's cache of contexts: each broker has contexts of its own.
	 */
	private record ToBrokerOf(Class<?> owner) implements ContextCustomizer {

		@Override
		public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
			EmbeddedBroker broker = ClassBrokers.of(this.owner);
			ConfigurableEnvironment environment = context.getEnvironment();
			String virtualHost = environment.getProperty("spring.rabbitmq.virtual-host", broker.virtualHost());
			broker.addVirtualHost(virtualHost);
			// The addresses go before host and port, and their scheme before SSL.
			environment.getPropertySources()
				.addFirst(new MapPropertySource("embeddedBroker",
						Map.of("spring.rabbitmq.addresses", "amqp://" + broker.host() + ":" + broker.port(),
								"spring.rabbitmq.username", broker.username(), "spring.rabbitmq.password",
								broker.password(), "spring.rabbitmq.virtual-host", virtualHost,
								"spring.rabbitmq.ssl.enabled", "false")));
			context.getBeanFactory().registerSingleton("embeddedBroker", broker);
		}

	}

}
