package dev.warren.broker.management;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.warren.broker.Administration;
import dev.warren.broker.rabbitmq.definitions.DefinitionFormat;
import dev.warren.broker.rabbitmq.definitions.Definitions;
import dev.warren.broker.rabbitmq.definitions.PasswordHash;
import dev.warren.broker.rabbitmq.definitions.Permission;
import dev.warren.broker.rabbitmq.definitions.TopicPermission;
import dev.warren.broker.rabbitmq.definitions.User;
import org.jspecify.annotations.Nullable;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Users and their limits.
 */
@RestController
@For(Tag.ADMINISTRATOR)
final class UserController {

	private static final List<String> LIMITS = List.of("max-connections", "max-channels");

	private final Administration broker;

	private final Connections connections;

	UserController(Administration broker, Connections connections) {
		this.broker = broker;
		this.connections = connections;
	}

	@GetMapping("/api/users")
	Object users(Caller caller, Listing listing) {
		return listing.of(caller.definitions().users().all(), User::name, User::toMap);
	}

	@GetMapping("/api/users/without-permissions")
	Object usersWithoutPermissions(Caller caller, Listing listing) {
		List<String> permitted = caller.definitions().permissions().all().stream().map(Permission::user).toList();
		return listing.of(caller.definitions().users().where((one) -> !permitted.contains(one.name())), User::name,
				User::toMap);
	}

	@GetMapping("/api/users/{user}")
	Map<String, @Nullable Object> user(Caller caller, Listing listing, @PathVariable String user) {
		return listing.of(find(caller, user).toMap());
	}

	private static User find(Caller caller, String name) {
		User found = caller.definitions().users().get(name);
		if (found == null) {
			throw ApiException.notFound();
		}
		return found;
	}

	@PutMapping("/api/users/{user}")
	ResponseEntity<Void> put(Caller caller, Body body, @PathVariable String user) {
		if (!body.has("tags")) {
			throw ApiException.badRequest("tags_not_present");
		}
		PasswordHash password = password(body);
		List<String> tags = DefinitionFormat.texts(body.json().path("tags"));
		this.broker.definitions().change((before) -> before.withUsers((table) -> {
			User known = table.get(user);
			return table.with(new User(user, password, tags, (known != null) ? known.limits() : Map.of()));
		}));
		return Resources.put(caller.definitions().users().get(user) == null);
	}

	private static @Nullable PasswordHash password(Body body) {
		if (body.has("password") && body.has("password_hash")) {
			throw ApiException.badRequest("both_password_and_password_hash_are_provided");
		}
		String password = body.text("password", "");
		if (!password.isEmpty()) {
			return PasswordHash.of(password);
		}
		String hash = body.text("password_hash", "");
		if (hash.isEmpty()) {
			return null;
		}
		try {
			return new PasswordHash(
					PasswordHash.Algorithm.of(body.text("hashing_algorithm", PasswordHash.Algorithm.SHA_256.id())),
					hash);
		}
		catch (IllegalArgumentException ex) {
			throw ApiException.badRequest(String.valueOf(ex.getMessage()));
		}
	}

	@DeleteMapping("/api/users/{user}")
	ResponseEntity<Void> delete(Caller caller, @PathVariable String user) {
		String name = find(caller, user).name();
		delete(List.of(name));
		return ResponseEntity.noContent().build();
	}

	@PostMapping("/api/users/bulk-delete")
	ResponseEntity<Void> delete(Body body) {
		body.require("users");
		List<String> names = new ArrayList<>();
		body.json().path("users").forEach((one) -> names.add(one.asString()));
		delete(names);
		return ResponseEntity.noContent().build();
	}

	/**
	 * Whoever is deleted is connected no longer.
	 */
	private void delete(List<String> names) {
		this.broker.definitions().change((before) -> {
			Definitions changed = before;
			for (String name : names) {
				changed = changed.withoutUser(name);
			}
			return changed;
		});
		names.forEach((name) -> this.connections.close((one) -> one.user().equals(name),
				"user '%s' was deleted".formatted(name)));
	}

	@GetMapping("/api/users/{user}/permissions")
	Object permissions(Caller caller, Listing listing, @PathVariable String user) {
		String name = find(caller, user).name();
		return listing.of(caller.definitions().permissions().where((one) -> one.user().equals(name)),
				Permission::virtualHost, Permission::toMap);
	}

	@GetMapping("/api/users/{user}/topic-permissions")
	Object topicPermissions(Caller caller, Listing listing, @PathVariable String user) {
		String name = find(caller, user).name();
		return listing.of(caller.definitions().topicPermissions().where((one) -> one.user().equals(name)),
				TopicPermission::virtualHost, TopicPermission::toMap);
	}

	@GetMapping("/api/auth/hash_password/{password}")
	Map<String, Object> hash(@PathVariable String password) {
		return Map.of("ok", PasswordHash.of(password).text());
	}

	// Limits

	@GetMapping("/api/user-limits")
	Object limits(Caller caller, Listing listing) {
		return listing.of(caller.definitions().users().where((one) -> !one.limits().isEmpty()), User::name,
				UserController::limits);
	}

	@GetMapping("/api/user-limits/{user}")
	Object limits(Caller caller, Listing listing, @PathVariable String user) {
		User found = find(caller, user);
		return listing.of(found.limits().isEmpty() ? List.of() : List.of(found), User::name, UserController::limits);
	}

	private static Map<String, @Nullable Object> limits(User user) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("user", user.name());
		map.put("value", user.limits());
		return map;
	}

	@PutMapping("/api/user-limits/{user}/{limit}")
	ResponseEntity<Void> limit(Caller caller, Body body, @PathVariable String user, @PathVariable String limit) {
		if (caller.definitions().users().get(user) == null) {
			throw ApiException.badRequest("no_such_user: " + user);
		}
		body.require("value");
		if (!LIMITS.contains(limit)) {
			throw ApiException.badRequest("Unrecognised terms '%s' in user-limits".formatted(limit));
		}
		int most = body.integer("value");
		changeLimits(user, (limits) -> limits.put(limit, most));
		return ResponseEntity.noContent().build();
	}

	@DeleteMapping("/api/user-limits/{user}/{limit}")
	ResponseEntity<Void> unlimit(Caller caller, @PathVariable String user, @PathVariable String limit) {
		changeLimits(find(caller, user).name(), (limits) -> limits.remove(limit));
		return ResponseEntity.noContent().build();
	}

	private void changeLimits(String user, Consumer<Map<String, Integer>> change) {
		this.broker.definitions().change((before) -> before.withUsers((table) -> {
			User known = table.get(user);
			if (known == null) {
				return table;
			}
			Map<String, Integer> limits = new LinkedHashMap<>(known.limits());
			change.accept(limits);
			return table.with(known.withLimits(limits));
		}));
	}

}
