package dev.warren.broker.management;

import java.util.Map;
import java.util.regex.PatternSyntaxException;

import dev.warren.broker.Administration;
import dev.warren.broker.rabbitmq.access.Permissions;
import dev.warren.broker.rabbitmq.definitions.Permission;
import dev.warren.broker.rabbitmq.definitions.TopicPermission;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import org.jspecify.annotations.Nullable;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What users may do.
 */
@RestController
@For(Tag.ADMINISTRATOR)
final class PermissionController {

	private final Administration broker;

	PermissionController(Administration broker) {
		this.broker = broker;
	}

	@GetMapping("/api/permissions")
	Object permissions(Caller caller, Listing listing) {
		return listing.of(caller.definitions().permissions().all(), Permission::user, Permission::toMap);
	}

	@GetMapping("/api/permissions/{virtualHost}/{user}")
	Map<String, @Nullable Object> permission(Caller caller, Listing listing, @PathVariable String virtualHost,
			@PathVariable String user) {
		return listing.of(find(caller, virtualHost, user).toMap());
	}

	private static Permission find(Caller caller, String virtualHost, String user) {
		Permission found = caller.definitions().permissions().get(virtualHost, user);
		if (found == null) {
			throw ApiException.notFound();
		}
		return found;
	}

	@PutMapping("/api/permissions/{virtualHost}/{user}")
	ResponseEntity<Void> put(Caller caller, Body body, @PathVariable String virtualHost, @PathVariable String user) {
		checkThere(caller, virtualHost, user);
		body.require("configure", "write", "read");
		Permission permission = new Permission(virtualHost, user, expression(body, "configure"),
				expression(body, "write"), expression(body, "read"));
		this.broker.definitions().change((before) -> before.withPermissions((table) -> table.with(permission)));
		return Resources.put(caller.definitions().permissions().get(virtualHost, user) == null);
	}

	private static void checkThere(Caller caller, String virtualHost, String user) {
		if (caller.definitions().virtualHosts().get(virtualHost) == null
				|| caller.definitions().users().get(user) == null) {
			throw ApiException.badRequest("vhost_or_user_not_found");
		}
	}

	private static String expression(Body body, String field) {
		String expression = body.text(field, "");
		try {
			Permissions.check(expression, "user", "vhost");
			return expression;
		}
		catch (PatternSyntaxException ex) {
			throw ApiException.badRequest("'%s' is not a regular expression: %s".formatted(field, ex.getDescription()));
		}
	}

	@DeleteMapping("/api/permissions/{virtualHost}/{user}")
	ResponseEntity<Void> delete(Caller caller, @PathVariable String virtualHost, @PathVariable String user) {
		find(caller, virtualHost, user);
		this.broker.definitions()
			.change((before) -> before.withPermissions((table) -> table.without(virtualHost, user)));
		return ResponseEntity.noContent().build();
	}

	@GetMapping("/api/topic-permissions")
	Object topicPermissions(Caller caller, Listing listing) {
		return listing.of(caller.definitions().topicPermissions().all(), TopicPermission::user, TopicPermission::toMap);
	}

	@GetMapping("/api/topic-permissions/{virtualHost}/{user}")
	Object topicPermissions(Caller caller, Listing listing, @PathVariable String virtualHost,
			@PathVariable String user) {
		var found = caller.definitions()
			.topicPermissions()
			.where((one) -> one.virtualHost().equals(virtualHost) && one.user().equals(user));
		if (found.isEmpty()) {
			throw ApiException.notFound();
		}
		return listing.of(found, TopicPermission::exchange, TopicPermission::toMap);
	}

	@PutMapping("/api/topic-permissions/{virtualHost}/{user}")
	ResponseEntity<Void> putTopic(Caller caller, Body body, @PathVariable String virtualHost,
			@PathVariable String user) {
		checkThere(caller, virtualHost, user);
		body.require("exchange", "write", "read");
		String exchange = body.text("exchange", "");
		VirtualHost running = this.broker.virtualHost(virtualHost);
		if (running != null && running.exchanges().exchange(exchange) == null) {
			throw ApiException.badRequest("no_such_exchange: " + exchange);
		}
		TopicPermission permission = new TopicPermission(virtualHost, user, exchange, expression(body, "write"),
				expression(body, "read"));
		this.broker.definitions().change((before) -> before.withTopicPermissions((table) -> table.with(permission)));
		return Resources
			.put(caller.definitions().topicPermissions().get(virtualHost, user, permission.exchange()) == null);
	}

	@DeleteMapping({ "/api/topic-permissions/{virtualHost}/{user}",
			"/api/topic-permissions/{virtualHost}/{user}/{exchange}" })
	ResponseEntity<Void> deleteTopic(Caller caller, @PathVariable String virtualHost, @PathVariable String user,
			@PathVariable(required = false) @Nullable String exchange) {
		topicPermissions(caller, new Listing((name) -> null), virtualHost, user);
		this.broker.definitions()
			.change((before) -> before
				.withTopicPermissions((table) -> table.without((one) -> one.virtualHost().equals(virtualHost)
						&& one.user().equals(user) && (exchange == null || one.exchange().equals(exchange)))));
		return ResponseEntity.noContent().build();
	}

}
