package dev.warren.broker.management;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

import dev.warren.broker.Administration;
import dev.warren.broker.rabbitmq.definitions.Definitions;
import dev.warren.broker.rabbitmq.definitions.Policy;
import dev.warren.broker.rabbitmq.definitions.Table;
import dev.warren.broker.rabbitmq.policy.PolicyReader;
import org.jspecify.annotations.Nullable;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Policies, and those of operators.
 */
@RestController
final class PolicyController {

	private final Administration broker;

	PolicyController(Administration broker) {
		this.broker = broker;
	}

	@GetMapping("/api/policies")
	Object policies(Caller caller, Listing listing) {
		return visible(caller, listing, Kind.USERS);
	}

	@GetMapping("/api/policies/{virtualHost}")
	Object policies(Caller caller, Listing listing, @PathVariable String virtualHost) {
		return list(caller, listing, Kind.USERS, virtualHost);
	}

	@GetMapping("/api/policies/{virtualHost}/{name}")
	@For(Tag.POLICYMAKER)
	Map<String, @Nullable Object> policy(Caller caller, Listing listing, @PathVariable String virtualHost,
			@PathVariable String name) {
		return listing.of(find(caller, Kind.USERS, virtualHost, name).toMap());
	}

	@PutMapping("/api/policies/{virtualHost}/{name}")
	@For(Tag.POLICYMAKER)
	ResponseEntity<Void> put(Caller caller, Body body, @PathVariable String virtualHost, @PathVariable String name) {
		return put(caller, body, Kind.USERS, virtualHost, name);
	}

	@DeleteMapping("/api/policies/{virtualHost}/{name}")
	@For(Tag.POLICYMAKER)
	ResponseEntity<Void> delete(Caller caller, @PathVariable String virtualHost, @PathVariable String name) {
		return delete(caller, Kind.USERS, virtualHost, name);
	}

	@GetMapping("/api/operator-policies")
	Object operatorPolicies(Caller caller, Listing listing) {
		return visible(caller, listing, Kind.OPERATORS);
	}

	@GetMapping("/api/operator-policies/{virtualHost}")
	Object operatorPolicies(Caller caller, Listing listing, @PathVariable String virtualHost) {
		return list(caller, listing, Kind.OPERATORS, virtualHost);
	}

	@GetMapping("/api/operator-policies/{virtualHost}/{name}")
	@For(Tag.ADMINISTRATOR)
	Map<String, @Nullable Object> operatorPolicy(Caller caller, Listing listing, @PathVariable String virtualHost,
			@PathVariable String name) {
		return listing.of(find(caller, Kind.OPERATORS, virtualHost, name).toMap());
	}

	@PutMapping("/api/operator-policies/{virtualHost}/{name}")
	@For(Tag.ADMINISTRATOR)
	ResponseEntity<Void> putOperators(Caller caller, Body body, @PathVariable String virtualHost,
			@PathVariable String name) {
		return put(caller, body, Kind.OPERATORS, virtualHost, name);
	}

	@DeleteMapping("/api/operator-policies/{virtualHost}/{name}")
	@For(Tag.ADMINISTRATOR)
	ResponseEntity<Void> deleteOperators(Caller caller, @PathVariable String virtualHost, @PathVariable String name) {
		return delete(caller, Kind.OPERATORS, virtualHost, name);
	}

	private static Object visible(Caller caller, Listing listing, Kind kind) {
		return list(caller, listing, kind, (one) -> caller.mayLookInto(one.virtualHost()));
	}

	private static Object list(Caller caller, Listing listing, Kind kind, String virtualHost) {
		caller.checkMayManage(virtualHost);
		return list(caller, listing, kind, (one) -> one.virtualHost().equals(virtualHost));
	}

	private static Object list(Caller caller, Listing listing, Kind kind, Predicate<Policy> wanted) {
		List<Policy> sorted = kind.of(caller)
			.where(wanted)
			.stream()
			.sorted(Comparator.comparingInt(Policy::priority))
			.toList();
		return listing.of(sorted, Policy::name, Policy::toMap);
	}

	private static Policy find(Caller caller, Kind kind, String virtualHost, String name) {
		caller.checkMayManage(virtualHost);
		Policy found = kind.of(caller).get(virtualHost, name);
		if (found == null) {
			throw ApiException.notFound();
		}
		return found;
	}

	private ResponseEntity<Void> put(Caller caller, Body body, Kind kind, String virtualHost, String name) {
		caller.checkMaySet(virtualHost);
		Policy policy = read(body, kind, virtualHost, name);
		change(kind, (table) -> table.with(policy));
		return Resources.put(kind.of(caller).get(virtualHost, name) == null);
	}

	private Policy read(Body body, Kind kind, String virtualHost, String name) {
		body.require("pattern", "definition");
		try {
			return PolicyReader.read(virtualHost, name, body.values(), kind == Kind.OPERATORS, this.broker.dialect());
		}
		catch (IllegalArgumentException ex) {
			throw ApiException.badRequest(String.valueOf(ex.getMessage()));
		}
	}

	private ResponseEntity<Void> delete(Caller caller, Kind kind, String virtualHost, String name) {
		find(caller, kind, virtualHost, name);
		change(kind, (table) -> table.without(virtualHost, name));
		return ResponseEntity.noContent().build();
	}

	private void change(Kind kind, UnaryOperator<Table<Policy>> change) {
		this.broker.definitions().change((before) -> kind.with.apply(before, change));
	}

	/** Whose policies. */
	private enum Kind {

		USERS(Definitions::policies, Definitions::withPolicies),

		OPERATORS(Definitions::operatorPolicies, Definitions::withOperatorPolicies);

		private final Function<Definitions, Table<Policy>> policies;

		private final BiFunction<Definitions, UnaryOperator<Table<Policy>>, Definitions> with;

		Kind(Function<Definitions, Table<Policy>> policies,
				BiFunction<Definitions, UnaryOperator<Table<Policy>>, Definitions> with) {
			this.policies = policies;
			this.with = with;
		}

		Table<Policy> of(Caller caller) {
			return this.policies.apply(caller.definitions());
		}

	}

}
