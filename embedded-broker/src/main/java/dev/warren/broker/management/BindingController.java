package dev.warren.broker.management;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.warren.broker.rabbitmq.channel.LocalChannel;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import org.jspecify.annotations.Nullable;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Bindings, from both sides.
 */
@RestController
final class BindingController {

	private final Resources resources;

	BindingController(Resources resources) {
		this.resources = resources;
	}

	@GetMapping("/api/bindings")
	Object bindings(Caller caller, Listing listing) {
		return list(this.resources.virtualHosts(caller).flatMap(BindingView::all), listing);
	}

	@GetMapping("/api/bindings/{virtualHost}")
	Object bindings(Caller caller, Listing listing, @PathVariable String virtualHost) {
		return list(BindingView.all(this.resources.virtualHost(caller, virtualHost)), listing);
	}

	@GetMapping("/api/queues/{virtualHost}/{queue}/bindings")
	Object ofQueue(Caller caller, Listing listing, @PathVariable String virtualHost, @PathVariable String queue) {
		return list(BindingView.all(this.resources.virtualHost(caller, virtualHost))
			.filter((one) -> one.isTo(BindingView.QUEUE, queue)), listing);
	}

	@GetMapping("/api/exchanges/{virtualHost}/{exchange}/bindings/source")
	Object from(Caller caller, Listing listing, @PathVariable String virtualHost, @PathVariable String exchange) {
		String name = Resources.exchangeName(exchange);
		return list(BindingView.all(this.resources.virtualHost(caller, virtualHost))
			.filter((one) -> one.source().equals(name)), listing);
	}

	@GetMapping("/api/exchanges/{virtualHost}/{exchange}/bindings/destination")
	Object to(Caller caller, Listing listing, @PathVariable String virtualHost, @PathVariable String exchange) {
		String name = Resources.exchangeName(exchange);
		return list(BindingView.all(this.resources.virtualHost(caller, virtualHost))
			.filter((one) -> one.isTo(BindingView.EXCHANGE, name)), listing);
	}

	private static Object list(Stream<BindingView> bindings, Listing listing) {
		return listing.of(bindings.toList(), BindingView::key, BindingView::toMap);
	}

	@GetMapping("/api/bindings/{virtualHost}/e/{exchange}/{kind:[qe]}/{destination}")
	Object between(Caller caller, Listing listing, @PathVariable String virtualHost, @PathVariable String exchange,
			@PathVariable String kind, @PathVariable String destination) {
		VirtualHost found = this.resources.virtualHost(caller, virtualHost);
		return list(between(found, exchange, kind, destination), listing);
	}

	private static Stream<BindingView> between(VirtualHost virtualHost, String exchange, String kind,
			String destination) {
		String source = Resources.exchangeName(exchange);
		String type = kind.equals("q") ? BindingView.QUEUE : BindingView.EXCHANGE;
		return BindingView.all(virtualHost).filter((one) -> one.source().equals(source) && one.isTo(type, destination));
	}

	@GetMapping("/api/bindings/{virtualHost}/e/{exchange}/{kind:[qe]}/{destination}/{properties}")
	Map<String, @Nullable Object> binding(Caller caller, Listing listing, @PathVariable String virtualHost,
			@PathVariable String exchange, @PathVariable String kind, @PathVariable String destination,
			@PathVariable String properties) {
		VirtualHost found = this.resources.virtualHost(caller, virtualHost);
		return listing.of(find(found, exchange, kind, destination, properties).toMap());
	}

	private static BindingView find(VirtualHost virtualHost, String exchange, String kind, String destination,
			String properties) {
		return between(virtualHost, exchange, kind, destination).filter((one) -> one.hasPropertiesKey(properties))
			.findFirst()
			.orElseThrow(ApiException::notFound);
	}

	@PostMapping("/api/bindings/{virtualHost}/e/{exchange}/{kind:[qe]}/{destination}")
	ResponseEntity<Void> bind(Caller caller, Body body, @PathVariable String virtualHost, @PathVariable String exchange,
			@PathVariable String kind, @PathVariable String destination) {
		LocalChannel channel = this.resources.channel(caller, virtualHost);
		String source = Resources.exchangeName(exchange);
		String key = body.text("routing_key", "");
		Map<String, @Nullable Object> arguments = body.table("arguments");
		if (kind.equals("q")) {
			channel.bindQueue(destination, source, key, arguments);
		}
		else {
			channel.bindExchange(destination, source, key, arguments);
		}
		// Of the address it was sent to, as RabbitMQ has it.
		URI location = URI.create(BindingView.encode(destination) + "/" + BindingView.propertiesKey(key, arguments));
		return ResponseEntity.created(location).build();
	}

	@DeleteMapping("/api/bindings/{virtualHost}/e/{exchange}/{kind:[qe]}/{destination}/{properties}")
	ResponseEntity<Void> unbind(Caller caller, @PathVariable String virtualHost, @PathVariable String exchange,
			@PathVariable String kind, @PathVariable String destination, @PathVariable String properties) {
		VirtualHost found = this.resources.virtualHost(caller, virtualHost);
		BindingView binding = find(found, exchange, kind, destination, properties);
		LocalChannel channel = this.resources.channel(caller, virtualHost);
		if (kind.equals("q")) {
			channel.unbindQueue(destination, binding.source(), binding.key(), binding.arguments());
		}
		else {
			channel.unbindExchange(destination, binding.source(), binding.key(), binding.arguments());
		}
		return ResponseEntity.noContent().build();
	}

}
