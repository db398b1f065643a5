package dev.warren.messaging.broker;

import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.QueueBuilder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * How the services declare queues that nobody has declared yet.
 *
 * @param edition the text of the tutorials that sets the defaults
 * @param queues what is set for all queues
 */
@ConfigurationProperties("warren")
public record QueueProperties(@DefaultValue("classic") Edition edition, @DefaultValue Queues queues) {

	/**
	 * A durable queue of the configured type, yet to be built.
	 * @param name its name
	 * @return its builder
	 */
	public QueueBuilder durable(String name) {
		QueueBuilder queue = QueueBuilder.durable(name);
		return (type() == Type.QUORUM) ? queue.quorum() : queue;
	}

	/**
	 * A queue that is durable if the edition or its own property says so, yet to be
	 * built.
	 * @param name its name
	 * @param property the name of the property that says whether it is durable
	 * @param durable the value of that property; without one the edition decides
	 * @return its builder
	 * @throws InvalidConfigurationPropertyValueException if it is to be a quorum queue
	 * and not durable
	 */
	public QueueBuilder declared(String name, String property, @Nullable Boolean durable) {
		if ((durable != null) ? durable : this.edition == Edition.CURRENT) {
			return durable(name);
		}
		if (durable != null && this.queues.type() == Type.QUORUM) {
			throw new InvalidConfigurationPropertyValueException(property, durable,
					"A quorum queue is always durable: set this to true, or 'warren.queues.type' to classic.");
		}
		return QueueBuilder.nonDurable(name);
	}

	private Type type() {
		Type type = this.queues.type();
		return (type != null) ? type : (this.edition == Edition.CURRENT) ? Type.QUORUM : Type.CLASSIC;
	}

	/**
	 * What is set for all queues.
	 *
	 * @param type the type of durable queues; without one the edition decides
	 */
	public record Queues(@Nullable Type type) {

	}

	/**
	 * RabbitMQ's types of queues.
	 */
	public enum Type {

		/** On one node; declared without arguments. */
		CLASSIC,

		/** Replicated; declared with {@code x-queue-type}. */
		QUORUM

	}

}
