package dev.warren.broker.autoconfigure;

import java.util.List;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;

/**
 * Registers the connection details of the embedded broker, in the type that the
 * application's version of Boot asks for, if it has any.
 * <p>
 * The connection factory depends on these details and they on the broker: so the broker
 * is up before the first connection, and closed after the last.
 */
final class ConnectionDetailsRegistrar implements ImportBeanDefinitionRegistrar {

	static final String BOOT_4_2 = "org.springframework.boot.rabbitmq.autoconfigure.RabbitConnectionDetails";

	static final String BOOT_4 = "org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails";

	static final String BOOT_3 = "org.springframework.boot.autoconfigure.amqp.RabbitConnectionDetails";

	/** The newest first. */
	static final List<String> TYPES = List.of(BOOT_4_2, BOOT_4, BOOT_3);

	private final ClassLoader classLoader;

	ConnectionDetailsRegistrar(ClassLoader classLoader) {
		this.classLoader = classLoader;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
		for (String name : TYPES) {
			if (ClassUtils.isPresent(name, this.classLoader)) {
				Class<?> type = ClassUtils.resolveClassName(name, this.classLoader);
				BeanDefinition definition = BeanDefinitionBuilder
					.genericBeanDefinition(ConnectionDetailsFactoryBean.class)
					.setAutowireMode(AbstractBeanDefinition.AUTOWIRE_CONSTRUCTOR)
					.addConstructorArgValue(type)
					.getBeanDefinition();
				definition.setAttribute(FactoryBean.OBJECT_TYPE_ATTRIBUTE, type);
				registry.registerBeanDefinition("embeddedBrokerConnectionDetails", definition);
				return;
			}
		}
	}

}
