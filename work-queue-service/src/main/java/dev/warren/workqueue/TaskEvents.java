package dev.warren.workqueue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;

import dev.warren.messaging.publish.ConfirmedPublisher;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageListener;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.listener.AsyncConsumerStartedEvent;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * Tells the other instances what happens to tasks, over the fanout exchange
 * {@code task_events}, and listens to what they tell.
 * <p>
 * What happens while a message is on its way to the broker goes together into the next
 * one, a task's last state only: one message a task would cost the broker more than the
 * tasks do. An instance that joins, or was cut off for a while, asks the others what they
 * know; while nobody answers there is nobody to tell.
 */
@Component
class TaskEvents implements MessageListener, ApplicationListener<AsyncConsumerStartedEvent>, SmartLifecycle {

	/**
	 * The phase of this {@link SmartLifecycle}: after the workers have stopped, before
	 * the publisher does.
	 */
	static final int PHASE = ConfirmedPublisher.PHASE + 1024;

	private static final Log logger = LogFactory.getLog(TaskEvents.class);

	private static final int MAX_TASKS = 500;

	private static final int MAX_SIZE = 512 * 1024;

	private static final Duration ANSWER_TIME = Duration.ofSeconds(10);

	private static final Duration RETRY_INTERVAL = Duration.ofMillis(500);

	private final Tasks tasks;

	private final ConfirmedPublisher publisher;

	private final JsonMapper jsonMapper;

	private final Instance instance;

	private final SimpleMessageListenerContainer container;

	private final int capacity;

	// What is to be told, oldest first; also the lock for what follows.
	private final Map<String, Task> untold = new LinkedHashMap<>();

	private boolean asking;

	private boolean answering;

	private long askedAt = System.nanoTime();

	private boolean heard;

	private @Nullable Thread teller;

	TaskEvents(Tasks tasks, ConfirmedPublisher publisher, JsonMapper jsonMapper, Instance instance, Queue events,
			SimpleRabbitListenerContainerFactory containerFactory, WorkProperties properties) {
		this.tasks = tasks;
		this.publisher = publisher;
		this.jsonMapper = jsonMapper;
		this.instance = instance;
		this.capacity = properties.rememberedTasks();
		this.container = containerFactory.createListenerContainer();
		this.container.setQueueNames(events.getName());
		this.container.setListenerId(WorkTopology.EVENTS);
		this.container.setMessageListener(this);
		// What cannot be understood now cannot be understood later.
		this.container.setDefaultRequeueRejected(false);
	}

	/**
	 * Takes note of a task's state and tells the others.
	 */
	void announce(Task task) {
		if (this.tasks.record(task)) {
			tell(task);
		}
	}

	private void tell(Task task) {
		synchronized (this.untold) {
			if (isAlone()) {
				return;
			}
			this.untold.remove(task.id());
			this.untold.put(task.id(), task);
			if (this.untold.size() > this.capacity) {
				Iterator<Task> oldest = this.untold.values().iterator();
				oldest.next();
				oldest.remove();
			}
			this.untold.notifyAll();
		}
	}

	// Nobody has answered. Until that is certain there may be somebody to tell.
	private boolean isAlone() {
		return !this.heard && System.nanoTime() - this.askedAt > ANSWER_TIME.toNanos();
	}

	// The teller's thread. It ends when it is interrupted and has nothing left to tell.
	private void tell() {
		boolean stopping = false;
		while (!stopping || hasNews()) {
			try {
				News news = next();
				if (!publish(news)) {
					if (stopping) {
						return;
					}
					Thread.sleep(RETRY_INTERVAL.toMillis());
				}
			}
			catch (InterruptedException ex) {
				stopping = true;
			}
		}
	}

	private boolean hasNews() {
		synchronized (this.untold) {
			return !this.untold.isEmpty();
		}
	}

	private News next() throws InterruptedException {
		synchronized (this.untold) {
			while (this.untold.isEmpty() && !this.asking && !this.answering) {
				this.untold.wait();
			}
			List<Task> tasks = new ArrayList<>();
			int size = 0;
			Iterator<Task> oldest = this.untold.values().iterator();
			while (oldest.hasNext() && tasks.size() < MAX_TASKS && size < MAX_SIZE) {
				Task task = oldest.next();
				oldest.remove();
				tasks.add(task);
				size += task.memorySize();
			}
			News news = new News(this.asking, tasks);
			this.asking = false;
			this.answering = false;
			return news;
		}
	}

	private void keep(News news) {
		synchronized (this.untold) {
			this.asking |= news.question();
			for (Task task : news.tasks()) {
				if (this.untold.size() < this.capacity) {
					this.untold.putIfAbsent(task.id(), task);
				}
			}
		}
	}

	private boolean publish(News news) throws InterruptedException {
		MessageProperties properties = new MessageProperties();
		properties.setAppId(this.instance.id());
		properties.setContentType(MediaType.APPLICATION_JSON_VALUE);
		properties.setDeliveryMode(MessageDeliveryMode.NON_PERSISTENT);
		Message message = new Message(this.jsonMapper.writeValueAsBytes(news), properties);
		boolean published = false;
		try {
			this.publisher.publish(WorkTopology.EVENTS, "", message).get();
			published = true;
		}
		catch (ExecutionException | RuntimeException ex) {
			// Whatever it is: without this thread nothing would ever be told again.
			logger.debug("An event was not published", ex);
		}
		finally {
			// Also when interrupted: they are sent again, rather twice than never.
			if (!published) {
				keep(news);
			}
		}
		return published;
	}

	@Override
	public void onMessage(Message message) {
		if (this.instance.id().equals(message.getMessageProperties().getAppId())) {
			return;
		}
		@Nullable News news;
		try {
			news = this.jsonMapper.readValue(message.getBody(), News.class);
		}
		catch (JacksonException ex) {
			logger.warn("Not this service's event, ignored: " + ex.getOriginalMessage());
			return;
		}
		if (news == null) {
			logger.warn("Not this service's event, ignored: null");
			return;
		}
		news.tasks().forEach(this.tasks::record);
		boolean asked;
		synchronized (this.untold) {
			asked = news.question() || isAlone();
			this.heard = true;
			this.answering |= asked;
		}
		if (asked) {
			// To everybody: the others may have missed it as well. And even if there is
			// nothing to tell, whoever asked learns that it is not alone.
			this.tasks.all().forEach(this::tell);
			synchronized (this.untold) {
				this.untold.notifyAll();
			}
		}
	}

	@Override
	public void onApplicationEvent(AsyncConsumerStartedEvent event) {
		if (event.getSource() == this.container) {
			synchronized (this.untold) {
				this.asking = true;
				this.askedAt = System.nanoTime();
				this.heard = false;
				this.untold.notifyAll();
			}
		}
	}

	@Override
	public void start() {
		this.container.start();
		Thread thread = new Thread(this::tell, WorkTopology.EVENTS);
		thread.setDaemon(true);
		thread.start();
		this.teller = thread;
	}

	@Override
	public void stop() {
		Thread thread = this.teller;
		if (thread != null) {
			this.teller = null;
			thread.interrupt();
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
		this.container.destroy();
	}

	@Override
	public boolean isRunning() {
		return this.teller != null;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	/**
	 * What an instance tells the others.
	 *
	 * @param question whether it asks them what they know
	 * @param tasks the tasks whose states have changed
	 */
	record News(boolean question, List<Task> tasks) {

		News {
			tasks = List.copyOf(Objects.requireNonNull(tasks, "'tasks' must not be null"));
		}

	}

}
