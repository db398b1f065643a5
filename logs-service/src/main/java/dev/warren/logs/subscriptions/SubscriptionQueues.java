package dev.warren.logs.subscriptions;

import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import com.rabbitmq.client.Channel;
import dev.warren.logs.LogReceiver;
import dev.warren.messaging.MessageLog;
import dev.warren.messaging.broker.RefusedException;
import dev.warren.messaging.broker.Topology;
import dev.warren.messaging.message.StrangersPropertiesConverter;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.MessageListenerContainer;
import org.springframework.amqp.rabbit.config.DirectRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.ListenerContainerConsumerFailedEvent;
import org.springframework.amqp.rabbit.listener.MethodRabbitListenerEndpoint;
import org.springframework.amqp.rabbit.listener.MissingQueueEvent;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.messaging.handler.annotation.support.DefaultMessageHandlerMethodFactory;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.stereotype.Component;
import org.springframework.util.ReflectionUtils;

/**
 * The subscriptions' queues on the broker, each with a {@link LogReceiver} in a listener
 * container of its own, which receives on the client's threads: it costs a channel and no
 * thread.
 */
@Component
class SubscriptionQueues {

	private static final Method RECEIVE = Objects
		.requireNonNull(ReflectionUtils.findMethod(LogReceiver.class, "receive", (Class<?>[]) null));

	private static final long MONITOR_INTERVAL_MILLIS = 500;

	private final Topology topology;

	private final RabbitListenerEndpointRegistry containers;

	private final DirectRabbitListenerContainerFactory factory;

	private final TaskScheduler scheduler;

	private final MessageLog log;

	private final DefaultMessageHandlerMethodFactory methods = new DefaultMessageHandlerMethodFactory();

	SubscriptionQueues(Topology topology, RabbitListenerEndpointRegistry containers,
			DirectRabbitListenerContainerFactory factory, TaskScheduler scheduler, MessageLog log) {
		this.topology = topology;
		this.containers = containers;
		this.factory = factory;
		this.scheduler = scheduler;
		this.log = log;
		this.methods.afterPropertiesSet();
	}

	/**
	 * Gives a subscription a queue, and a receiver.
	 * @return the name of the queue
	 * @throws RefusedException if the broker refuses, in which case no queue remains
	 * @throws AmqpException if the broker cannot be reached
	 */
	String open(Subscription subscription) {
		LogType type = subscription.type();
		this.topology.exchange(type.exchange());
		this.topology.requireUsable(type.exchange());
		// The name is the broker's: not durable, exclusive, auto-delete.
		String queue = this.topology.request((channel) -> channel.queueDeclare().getQueue());
		try {
			// Who may not read the queue, which is empty yet, is told here. The container
			// would try for ever, and tell nobody.
			this.topology.request((channel) -> channel.basicGet(queue, true));
			bind(queue, subscription);
		}
		catch (RefusedException ex) {
			this.topology.deleteQueue(queue);
			throw ex;
		}
		subscription.opened(queue);
		receive(queue, subscription);
		return queue;
	}

	private void receive(String queue, Subscription subscription) {
		MethodRabbitListenerEndpoint endpoint = new MethodRabbitListenerEndpoint();
		endpoint.setId(subscription.id());
		endpoint.setBean(new LogReceiver(subscription.id(), subscription::receive, this.log));
		endpoint.setMethod(RECEIVE);
		endpoint.setMessageHandlerMethodFactory(this.methods);
		endpoint.setQueueNames(queue);
		this.containers.registerListenerContainer(endpoint, this.factory);
		if (this.containers
			.getListenerContainer(subscription.id()) instanceof DirectMessageListenerContainer container) {
			container.setMessagePropertiesConverter(new StrangersPropertiesConverter());
			container.setConsumerTagStrategy((name) -> subscription.id());
			// A scheduler of its own would have a thread.
			container.setTaskScheduler(this.scheduler);
			container.setMonitorInterval(MONITOR_INTERVAL_MILLIS);
			container.setApplicationEventPublisher((event) -> {
				if (event instanceof ListenerContainerConsumerFailedEvent failed) {
					subscription.lost(queue, String.valueOf(failed.getReason()).endsWith(" canceled")
							? "the queue was deleted" : "the connection to the broker was lost");
				}
				else if (event instanceof MissingQueueEvent) {
					subscription.lost(queue, "the queue was deleted");
				}
			});
			container.start();
		}
	}

	/**
	 * Ends a subscription's receiver. With its only consumer the queue goes.
	 */
	void close(Subscription subscription) {
		MessageListenerContainer container = this.containers.unregisterListenerContainer(subscription.id());
		if (container != null) {
			container.stop(() -> {
			});
		}
	}

	/**
	 * Binds a subscription's queue, or binds it again.
	 * @throws RefusedException if the broker refuses
	 * @throws AmqpException if the broker cannot be reached
	 */
	void bind(String queue, Subscription subscription) {
		rebind(queue, subscription.type(), List.of(), subscription.bindings());
	}

	/**
	 * Changes the bindings of a queue: first adds, then removes, so that what matches
	 * both before and after is never missed.
	 * @throws RefusedException if the broker refuses, in which case the bindings are as
	 * they were
	 * @throws AmqpException if the broker cannot be reached
	 */
	void rebind(String queue, LogType type, List<Binding> before, List<Binding> after) {
		List<Binding> added = new ArrayList<>(after);
		added.removeAll(before);
		List<Binding> removed = new ArrayList<>(before);
		removed.removeAll(after);
		try {
			this.topology.request((channel) -> {
				for (Binding binding : added) {
					channel.queueBind(queue, type.exchange(), binding.key(), binding.headers());
				}
				return queue;
			});
		}
		catch (RefusedException ex) {
			this.topology.request((channel) -> unbind(channel, queue, type, added));
			throw ex;
		}
		this.topology.request((channel) -> unbind(channel, queue, type, removed));
	}

	private static String unbind(Channel channel, String queue, LogType type, List<Binding> bindings)
			throws IOException {
		for (Binding binding : bindings) {
			channel.queueUnbind(queue, type.exchange(), binding.key(), binding.headers());
		}
		return queue;
	}

}
