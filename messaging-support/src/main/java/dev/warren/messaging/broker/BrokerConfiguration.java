package dev.warren.messaging.broker;

import java.time.Duration;
import java.util.concurrent.Executors;

import dev.warren.messaging.listener.ListenerFailures;
import dev.warren.messaging.listener.ListenerGroup;
import dev.warren.messaging.message.StrangersPropertiesConverter;
import dev.warren.messaging.message.Utf8MessageConverter;
import dev.warren.messaging.publish.PublisherChannel;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.rabbit.config.ContainerCustomizer;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionNameStrategy;
import org.springframework.amqp.rabbit.connection.SimplePropertyValueConnectionNameStrategy;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.amqp.support.converter.MessageConverter;
import org.springframework.boot.amqp.autoconfigure.ConnectionFactoryCustomizer;
import org.springframework.boot.amqp.autoconfigure.RabbitTemplateCustomizer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * What Spring Boot's auto-configuration of RabbitMQ leaves to its properties' users: how
 * a service stays connected, and what it does with things that it did not send or
 * declare.
 */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
@EnableConfigurationProperties(QueueProperties.class)
public class BrokerConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(BrokerConfiguration.class);

	private static final int HANDSHAKE_TIMEOUT_MILLIS = 3000;

	// A message that waits for its confirm holds a channel.
	private static final int MAX_UNCONFIRMED = 500;

	private static final long CHANNEL_WAIT_MILLIS = 1000;

	private static final long RECEIVE_TIMEOUT_MILLIS = 200;

	@Bean
	Topology topology(ConnectionFactory connectionFactory, AsyncTaskExecutor applicationTaskExecutor) {
		return new Topology(connectionFactory, applicationTaskExecutor);
	}

	@Bean
	ConnectionAttempts connectionAttempts() {
		return new ConnectionAttempts();
	}

	@Bean
	BrokerConnection brokerConnection(ConnectionFactory connectionFactory, Topology topology, TaskScheduler scheduler,
			ConnectionAttempts attempts) {
		return new BrokerConnection(connectionFactory, topology, scheduler, attempts);
	}

	@Bean
	ListenerFailures listenerFailures() {
		return new ListenerFailures();
	}

	@Bean
	BrokerHealthIndicator brokerHealthIndicator(BrokerConnection connection, Topology topology,
			ListenerFailures failures) {
		return new BrokerHealthIndicator(connection, topology, failures);
	}

	@Bean
	MessageConverter messageConverter() {
		return new Utf8MessageConverter();
	}

	/**
	 * A connection of its own for what is sent: a broker that takes no more (an alarm)
	 * stops reading from it, and must not stop hearing acknowledgements. What waits for
	 * confirms there is bounded.
	 */
	@Bean
	RabbitTemplateCustomizer publisherConnection() {
		return (template) -> {
			template.setUsePublisherConnection(true);
			// What was returned is in the correlation. Without a callback each is a
			// warning.
			template.setReturnsCallback((returned) -> {
			});
			if (template.getConnectionFactory()
				.getPublisherConnectionFactory() instanceof CachingConnectionFactory publisher) {
				publisher.setChannelCacheSize(MAX_UNCONFIRMED);
				publisher.setChannelCheckoutTimeout(CHANNEL_WAIT_MILLIS);
				publisher.setPublisherChannelFactory(PublisherChannel::new);
				publisher.setExecutor(Executors.newCachedThreadPool(BrokerConfiguration::publisherThread));
			}
		};
	}

	// On such threads Spring waits for confirms, and fails, with a stack trace, when the
	// channel is closed meanwhile. What became of a message is told to its sender.
	private static Thread publisherThread(Runnable task) {
		Thread thread = new Thread(task, "publisher-confirms");
		thread.setDaemon(true);
		thread.setUncaughtExceptionHandler((failed, failure) -> logger.debug("The channel was closed", failure));
		return thread;
	}

	@Bean
	ContainerCustomizer<SimpleMessageListenerContainer> listenerContainers() {
		return (container) -> {
			container.setMessagePropertiesConverter(new StrangersPropertiesConverter());
			ExponentialBackOff backOff = new ExponentialBackOff(500, 1.5);
			backOff.setMaxInterval(Duration.ofSeconds(5).toMillis());
			container.setRecoveryBackOff(backOff);
			container.setFailedDeclarationRetryInterval(500);
			// A login refused now may be granted later: the container goes on trying.
			container.setPossibleAuthenticationFailureFatal(false);
			container.setReceiveTimeout(RECEIVE_TIMEOUT_MILLIS);
			container.setPhase(ListenerGroup.PHASE);
			// By which ListenerFailures knows it.
			container.setConsumerTagStrategy((queue) -> container.getListenerId());
		};
	}

	/**
	 * Whoever looks at the broker sees which service a connection is of. Spring AMQP adds
	 * {@code .publisher} to the name of the one that messages are sent over.
	 */
	@Bean
	ConnectionNameStrategy connectionNames() {
		return new SimplePropertyValueConnectionNameStrategy("spring.application.name");
	}

	// A broker that accepts the connection and then says nothing is as good as none.
	@Bean
	ConnectionFactoryCustomizer connecting(ConnectionAttempts attempts) {
		return (factory) -> {
			factory.setHandshakeTimeout(HANDSHAKE_TIMEOUT_MILLIS);
			factory.setSocketConfigurator(attempts.andThen(factory.getSocketConfigurator()));
		};
	}

}
