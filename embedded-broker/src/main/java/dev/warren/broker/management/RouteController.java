package dev.warren.broker.management;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.warren.broker.definitions.AmqpJson;
import dev.warren.broker.rabbitmq.event.Detail;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.routing.CarbonCopies;
import dev.warren.broker.rabbitmq.routing.Exchange;
import dev.warren.broker.rabbitmq.routing.Exchanges;
import dev.warren.broker.rabbitmq.routing.Routing;
import dev.warren.broker.rabbitmq.wire.Delay;
import dev.warren.broker.rabbitmq.wire.MessageProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Where a message would go, and why, without publishing one. RabbitMQ's API has no such
 * thing.
 */
@RestController
final class RouteController {

	private final Resources resources;

	RouteController(Resources resources) {
		this.resources = resources;
	}

	@PostMapping("/api/routes/{virtualHost}/{exchange}")
	Map<String, Object> routes(Caller caller, Body body, @PathVariable String virtualHost,
			@PathVariable String exchange) {
		Exchange found = this.resources.exchange(caller, virtualHost, exchange);
		Exchanges exchanges = this.resources.virtualHost(caller, virtualHost).exchanges();
		String key = body.text("routing_key", "");
		MessageProperties properties = properties(body.table("headers"));
		List<String> keys = CarbonCopies.routingKeys(key, properties.headers());
		Routing<MessageQueue> routing = new Routing<>(exchanges, MessageQueue.class);
		routing.noteArrivals();
		List<MessageQueue> queues = routing.route(found, keys, () -> properties);
		Map<String, Object> map = new LinkedHashMap<>();
		map.put("queues", queues.stream().map((queue) -> toMap(queue, routing.wayFrom(found, queue))).toList());
		if (queues.isEmpty()) {
			map.put("reason", exchanges.explain(found, key));
		}
		return map;
	}

	/**
	 * Those of a message that is not delayed, or not any more.
	 */
	private static MessageProperties properties(Map<String, @Nullable Object> headers) {
		MessageProperties properties = MessageProperties.none();
		properties.headers(headers);
		if (Delay.of(headers) > 0) {
			Delay.end(properties);
		}
		return properties;
	}

	private static Map<String, Object> toMap(MessageQueue queue, List<Detail.Way> ways) {
		Map<String, Object> map = new LinkedHashMap<>();
		map.put("queue", queue.name());
		map.put("way", ways.stream().map(RouteController::toMap).toList());
		return map;
	}

	private static Map<String, @Nullable Object> toMap(Detail.Way way) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("source", way.source());
		map.put("routing_key", way.routingKey());
		map.put("arguments", AmqpJson.toJson(way.arguments()));
		return map;
	}

}
