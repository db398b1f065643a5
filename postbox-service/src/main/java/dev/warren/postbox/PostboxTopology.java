package dev.warren.postbox;

import dev.warren.messaging.broker.QueueProperties;

import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.DirectExchange;
import org.springframework.amqp.core.Queue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What "Rabbits and Warrens" has on the broker: a durable direct exchange, a durable
 * queue, and the binding between them. All three survive a restart of the broker, and are
 * declared whenever a connection opens, as the tutorial's programs do.
 */
@Configuration(proxyBeanMethods = false)
public class PostboxTopology {

	/**
	 * The exchange, which puts a letter into each box that has its key.
	 */
	public static final String SORTING_ROOM = "sorting_room";

	/**
	 * The tutorial's box.
	 */
	public static final String PO_BOX = "po_box";

	/**
	 * The key whose letters it gets.
	 */
	public static final String JASON = "jason";

	@Bean
	DirectExchange sortingRoom() {
		return new DirectExchange(SORTING_ROOM, true, false);
	}

	@Bean
	Queue poBox(QueueProperties queues) {
		return queues.durable(PO_BOX).build();
	}

	@Bean
	Binding jason(Queue poBox, DirectExchange sortingRoom) {
		return BindingBuilder.bind(poBox).to(sortingRoom).with(JASON);
	}

}
