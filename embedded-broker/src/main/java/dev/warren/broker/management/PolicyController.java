package dev.warren.broker.management;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
		return visible(caller, listing, caller.definitions().policies());
	}

	@GetMapping("/api/policies/{virtualHost}")
	Object policies(Caller caller, Listing listing, @PathVariable String virtualHost) {
		return list(caller, listing, caller.definitions().policies(), virtualHost);
	}

	@GetMapping("/api/policies/{virtualHost}/{name}")
	@For(Tag.POLICYMAKER)
	Map<String, @Nullable Object> policy(Caller caller, Listing listing, @PathVariable String virtualHost,
			@PathVariable String name) {
		return listing.of(find(caller, caller.definitions().policies(), virtualHost, name).toMap());
	}

	@PutMapping("/api/policies/{virtualHost}/{name}")
	@For(Tag.POLICYMAKER)
	ResponseEntity<Void> put(Caller caller, Body body, @PathVariable String virtualHost, @PathVariable String name) {
		caller.checkMaySet(virtualHost);
		Policy policy = read(body, virtualHost, name, false);
		this.broker.definitions().change((before) -> before.withPolicies((table) -> table.with(policy)));
		return Resources.put(caller.definitions().policies().get(virtualHost, name) == null);
	}

	@DeleteMapping("/api/policies/{virtualHost}/{name}")
	@For(Tag.POLICYMAKER)
	ResponseEntity<Void> delete(Caller caller, @PathVariable String virtualHost, @PathVariable String name) {
		find(caller, caller.definitions().policies(), virtualHost, name);
		return change((before) -> before.withPolicies((table) -> table.without(virtualHost, name)));
	}

	@GetMapping("/api/operator-policies")
	Object operatorPolicies(Caller caller, Listing listing) {
		return visible(caller, listing, caller.definitions().operatorPolicies());
	}

	@GetMapping("/api/operator-policies/{virtualHost}")
	Object operatorPolicies(Caller caller, Listing listing, @PathVariable String virtualHost) {
		return list(caller, listing, caller.definitions().operatorPolicies(), virtualHost);
	}

	@GetMapping("/api/operator-policies/{virtualHost}/{name}")
	@For(Tag.ADMINISTRATOR)
	Map<String, @Nullable Object> operatorPolicy(Caller caller, Listing listing, @PathVariable String virtualHost,
			@PathVariable String name) {
		return listing.of(find(caller, caller.definitions().operatorPolicies(), virtualHost, name).toMap());
	}

	@PutMapping("/api/operator-policies/{virtualHost}/{name}")
	@For(Tag.ADMINISTRATOR)
	ResponseEntity<Void> putOperators(Caller caller, Body body, @PathVariable String virtualHost,
			@PathVariable String name) {
		caller.checkMaySet(virtualHost);
		Policy policy = read(body, virtualHost, name, true);
		this.broker.definitions().change((before) -> before.withOperatorPolicies((table) -> table.with(policy)));
		return Resources.put(caller.definitions().operatorPolicies().get(virtualHost, name) == null);
	}

	@DeleteMapping("/api/operator-policies/{virtualHost}/{name}")
	@For(Tag.ADMINISTRATOR)
	ResponseEntity<Void> deleteOperators(Caller caller, @PathVariable String virtualHost, @PathVariable String name) {
		find(caller, caller.definitions().operatorPolicies(), virtualHost, name);
		return change((before) -> before.withOperatorPolicies((table) -> table.without(virtualHost, name)));
	}

	private static Object visible(Caller caller, Listing listing, Table<Policy> policies) {
		return list(listing, policies.without((one) -> !caller.mayManage(one.virtualHost())));
	}

	private static Object list(Caller caller, Listing listing, Table<Policy> policies, String virtualHost) {
		caller.checkMayManage(virtualHost);
		return list(listing, policies.without((one) -> !one.virtualHost().equals(virtualHost)));
	}

	private static Object list(Listing listing, Table<Policy> policies) {
		List<Policy> sorted = policies.all().stream().sorted(Comparator.comparingInt(Policy::priority)).toList();
		return listing.of(sorted, Policy::name, Policy::toMap);
	}

	private static Policy find(Caller caller, Table<Policy> policies, String virtualHost, String name) {
		caller.checkMayManage(virtualHost);
		Policy found = policies.get(virtualHost, name);
		if (found == null) {
			throw ApiException.notFound();
		}
		return found;
	}

	private ResponseEntity<Void> change(UnaryOperator<Definitions> change) {
		this.broker.definitions().change(change);
		return ResponseEntity.noContent().build();
	}

	private Policy read(Body body, String virtualHost, String name, boolean operator) {
		body.require("pattern", "definition");
		try {
			return PolicyReader.read(virtualHost, name, body.values(), operator, this.broker.dialect());
		}
		catch (IllegalArgumentException ex) {
			throw ApiException.badRequest(String.valueOf(ex.getMessage()));
		}
	}

}
