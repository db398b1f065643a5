package dev.warren.workqueue.tasks;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.warren.messaging.log.MessageLog;
import dev.warren.workqueue.WorkProperties;
import jakarta.annotation.PreDestroy;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.ConsumeOkEvent;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Tells the other instances what happens to tasks, over the fanout exchange
 * {@code task_events}, and listens to what they tell.
 * <p>
 * What happens within a tenth of a second goes together into one message, a task's last
 * state only: one message a task would cost the broker more than the tasks do. An
 * instance that starts to listen asks the others what they know. Every instance tells
 * something every ten seconds; while nobody else does there is nobody to tell.
 * <p>
 * Anybody can publish to an exchange. So an instance believes only what comes from its
 * own user, whose name the broker checks ({@code user_id}), and only what can be a task.
 */
@Component
public class TaskEvents {

	static final String EXCHANGE = "task_events";

	private static final String GUEST = "guest";

	private static final int MAX_TASKS = 500;

	private static final int MAX_SIZE = 256 * 1024;

	private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(10);

	private final Tasks tasks;

	private final RabbitTemplate template;

	private final JsonMapper jsonMapper;

	private final MessageLog log;

	private final Instance instance;

	private final String user;

	private final int capacity;

	// What is to be told, oldest first; also the lock for what follows.
	private final Map<String, Task> untold = new LinkedHashMap<>();

	private boolean asking = true;

	private Instant told = Instant.EPOCH;

	// Until it is certain that there is nobody else there may be.
	private Instant heard = Instant.now();

	TaskEvents(Tasks tasks, ConnectionFactory connectionFactory, RabbitConnectionDetails connection,
			JsonMapper jsonMapper, MessageLog log, Instance instance, WorkProperties properties) {
		this.tasks = tasks;
		// One of its own: nobody waits for these confirms, and they are not observed.
		this.template = new RabbitTemplate(connectionFactory);
		this.template.setUsePublisherConnection(true);
		this.jsonMapper = jsonMapper;
		this.log = log;
		this.instance = instance;
		this.user = Objects.requireNonNullElse(connection.getUsername(), GUEST);
		this.capacity = properties.rememberedTasks();
	}

	/**
	 * Takes note of a task's state and tells the others.
	 * @param task the task
	 */
	public void announce(Task task) {
		if (this.tasks.record(task)) {
			tell(List.of(task));
		}
	}

	private void tell(List<Task> tasks) {
		synchronized (this.untold) {
			for (Task task : tasks) {
				this.untold.remove(task.id());
				this.untold.put(task.id(), task);
				if (this.untold.size() > this.capacity) {
					Iterator<Task> oldest = this.untold.values().iterator();
					oldest.next();
					oldest.remove();
				}
			}
		}
	}

	@PreDestroy
	@Scheduled(fixedDelay = 100)
	void tellTheOthers() {
		try {
			for (News news = next(); news != null; news = next()) {
				this.template.send(EXCHANGE, "", message(news));
			}
		}
		catch (AmqpException ex) {
			// Whoever missed this asks when it has a connection again, as does this one.
		}
	}

	private @Nullable News next() {
		synchronized (this.untold) {
			Instant now = Instant.now();
			boolean alone = this.heard.plus(SIGN_OF_LIFE.multipliedBy(3)).isBefore(now);
			if (alone) {
				this.untold.clear();
			}
			if (this.untold.isEmpty() && !this.asking && this.told.plus(SIGN_OF_LIFE).isAfter(now)) {
				return null;
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
			this.told = now;
			return news;
		}
	}

	private Message message(News news) {
		Message message = MessageBuilder.withBody(this.jsonMapper.writeValueAsBytes(news))
			.setContentType(MessageProperties.CONTENT_TYPE_JSON)
			.setAppId(this.instance.id())
			.setDeliveryMode(MessageDeliveryMode.NON_PERSISTENT)
			.build();
		message.getMessageProperties().setUserId(this.user);
		return message;
	}

	@RabbitListener(id = EXCHANGE, queues = "#{taskEventsOfThisInstance}")
	void hear(Message message) {
		MessageProperties properties = message.getMessageProperties();
		if (this.instance.id().equals(properties.getAppId())) {
			return;
		}
		if (!this.user.equals(properties.getReceivedUserId())) {
			this.log.line("Ignored an event of '{}', who is not this service's user", properties.getReceivedUserId());
			return;
		}
		try {
			hear(this.jsonMapper.readValue(message.getBody(), News.class));
		}
		catch (JacksonException | IllegalArgumentException ex) {
			this.log.line("Ignored an event that is not this service's: {}", ex.getMessage());
		}
	}

	private void hear(@Nullable News news) {
		if (news == null) {
			throw new IllegalArgumentException("null");
		}
		news.tasks().forEach(this.tasks::record);
		synchronized (this.untold) {
			boolean first = this.heard.plus(SIGN_OF_LIFE.multipliedBy(3)).isBefore(Instant.now());
			this.heard = Instant.now();
			if (!news.question() && !first) {
				return;
			}
			// Even if there is nothing to tell: whoever asked learns that it is not
			// alone.
			this.told = Instant.EPOCH;
		}
		tell(this.tasks.all());
	}

	/**
	 * What was told while this instance did not listen it has to ask for.
	 */
	@EventListener
	void askTheOthers(ConsumeOkEvent event) {
		if (EXCHANGE.equals(event.getConsumerTag())) {
			synchronized (this.untold) {
				this.asking = true;
				this.heard = Instant.now();
			}
		}
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
