package dev.warren.workqueue.workers;

import java.util.Objects;

import dev.warren.messaging.log.MessageLog;
import dev.warren.messaging.listener.ListenerGroup;
import dev.warren.workqueue.Worker;
import dev.warren.workqueue.WorkProperties;
import dev.warren.workqueue.tasks.TaskProgress;
import org.aopalliance.aop.Advice;
import org.aopalliance.intercept.MethodInterceptor;

import org.springframework.amqp.rabbit.config.ContainerCustomizer;
import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.amqp.autoconfigure.SimpleRabbitListenerContainerFactoryConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The workers there are. Their containers are Spring Boot's, with its retries, and with
 * advice that takes note of what becomes of tasks.
 */
@Configuration(proxyBeanMethods = false)
class WorkersConfiguration {

	@Bean(defaultCandidate = false)
	SimpleRabbitListenerContainerFactory workerContainers(SimpleRabbitListenerContainerFactoryConfigurer configurer,
			ConnectionFactory connectionFactory, ContainerCustomizer<SimpleMessageListenerContainer> customizer,
			TaskProgress progress, WorkProperties properties) {
		SimpleRabbitListenerContainerFactory containers = new SimpleRabbitListenerContainerFactory();
		configurer.configure(containers, connectionFactory);
		Advice[] retries = Objects.requireNonNull(containers.getAdviceChain(),
				"'spring.rabbitmq.listener.simple.retry.enabled' must be true");
		containers.setAdviceChain(progress.around((MethodInterceptor) retries[0]));
		containers.setPrefetchCount(Dispatch.limit(properties.prefetch()));
		containers.setContainerCustomizer(customizer);
		return containers;
	}

	@Bean
	ListenerGroup<Worker> workerGroup(
			@Qualifier("workerContainers") SimpleRabbitListenerContainerFactory workerContainers,
			WorkProperties properties, MessageLog log) {
		return new ListenerGroup<>("worker", properties.workers(), properties.maxWorkers(), properties.gracePeriod(),
				(id) -> new Worker(id, properties, log), workerContainers);
	}

}
