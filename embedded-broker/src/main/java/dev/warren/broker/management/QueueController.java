package dev.warren.broker.management;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.warren.broker.rabbitmq.channel.LocalChannel;
import dev.warren.broker.rabbitmq.host.GotMessage;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import org.jspecify.annotations.Nullable;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Queues and the messages in them.
 */
@RestController
final class QueueController {

	private final Resources resources;

	private final QueueView view;

	QueueController(Resources resources, QueueView view) {
		this.resources = resources;
		this.view = view;
	}

	@GetMapping({ "/api/queues", "/api/queues/detailed" })
	Object queues(Caller caller, Listing listing) {
		return list(this.resources.virtualHosts(caller).toList(), listing);
	}

	@GetMapping("/api/queues/{virtualHost}")
	Object queues(Caller caller, Listing listing, @PathVariable String virtualHost) {
		return list(List.of(this.resources.virtualHost(caller, virtualHost)), listing);
	}

	private Object list(List<VirtualHost> virtualHosts, Listing listing) {
		List<MessageQueue> queues = virtualHosts.stream().flatMap((one) -> one.queuesByName().stream()).toList();
		return listing.of(queues, MessageQueue::name, (one) -> this.view.brief(one, listing));
	}

	@GetMapping("/api/queues/{virtualHost}/{queue}")
	Map<String, @Nullable Object> queue(Caller caller, Listing listing, @PathVariable String virtualHost,
			@PathVariable String queue) {
		return listing.of(this.view.full(this.resources.queue(caller, virtualHost, queue), listing));
	}

	@PutMapping("/api/queues/{virtualHost}/{queue}")
	ResponseEntity<Void> declare(Caller caller, Body body, @PathVariable String virtualHost,
			@PathVariable String queue) {
		LocalChannel channel = this.resources.channel(caller, virtualHost);
		boolean isNew = this.resources.virtualHost(caller, virtualHost).queues().queue(queue) == null;
		channel.declareQueue(queue, body.bool("durable"), false, body.bool("auto_delete"), body.table("arguments"));
		return Resources.put(isNew);
	}

	@DeleteMapping("/api/queues/{virtualHost}/{queue}")
	ResponseEntity<Void> delete(Caller caller, @PathVariable String virtualHost, @PathVariable String queue,
			@RequestParam(name = "if-unused", defaultValue = "false") boolean ifUnused,
			@RequestParam(name = "if-empty", defaultValue = "false") boolean ifEmpty) {
		this.resources.queue(caller, virtualHost, queue);
		this.resources.channel(caller, virtualHost).deleteQueue(queue, ifUnused, ifEmpty);
		return ResponseEntity.noContent().build();
	}

	@DeleteMapping("/api/queues/{virtualHost}/{queue}/contents")
	ResponseEntity<Void> purge(Caller caller, @PathVariable String virtualHost, @PathVariable String queue) {
		this.resources.queue(caller, virtualHost, queue);
		this.resources.channel(caller, virtualHost).purgeQueue(queue);
		return ResponseEntity.noContent().build();
	}

	/**
	 * Moves what is ready to another queue. RabbitMQ's page has a shovel do it.
	 */
	@PostMapping("/api/queues/{virtualHost}/{queue}/move")
	Map<String, Integer> move(Caller caller, Body body, @PathVariable String virtualHost, @PathVariable String queue) {
		this.resources.queue(caller, virtualHost, queue);
		body.require("to");
		String to = body.text("to", "");
		if (to.equals(queue)) {
			throw ApiException.badRequest("'to' is the queue itself");
		}
		return Map.of("moved", this.resources.channel(caller, virtualHost).move(queue, to));
	}

	@PostMapping("/api/queues/{virtualHost}/{queue}/get")
	List<Map<String, @Nullable Object>> get(Caller caller, Body body, @PathVariable String virtualHost,
			@PathVariable String queue) {
		LocalChannel channel = this.resources.channel(caller, virtualHost);
		if (this.resources.virtualHost(caller, virtualHost).queues().queue(queue) == null) {
			throw ApiException.notFound("queue_not_found");
		}
		body.require("ackmode", "count", "encoding");
		Payload.Encoding encoding = Payload.Encoding.of(body.text("encoding", ""));
		int truncate = body.has("truncate") ? body.integer("truncate") : Integer.MAX_VALUE;
		return channel.get(queue, body.integer("count"), settle(body.text("ackmode", "")), truncate)
			.stream()
			.map((got) -> got(got, encoding))
			.toList();
	}

	private static LocalChannel.Settle settle(String ackMode) {
		return switch (ackMode) {
			case "ack_requeue_true", "reject_requeue_true" -> LocalChannel.Settle.REQUEUE;
			case "ack_requeue_false" -> LocalChannel.Settle.ACKNOWLEDGE;
			case "reject_requeue_false" -> LocalChannel.Settle.REJECT;
			default -> throw ApiException
				.badRequest(("Invalid ackmode value: %s. Valid values are: ack_requeue_true, ack_requeue_false, "
						+ "reject_requeue_true, reject_requeue_false")
					.formatted(ackMode));
		};
	}

	private static Map<String, @Nullable Object> got(GotMessage got, Payload.Encoding encoding) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("payload_bytes", got.bodySize());
		map.put("redelivered", got.redelivered());
		map.put("exchange", got.exchange());
		map.put("routing_key", got.routingKey());
		map.put("message_count", got.left());
		map.put("properties", Payload.properties(got.properties()));
		map.putAll(Payload.of(got.body(), encoding));
		return map;
	}

}
