package dev.warren.broker.management;

import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.warren.broker.Administration;
import dev.warren.broker.definitions.DefinitionExport;
import dev.warren.broker.definitions.VirtualHostLimits;
import dev.warren.broker.rabbitmq.definitions.Definitions;
import dev.warren.broker.rabbitmq.definitions.GlobalParameter;
import dev.warren.broker.rabbitmq.definitions.Parameter;
import org.jspecify.annotations.Nullable;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Parameters of virtual hosts and of the broker. The only component that takes any is
 * that of the virtual hosts' limits; those of RabbitMQ's plugins are not there.
 */
@RestController
@For(Tag.POLICYMAKER)
final class ParameterController {

	private final Administration broker;

	ParameterController(Administration broker) {
		this.broker = broker;
	}

	@GetMapping("/api/parameters")
	Object parameters(Caller caller, Listing listing) {
		return list(caller, listing, (one) -> caller.mayLookInto(one.virtualHost()));
	}

	@GetMapping("/api/parameters/{component}")
	Object parameters(Caller caller, Listing listing, @PathVariable String component) {
		return list(caller, listing,
				(one) -> one.component().equals(component) && caller.mayLookInto(one.virtualHost()));
	}

	@GetMapping("/api/parameters/{component}/{virtualHost}")
	Object parameters(Caller caller, Listing listing, @PathVariable String component,
			@PathVariable String virtualHost) {
		caller.checkMayManage(virtualHost);
		return list(caller, listing,
				(one) -> one.component().equals(component) && one.virtualHost().equals(virtualHost));
	}

	private static Object list(Caller caller, Listing listing, Predicate<Parameter> wanted) {
		return listing.of(all(caller.definitions()).filter(wanted).toList(), Parameter::name, Parameter::toMap);
	}

	private static Stream<Parameter> all(Definitions definitions) {
		return Stream.concat(definitions.parameters().all().stream(),
				definitions.operatorPolicies().all().stream().map(DefinitionExport::parameter));
	}

	@GetMapping("/api/parameters/{component}/{virtualHost}/{name}")
	Map<String, @Nullable Object> parameter(Caller caller, Listing listing, @PathVariable String component,
			@PathVariable String virtualHost, @PathVariable String name) {
		caller.checkMayManage(virtualHost);
		return listing.of(all(caller.definitions())
			.filter((one) -> one.key().equals(new Parameter(virtualHost, component, name, "").key()))
			.findFirst()
			.orElseThrow(ApiException::notFound)
			.toMap());
	}

	@PutMapping("/api/parameters/{component}/{virtualHost}/{name}")
	ResponseEntity<Void> put(Caller caller, Body body, @PathVariable String component, @PathVariable String virtualHost,
			@PathVariable String name) {
		caller.checkMaySet(virtualHost);
		body.require("value");
		if (component.equals("policy") || component.equals("operator_policy")) {
			throw ApiException.badRequest("policies may not be set using this method");
		}
		if (!component.equals(Definitions.VIRTUAL_HOST_LIMITS)) {
			throw ApiException.badRequest("Validation failed\n\ncomponent " + component + " not found\n");
		}
		Parameter limits = limits(virtualHost, name, body);
		this.broker.definitions().change((before) -> before.withParameters((table) -> table.with(limits)));
		return Resources.put(caller.definitions().parameters().get(virtualHost, component, name) == null);
	}

	private static Parameter limits(String virtualHost, String name, Body body) {
		try {
			Parameter limits = VirtualHostLimits.read(virtualHost, body.json().path("value"));
			return new Parameter(virtualHost, limits.component(), name, limits.value());
		}
		catch (IllegalArgumentException ex) {
			throw ApiException.badRequest(String.valueOf(ex.getMessage()));
		}
	}

	@DeleteMapping("/api/parameters/{component}/{virtualHost}/{name}")
	ResponseEntity<Void> delete(Caller caller, @PathVariable String component, @PathVariable String virtualHost,
			@PathVariable String name) {
		caller.checkMayManage(virtualHost);
		if (caller.definitions().parameters().get(virtualHost, component, name) == null) {
			throw ApiException.notFound();
		}
		return change((before) -> before.withParameters((table) -> table.without(virtualHost, component, name)));
	}

	private ResponseEntity<Void> change(UnaryOperator<Definitions> change) {
		this.broker.definitions().change(change);
		return ResponseEntity.noContent().build();
	}

	@GetMapping("/api/global-parameters")
	Object globalParameters(Caller caller, Listing listing) {
		return listing.of(caller.definitions().globalParameters().all(), GlobalParameter::name, GlobalParameter::toMap);
	}

	@GetMapping("/api/global-parameters/{name}")
	Map<String, @Nullable Object> globalParameter(Caller caller, Listing listing, @PathVariable String name) {
		return listing.of(find(caller, name).toMap());
	}

	private static GlobalParameter find(Caller caller, String name) {
		GlobalParameter found = caller.definitions().globalParameters().get(name);
		if (found == null) {
			throw ApiException.notFound();
		}
		return found;
	}

	@PutMapping("/api/global-parameters/{name}")
	ResponseEntity<Void> putGlobal(Caller caller, Body body, @PathVariable String name) {
		body.require("value");
		Object value = body.values().get("value");
		if (value == null) {
			throw ApiException.badRequest("'value' is null");
		}
		GlobalParameter parameter = new GlobalParameter(name, value);
		this.broker.definitions().change((before) -> before.withGlobalParameters((table) -> table.with(parameter)));
		return Resources.put(caller.definitions().globalParameters().get(name) == null);
	}

	@DeleteMapping("/api/global-parameters/{name}")
	ResponseEntity<Void> deleteGlobal(Caller caller, @PathVariable String name) {
		find(caller, name);
		return change((before) -> before.withGlobalParameters((table) -> table.without(name)));
	}

}
