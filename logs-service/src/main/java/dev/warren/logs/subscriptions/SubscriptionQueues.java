package dev.warren.logs.subscriptions;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import com.rabbitmq.client.Channel;
import dev.warren.logs.LogReceiver;
import dev.warren.messaging.log.MessageLog;
import dev.warren.messaging.publish.RefusedException;
import dev.warren.messaging.broker.Topology;
import dev.warren.messaging.message.StrangersPropertiesConverter;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.config.DirectRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.ListenerContainerConsumerFailedEvent;
import org.springframework.amqp.rabbit.listener.ListenerContainerConsumerTerminatedEvent;
import org.springframework.amqp.rabbit.listener.MissingQueueEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.stereotype.Component;

/**
 * The subscriptions' queues on the broker, each with a {@link LogReceiver} in a listener
 * container of its own, which receives on the client's threads: it costs a channel and no
 * thread.
 */
@Component
class SubscriptionQueues {

	private static final long MONITOR_INTERVAL_MILLIS = 500;

	private final Topology topology;

	private final DirectRabbitListenerContainerFactory containers;

	private final TaskScheduler scheduler;

	private final ApplicationEventPublisher events;

	private final MessageLog log;

	SubscriptionQueues(Topology topology, DirectRabbitListenerContainerFactory containers, TaskScheduler scheduler,
			ApplicationEventPublisher events, MessageLog log) {
		this.topology = topology;
		this.containers = containers;
		this.scheduler = scheduler;
		this.events = events;
		this.log = log;
	}

	/**
	 * Gives a subscription a queue, and a receiver.
	 * @return the name of the queue
	 * @throws RefusedException if the broker refuses, in which case no queue remains
	 * @throws AmqpException if the broker cannot be reached
	 */
	String open(Subscription subscription) {
		LogType type = subscription.type();
		this.topology.requireUsable(type.exchange());
		// The name is the broker's: not durable, exclusive, auto-delete.
		String queue = this.topology.request((channel) -> channel.queueDeclare().getQueue());
		try {
			// Who may not read the queue, which is empty yet, is told here. The container
			// would try for ever, and tell nobody.
			this.topology.request((channel) -> channel.basicGet(queue, true));
			rebind(queue, type, List.of(), subscription.bindings());
		}
		catch (RefusedException ex) {
			this.topology.deleteQueue(queue);
			throw ex;
		}
		DirectMessageListenerContainer container = container(queue, subscription);
		subscription.opened(queue, container);
		container.start();
		return queue;
	}

	private DirectMessageListenerContainer container(String queue, Subscription subscription) {
		DirectMessageListenerContainer container = this.containers.createListenerContainer();
		container.setListenerId(subscription.id());
		container.setConsumerTagStrategy((name) -> subscription.id());
		container.setQueueNames(queue);
		container.setMessageListener(new LogReceiver(subscription.id(), subscription::receive, this.log)::receive);
		container.setMessagePropertiesConverter(new StrangersPropertiesConverter());
		// A scheduler of its own would have a thread.
		container.setTaskScheduler(this.scheduler);
		container.setMonitorInterval(MONITOR_INTERVAL_MILLIS);
		container.setApplicationEventPublisher((event) -> {
			if (event instanceof ListenerContainerConsumerTerminatedEvent
					|| event instanceof ListenerContainerConsumerFailedEvent || event instanceof MissingQueueEvent) {
				subscription.lost(queue, event.toString().contains(" canceled") ? "the queue was deleted"
						: "the connection to the broker was lost");
			}
			else {
				this.events.publishEvent(event);
			}
		});
		container.afterPropertiesSet();
		return container;
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
