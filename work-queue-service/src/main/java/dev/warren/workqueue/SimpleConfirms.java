package dev.warren.workqueue;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.amqp.autoconfigure.CachingConnectionFactoryConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A template with simple confirms, on which {@link PublisherConfirms} can wait. The one
 * of Spring Boot, which {@link Sender} uses, has correlated confirms, and a connection
 * factory has only one kind. Neither bean stands in for Spring Boot's.
 */
@Configuration(proxyBeanMethods = false)
class SimpleConfirms {

	@Bean(defaultCandidate = false)
	CachingConnectionFactory simpleConfirmsConnections(CachingConnectionFactory correlated,
			CachingConnectionFactoryConfigurer configurer) {
		CachingConnectionFactory simple = new CachingConnectionFactory(correlated.getRabbitConnectionFactory().clone());
		configurer.configure(simple);
		simple.setPublisherConfirmType(ConfirmType.SIMPLE);
		simple.setPublisherReturns(false);
		return simple;
	}

	@Bean(defaultCandidate = false)
	RabbitTemplate simpleConfirmsTemplate(
			@Qualifier("simpleConfirmsConnections") CachingConnectionFactory connections) {
		RabbitTemplate template = new RabbitTemplate(connections);
		template.setMandatory(true);
		template.setObservationEnabled(true);
		return template;
	}

}
