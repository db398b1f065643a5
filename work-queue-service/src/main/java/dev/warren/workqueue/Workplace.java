package dev.warren.workqueue;

import java.io.IOException;

import com.rabbitmq.client.Connection;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.stereotype.Component;

/**
 * What the workers of this instance share.
 */
@Component
class Workplace {

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

	ObservationRegistry observationRegistry() {
		return this.observationRegistry;
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
