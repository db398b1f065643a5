package dev.warren.rpc;

import dev.warren.messaging.log.MessageLog;
import dev.warren.messaging.listener.ListenerGroup;

import org.springframework.amqp.core.MessagePostProcessor;
import org.springframework.amqp.rabbit.config.ContainerCustomizer;
import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.boot.amqp.autoconfigure.SimpleRabbitListenerContainerFactoryConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The servers of this instance, which come and go by request. For one that is always
 * there, {@link FibonacciServer} would be a bean.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnRole(RpcProperties.Role.SERVER)
class ServerConfiguration {

	@Bean
	ListenerGroup<FibonacciServer> servers(RpcProperties properties, CrashedRequests crashed, MessageLog log,
			SimpleRabbitListenerContainerFactory serverContainers) {
		return new ListenerGroup<>("server", properties.servers(), properties.maxServers(),
				(id) -> new FibonacciServer(id, properties, crashed, log), serverContainers);
	}

	/**
	 * Containers as Spring Boot configures them, with the tutorial's prefetch, which do
	 * to each reply what {@code replies} has to.
	 */
	@Bean
	SimpleRabbitListenerContainerFactory serverContainers(SimpleRabbitListenerContainerFactoryConfigurer configurer,
			ConnectionFactory connections, ContainerCustomizer<SimpleMessageListenerContainer> customizer,
			MessagePostProcessor sentReplies) {
		SimpleRabbitListenerContainerFactory containers = new SimpleRabbitListenerContainerFactory();
		configurer.configure(containers, connections);
		containers.setContainerCustomizer(customizer);
		containers.setBeforeSendReplyPostProcessors(sentReplies);
		return containers;
	}

}
