package dev.warren.workqueue;

import java.io.IOException;

import com.rabbitmq.client.Connection;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.support.micrometer.RabbitListenerObservation;
import org.springframework.amqp.rabbit.support.micrometer.RabbitListenerObservation.DefaultRabbitListenerObservationConvention;
import org.springframework.amqp.rabbit.support.micrometer.RabbitMessageReceiverContext;
import org.springframework.stereotype.Component;

/**
 * What the workers of this instance share.
 */
@Component
class Workplace {

	private static final String TRACE_CONTEXT = "traceparent";

	private final ConnectionFactory connectionFactory;

	private final AmqpAdmin admin;

	private final TaskPublisher publisher;

	private final TaskEvents events;

	private final Tasks tasks;

	private final Work work;

	private final Instance instance;

	private final ObservationRegistry observationRegistry;

	private final int maxAttempts;

	Workplace(ConnectionFactory connectionFactory, AmqpAdmin admin, TaskPublisher publisher, TaskEvents events,
			Tasks tasks, Work work, Instance instance, ObservationRegistry observationRegistry,
			WorkProperties properties) {
		this.connectionFactory = connectionFactory;
		this.admin = admin;
		this.publisher = publisher;
		this.events = events;
		this.tasks = tasks;
		this.work = work;
		this.instance = instance;
		this.observationRegistry = observationRegistry;
		this.maxAttempts = properties.maxAttempts();
	}

	/**
	 * The connection all workers share, opened if there is none. Its queues are declared
	 * again: since it was opened somebody may have deleted one.
	 */
	Connection connect() throws IOException {
		Connection connection = this.connectionFactory.createConnection().getDelegate();
		if (connection == null) {
			throw new IOException("the connection closed as it was opened");
		}
		this.admin.initialize();
		return connection;
	}

	/**
	 * The observation of a task that was delivered, with the trace context it came with,
	 * as of a Spring listener container. A task that came with none starts none.
	 */
	Observation observe(TaskMessage message, String worker) {
		if (message.message().getMessageProperties().getHeader(TRACE_CONTEXT) == null) {
			return Observation.NOOP;
		}
		return RabbitListenerObservation.LISTENER_OBSERVATION.observation(null,
				DefaultRabbitListenerObservationConvention.INSTANCE,
				() -> new RabbitMessageReceiverContext(message.message(), worker), this.observationRegistry);
	}

	Work work() {
		return this.work;
	}

	TaskPublisher publisher() {
		return this.publisher;
	}

	String instanceId() {
		return this.instance.id();
	}

	int maxAttempts() {
		return this.maxAttempts;
	}

	void announce(Task task) {
		this.events.announce(task);
	}

	/**
	 * Whether this task, delivered again from the queue {@link WorkTopology#TASKS}, is
	 * known to have been given back before anybody began it.
	 */
	boolean isKnownUnbegun(Task task) {
		return this.tasks.find(task.id())
			.filter((known) -> known.state() == TaskState.QUEUED && known.attempts() == 0)
			.isPresent();
	}

}
