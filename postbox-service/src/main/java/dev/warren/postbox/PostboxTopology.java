package dev.warren.postbox;

import java.util.List;

import org.springframework.amqp.core.DirectExchange;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What "Rabbits and Warrens" has on the broker: a durable direct exchange, declared
 * whenever a connection opens. The queues are the {@link Boxes}, one of which is there
 * from the start.
 */
@Configuration(proxyBeanMethods = false)
class PostboxTopology {

	/**
	 * The exchange, which puts a letter into each box that has its key.
	 */
	static final String SORTING_ROOM = "sorting_room";

	/**
	 * The box that is there from the start.
	 */
	static final String PO_BOX = "po_box";

	/**
	 * Its keys.
	 */
	static final List<String> PO_BOX_KEYS = List.of("jason");

	@Bean
	DirectExchange sortingRoom() {
		return new DirectExchange(SORTING_ROOM, true, false);
	}

}
