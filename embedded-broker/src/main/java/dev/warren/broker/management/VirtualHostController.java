package dev.warren.broker.management;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

import dev.warren.broker.Administration;
import dev.warren.broker.BrokerStartException;
import dev.warren.broker.definitions.VirtualHostLimits;
import dev.warren.broker.rabbitmq.definitions.DefinitionFormat;
import dev.warren.broker.rabbitmq.definitions.Definitions;
import dev.warren.broker.rabbitmq.definitions.Parameter;
import dev.warren.broker.rabbitmq.definitions.Permission;
import dev.warren.broker.rabbitmq.definitions.TopicPermission;
import dev.warren.broker.rabbitmq.definitions.VirtualHostDefinition;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import org.jspecify.annotations.Nullable;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Virtual hosts and their limits.
 */
@RestController
final class VirtualHostController {

	private final Administration broker;

	private final Totals totals;

	private final Connections connections;

	VirtualHostController(Administration broker, Totals totals, Connections connections) {
		this.connections = connections;
		this.broker = broker;
		this.totals = totals;
	}

	@GetMapping("/api/vhosts")
	Object virtualHosts(Caller caller, Listing listing) {
		List<VirtualHostDefinition> visible = caller.definitions()
			.virtualHosts()
			.where((one) -> caller.maySee(one.name()));
		return listing.of(visible, VirtualHostDefinition::name, (one) -> toMap(one, listing));
	}

	@GetMapping("/api/vhosts/{virtualHost}")
	@For(Tag.ADMINISTRATOR)
	Map<String, @Nullable Object> virtualHost(Caller caller, Listing listing, @PathVariable String virtualHost) {
		return listing.of(toMap(find(caller, virtualHost), listing));
	}

	private static VirtualHostDefinition find(Caller caller, String name) {
		VirtualHostDefinition found = caller.definitions().virtualHosts().get(name);
		if (found == null) {
			throw ApiException.notFound();
		}
		return found;
	}

	private Map<String, @Nullable Object> toMap(VirtualHostDefinition definition, Listing listing) {
		Map<String, @Nullable Object> metadata = definition.toMap();
		metadata.remove("name");
		Map<String, @Nullable Object> map = definition.toMap();
		// What counts where nothing was said.
		metadata.putIfAbsent("default_queue_type", "classic");
		map.putIfAbsent("default_queue_type", "classic");
		map.put("metadata", metadata);
		map.put("tracing", false);
		VirtualHost running = this.broker.virtualHost(definition.name());
		map.put("cluster_state", Map.of(OverviewController.NODE, (running != null) ? "running" : "stopped"));
		if (running != null) {
			this.totals.put(map, running, listing);
		}
		return map;
	}

	@PutMapping("/api/vhosts/{virtualHost}")
	@For(Tag.ADMINISTRATOR)
	ResponseEntity<Void> put(Caller caller, Body body, @PathVariable String virtualHost) {
		VirtualHostDefinition before = caller.definitions().virtualHosts().get(virtualHost);
		VirtualHostDefinition wanted = new VirtualHostDefinition(virtualHost,
				body.text("description", (before != null) ? before.description() : ""),
				body.has("tags") ? DefinitionFormat.texts(body.json().path("tags"))
						: (before != null) ? before.tags() : List.of(),
				body.has("default_queue_type") ? queueType(body.text("default_queue_type", ""))
						: (before != null) ? before.defaultQueueType() : null,
				before != null && before.isProtected());
		try {
			if (this.broker.addVirtualHost(wanted, caller.owner() ? List.of() : List.of(caller.name()))) {
				return Resources.put(true);
			}
		}
		catch (BrokerStartException ex) {
			throw ApiException.badRequest(String.valueOf(ex.getMessage()));
		}
		change(virtualHost, (known) -> wanted.withProtection(known.isProtected()));
		return Resources.put(false);
	}

	private static String queueType(String type) {
		if (!List.of("classic", "quorum", "stream").contains(type)) {
			throw ApiException.badRequest(type + " is not a valid queue type");
		}
		return type;
	}

	@DeleteMapping("/api/vhosts/{virtualHost}")
	@For(Tag.ADMINISTRATOR)
	ResponseEntity<Void> delete(Caller caller, @PathVariable String virtualHost) {
		VirtualHostDefinition found = find(caller, virtualHost);
		if (found.isProtected()) {
			throw ApiException
				.preconditionFailed("Refusing to delete virtual host '%s' because it is protected from deletion"
					.formatted(virtualHost));
		}
		this.connections.close((one) -> one.virtualHost().equals(found.name()),
				"vhost '%s' is deleted".formatted(found.name()));
		this.broker.deleteVirtualHost(found.name());
		return ResponseEntity.noContent().build();
	}

	@PostMapping("/api/vhosts/{virtualHost}/deletion/protection")
	@For(Tag.ADMINISTRATOR)
	ResponseEntity<Void> protect(Caller caller, @PathVariable String virtualHost) {
		return protect(find(caller, virtualHost), true);
	}

	@DeleteMapping("/api/vhosts/{virtualHost}/deletion/protection")
	@For(Tag.ADMINISTRATOR)
	ResponseEntity<Void> unprotect(Caller caller, @PathVariable String virtualHost) {
		return protect(find(caller, virtualHost), false);
	}

	private ResponseEntity<Void> protect(VirtualHostDefinition found, boolean isProtected) {
		change(found.name(), (known) -> known.withProtection(isProtected));
		return ResponseEntity.noContent().build();
	}

	/**
	 * Changes the definition of a virtual host, unless it was deleted meanwhile.
	 */
	private void change(String name, UnaryOperator<VirtualHostDefinition> change) {
		this.broker.definitions().change((now) -> now.withVirtualHosts((table) -> {
			VirtualHostDefinition known = table.get(name);
			return (known != null) ? table.with(change.apply(known)) : table;
		}));
	}

	@GetMapping("/api/vhosts/{virtualHost}/permissions")
	@For(Tag.ADMINISTRATOR)
	Object permissions(Caller caller, Listing listing, @PathVariable String virtualHost) {
		String name = find(caller, virtualHost).name();
		return listing.of(caller.definitions().permissions().where((one) -> one.virtualHost().equals(name)),
				Permission::user, Permission::toMap);
	}

	@GetMapping("/api/vhosts/{virtualHost}/topic-permissions")
	@For(Tag.ADMINISTRATOR)
	Object topicPermissions(Caller caller, Listing listing, @PathVariable String virtualHost) {
		String name = find(caller, virtualHost).name();
		return listing.of(caller.definitions().topicPermissions().where((one) -> one.virtualHost().equals(name)),
				TopicPermission::user, TopicPermission::toMap);
	}

	// Limits

	@GetMapping("/api/vhost-limits")
	Object limits(Caller caller, Listing listing) {
		return limits(caller, listing, caller::maySee);
	}

	@GetMapping("/api/vhost-limits/{virtualHost}")
	Object limits(Caller caller, Listing listing, @PathVariable String virtualHost) {
		String name = find(caller, virtualHost).name();
		if (!caller.maySee(name)) {
			throw ApiException.notAuthorised("User not authorised to access virtual host");
		}
		return limits(caller, listing, name::equals);
	}

	private static Object limits(Caller caller, Listing listing, Predicate<String> virtualHosts) {
		return listing.of(
				caller.definitions().parameters().where((one) -> isLimits(one) && virtualHosts.test(one.virtualHost())),
				Parameter::virtualHost, VirtualHostController::limits);
	}

	private static boolean isLimits(Parameter parameter) {
		return parameter.component().equals(Definitions.VIRTUAL_HOST_LIMITS);
	}

	private static Map<String, @Nullable Object> limits(Parameter parameter) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("value", parameter.value());
		map.put("vhost", parameter.virtualHost());
		return map;
	}

	@PutMapping("/api/vhost-limits/{virtualHost}/{limit}")
	@For(Tag.ADMINISTRATOR)
	ResponseEntity<Void> limit(Caller caller, Body body, @PathVariable String virtualHost, @PathVariable String limit) {
		if (caller.definitions().virtualHosts().get(virtualHost) == null) {
			throw ApiException.notFound("vhost_not_found");
		}
		body.require("value");
		if (!VirtualHostLimits.NAMES.contains(limit)) {
			throw ApiException.badRequest("Validation failed\n\nUnrecognised terms '%s' in limits\n".formatted(limit));
		}
		int most = body.integer("value");
		changeLimits(virtualHost, (limits) -> limits.put(limit, most));
		return ResponseEntity.noContent().build();
	}

	@DeleteMapping("/api/vhost-limits/{virtualHost}/{limit}")
	@For(Tag.ADMINISTRATOR)
	ResponseEntity<Void> unlimit(Caller caller, @PathVariable String virtualHost, @PathVariable String limit) {
		changeLimits(find(caller, virtualHost).name(), (limits) -> limits.remove(limit));
		return ResponseEntity.noContent().build();
	}

	private void changeLimits(String virtualHost, Consumer<Map<Object, Object>> change) {
		this.broker.definitions().change((before) -> before.withParameters((table) -> {
			Parameter known = before.limits(virtualHost);
			Map<Object, Object> limits = (known != null && known.value() instanceof Map<?, ?> map)
					? new LinkedHashMap<>(map) : new LinkedHashMap<>();
			change.accept(limits);
			return limits.isEmpty() ? table.without((one) -> one == known)
					: table.with(Definitions.limits(virtualHost, Map.copyOf(limits)));
		}));
	}

}
