package dev.warren.broker.management;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.warren.broker.definitions.AmqpJson;
import dev.warren.broker.management.sample.Sampler;
import dev.warren.broker.rabbitmq.channel.LocalChannel;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.routing.Exchange;
import dev.warren.broker.rabbitmq.stats.ExchangeStats;
import dev.warren.broker.rabbitmq.wire.MessageProperties;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
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
 * Exchanges, and publishing to them.
 */
@RestController
final class ExchangeController {

	private final Resources resources;

	private final Sampler sampler;

	ExchangeController(Resources resources, Sampler sampler) {
		this.resources = resources;
		this.sampler = sampler;
	}

	@GetMapping("/api/exchanges")
	Object exchanges(Caller caller, Listing listing) {
		return list(this.resources.virtualHosts(caller).toList(), listing);
	}

	@GetMapping("/api/exchanges/{virtualHost}")
	Object exchanges(Caller caller, Listing listing, @PathVariable String virtualHost) {
		return list(List.of(this.resources.virtualHost(caller, virtualHost)), listing);
	}

	private Object list(List<VirtualHost> virtualHosts, Listing listing) {
		List<InVirtualHost> exchanges = virtualHosts.stream()
			.flatMap((one) -> one.exchangesByName().stream().map((exchange) -> new InVirtualHost(one.name(), exchange)))
			.toList();
		return listing.of(exchanges, (one) -> one.exchange().name(), (one) -> toMap(one, listing));
	}

	private Map<String, @Nullable Object> toMap(InVirtualHost exchange, Listing listing) {
		Map<String, @Nullable Object> map = exchange.toMap();
		ExchangeStats stats = exchange.exchange().stats();
		MessageStats.put(map, stats, this.sampler.of(stats), listing);
		return map;
	}

	@GetMapping("/api/exchanges/{virtualHost}/{exchange}")
	Map<String, @Nullable Object> exchange(Caller caller, Listing listing, @PathVariable String virtualHost,
			@PathVariable String exchange) {
		Map<String, @Nullable Object> map = toMap(
				new InVirtualHost(virtualHost, this.resources.exchange(caller, virtualHost, exchange)), listing);
		map.put("incoming", List.of());
		map.put("outgoing", List.of());
		return listing.of(map);
	}

	@PutMapping("/api/exchanges/{virtualHost}/{exchange}")
	ResponseEntity<Void> declare(Caller caller, Body body, @PathVariable String virtualHost,
			@PathVariable String exchange) {
		LocalChannel channel = this.resources.channel(caller, virtualHost);
		String name = Resources.exchangeName(exchange);
		boolean isNew = this.resources.virtualHost(caller, virtualHost).exchanges().exchange(name) == null;
		channel.declareExchange(name, body.text("type", "direct"), body.bool("durable"), body.bool("auto_delete"),
				body.bool("internal"), body.table("arguments"));
		return Resources.put(isNew);
	}

	@DeleteMapping("/api/exchanges/{virtualHost}/{exchange}")
	ResponseEntity<Void> delete(Caller caller, @PathVariable String virtualHost, @PathVariable String exchange,
			@RequestParam(name = "if-unused", defaultValue = "false") boolean ifUnused) {
		Exchange found = this.resources.exchange(caller, virtualHost, exchange);
		this.resources.channel(caller, virtualHost).deleteExchange(found.name(), ifUnused);
		return ResponseEntity.noContent().build();
	}

	@PostMapping("/api/exchanges/{virtualHost}//publish")
	Map<String, Object> publishToDefault(Caller caller, Body body, @PathVariable String virtualHost) {
		return publish(caller, body, virtualHost, Resources.DEFAULT_EXCHANGE);
	}

	@PostMapping("/api/exchanges/{virtualHost}/{exchange}/publish")
	Map<String, Object> publish(Caller caller, Body body, @PathVariable String virtualHost,
			@PathVariable String exchange) {
		LocalChannel channel = this.resources.channel(caller, virtualHost);
		String name = Resources.exchangeName(exchange);
		if (this.resources.virtualHost(caller, virtualHost).exchanges().exchange(name) == null) {
			throw ApiException.notFound("exchange_not_found");
		}
		body.require("routing_key", "properties", "payload", "payload_encoding");
		MessageProperties properties = Payload.properties(body);
		byte[] payload = Payload.read(body);
		try {
			List<String> queues = channel.publish(name, body.text("routing_key", ""), properties, payload);
			return Map.of("routed", !queues.isEmpty());
		}
		catch (ProtocolException ex) {
			throw switch (ex.code()) {
				case PRECONDITION_FAILED -> ApiException.badRequest(ex.code().code() + " " + ex.getMessage());
				default -> ex;
			};
		}
	}

	/**
	 * An exchange, and where it is.
	 */
	private record InVirtualHost(String virtualHost, Exchange exchange) {

		Map<String, @Nullable Object> toMap() {
			Map<String, @Nullable Object> map = new LinkedHashMap<>();
			map.put("arguments", AmqpJson.toJson(this.exchange.definition().arguments()));
			map.put("auto_delete", this.exchange.definition().autoDelete());
			map.put("durable", this.exchange.definition().durable());
			map.put("internal", this.exchange.definition().internal());
			map.put("name", this.exchange.name());
			this.exchange.policy().names().forEach(map::put);
			map.put("type", this.exchange.definition().type().wireName());
			map.put("vhost", this.virtualHost);
			return map;
		}

	}

}
