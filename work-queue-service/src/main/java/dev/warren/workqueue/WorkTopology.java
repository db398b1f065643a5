package dev.warren.workqueue;

import dev.warren.messaging.feed.MessageFeed;
import dev.warren.messaging.broker.QueueProperties;

import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.FanoutExchange;
import org.springframework.amqp.core.Queue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What there is on the broker. It is declared whenever a connection opens; declaring it
 * again as it is changes nothing.
 * <p>
 * {@link #TASKS} is the tutorial's, with no argument that the tutorials' own programs do
 * not give: everybody who declares a queue must say the same. So the broker cannot be
 * told to dead-letter from it, and the service does that itself, see {@link Worker}.
 */
@Configuration(proxyBeanMethods = false)
class WorkTopology {

	/**
	 * Tasks that nobody has begun, as far as anybody knows.
	 */
	static final String TASKS = "task_queue";

	/**
	 * Tasks that were begun and not finished, with what is known of their attempts in
	 * their headers. A worker gets them one by one and begins at once, so that one which
	 * is redelivered from here has almost certainly been begun: unless the connection was
	 * lost between the broker's delivery and the beginning.
	 */
	static final String RETRIES = "task_retries";

	/**
	 * Tasks that were begun as often as they may be.
	 */
	static final String DEAD_LETTERS = "task_dead_letters";

	/**
	 * The fanout exchange over which the instances of the service tell each other about
	 * tasks.
	 */
	static final String EVENTS = "task_events";

	@Bean
	Declarables taskQueues(QueueProperties queues) {
		return new Declarables(queues.durable(TASKS).build(), queues.durable(RETRIES).build(),
				queues.durable(DEAD_LETTERS).build());
	}

	/**
	 * This instance's own queue for events, which goes with its connection.
	 */
	@Bean
	Queue events(Instance instance) {
		return new Queue(EVENTS + "." + instance.id(), false, true, true);
	}

	@Bean
	Declarables eventExchange(Queue events) {
		FanoutExchange exchange = new FanoutExchange(EVENTS);
		return new Declarables(exchange, BindingBuilder.bind(events).to(exchange));
	}

	@Bean
	Instance instance() {
		return Instance.create();
	}

	@Bean
	MessageFeed<Task> taskFeed(WorkProperties properties) {
		return new MessageFeed<>(properties.feedCapacity(), properties.rememberedSize(), Task::memorySize);
	}

}
