package dev.warren.broker.junit;

import java.util.List;
import java.util.Map;

import dev.warren.broker.EmbeddedBroker;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Leads the Spring contexts of a class with {@link EmbeddedBrokerTest} to its virtual
 * host, by properties that go before the application's own.
 */
final class SpringContextCustomizerFactory implements ContextCustomizerFactory {

	@Override
	public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> attributes) {
		Class<?> owner = ClassBrokers.owner(testClass);
		return (owner != null) ? new ToBrokerOf(owner) : null;
	}

	/**
	 * Part of the key in Spring's cache of contexts: each virtual host has contexts of
	 * its own.
	 */
	private record ToBrokerOf(Class<?> owner) implements ContextCustomizer {

		@Override
		public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
			EmbeddedBroker broker = ClassBrokers.of(this.owner);
			// Boot takes what is in the addresses before the other properties, and their
			// scheme before SSL; of a binder of Spring Cloud Stream, too, that has its
			// own.
			String address = "amqp://" + broker.username() + ":" + broker.password() + "@" + broker.host() + ":"
					+ broker.port() + "/" + broker.virtualHost();
			Map<String, Object> properties = Map.of("spring.rabbitmq.addresses", address, "spring.rabbitmq.host",
					broker.host(), "spring.rabbitmq.port", broker.port(), "spring.rabbitmq.username", broker.username(),
					"spring.rabbitmq.password", broker.password(), "spring.rabbitmq.virtual-host", broker.virtualHost(),
					"spring.rabbitmq.ssl.enabled", false, "spring.rabbitmq.ssl.bundle", "");
			context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("embeddedBroker", properties));
			context.getBeanFactory().registerSingleton("embeddedBroker", broker);
		}

	}

}
