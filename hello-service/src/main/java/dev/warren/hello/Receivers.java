package dev.warren.hello;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.warren.messaging.feed.MessageFeed;
import dev.warren.messaging.message.ReceivedMessage;

import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The receivers there are, each with a listener container of its own, and so with a
 * channel, a consumer and a thread of its own.
 */
@Component
class Receivers implements SmartLifecycle {

	private final SimpleRabbitListenerContainerFactory containerFactory;

	private final MessageFeed<ReceivedMessage> feed;

	private final HelloProperties properties;

	private final Map<String, Running> receivers = new LinkedHashMap<>();

	private int started;

	private volatile boolean running;

	Receivers(SimpleRabbitListenerContainerFactory containerFactory, MessageFeed<ReceivedMessage> feed,
			HelloProperties properties) {
		this.containerFactory = containerFactory;
		this.feed = feed;
		this.properties = properties;
	}

	synchronized List<Receiver> list() {
		return this.receivers.values().stream().map(Running::receiver).toList();
	}

	/**
	 * Starts one more receiver. Without a broker it begins to receive as soon as there is
	 * one.
	 * @return the receiver, or nothing if there are as many as there may be
	 */
	Optional<Receiver> startOne() {
		Optional<Running> added = addOne();
		// Not under the lock: without a broker it takes as long as an attempt to connect.
		added.ifPresent((running) -> {
			running.container().start();
			if (!isListed(running)) {
				// Stopped while it started.
				running.container().destroy();
			}
		});
		return added.map(Running::receiver);
	}

	private synchronized boolean isListed(Running running) {
		return this.receivers.containsValue(running);
	}

	private synchronized Optional<Running> addOne() {
		if (this.receivers.size() >= this.properties.maxReceivers()) {
			return Optional.empty();
		}
		Receiver receiver = new Receiver("receiver-" + ++this.started, this.feed);
		SimpleMessageListenerContainer container = this.containerFactory.createListenerContainer();
		container.setQueueNames(HelloTopology.QUEUE);
		container.setMessageListener(receiver);
		container.setListenerId(receiver.id());
		container.setConsumerTagStrategy((queue) -> receiver.id());
		container.afterPropertiesSet();
		Running added = new Running(receiver, container);
		this.receivers.put(receiver.id(), added);
		return Optional.of(added);
	}

	/**
	 * Stops a receiver once it has dealt with the messages it prefetched; what it cannot
	 * deal with in five seconds goes back to the queue.
	 * @param id the receiver's id
	 * @return whether there was such a receiver
	 */
	boolean stop(String id) {
		Running stopped;
		synchronized (this) {
			stopped = this.receivers.remove(id);
		}
		if (stopped == null) {
			return false;
		}
		stopped.container().destroy();
		return true;
	}

	@Override
	public void start() {
		this.running = true;
		for (int i = 0; i < this.properties.receivers(); i++) {
			startOne();
		}
	}

	@Override
	public void stop() {
		this.running = false;
		List<Receiver> all = new ArrayList<>(list());
		all.forEach((receiver) -> stop(receiver.id()));
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	private record Running(Receiver receiver, SimpleMessageListenerContainer container) {

	}

}
