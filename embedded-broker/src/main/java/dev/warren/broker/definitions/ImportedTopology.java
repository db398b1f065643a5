package dev.warren.broker.definitions;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.warren.broker.Administration;
import dev.warren.broker.rabbitmq.arguments.QueueArguments;
import dev.warren.broker.rabbitmq.definitions.Definitions;
import dev.warren.broker.rabbitmq.definitions.VirtualHostDefinition;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.routing.Binding;
import dev.warren.broker.rabbitmq.routing.Exchange;
import dev.warren.broker.rabbitmq.routing.ExchangeRules;
import dev.warren.broker.rabbitmq.routing.RoutingTarget;
import dev.warren.broker.rabbitmq.store.ExchangeDefinition;
import dev.warren.broker.rabbitmq.store.ExchangeType;
import dev.warren.broker.rabbitmq.store.QueueDefinition;
import dev.warren.broker.rabbitmq.wire.Names;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The exchanges, queues and bindings of an import, read and checked before any of them is
 * declared.
 */
final class ImportedTopology {

	private static final Logger logger = LoggerFactory.getLogger(ImportedTopology.class);

	private static final String EXCHANGE = "exchange";

	private static final String QUEUE = "queue";

	private final Administration broker;

	private final Definitions definitions;

	private final ExchangeRules rules;

	private final Map<Name, ExchangeDefinition> exchanges = new LinkedHashMap<>();

	private final Map<Name, QueueDefinition> queues = new LinkedHashMap<>();

	private final Set<Name> leftOut = new HashSet<>();

	private final List<ImportedBinding> bindings = new ArrayList<>();

	/**
	 * @param definitions those that there will be
	 * @throws IllegalArgumentException if something is not what it has to be
	 * @throws dev.warren.broker.rabbitmq.wire.ProtocolException if something could not be
	 * declared
	 */
	ImportedTopology(Administration broker, Definitions definitions, JsonNode json) {
		this.broker = broker;
		this.definitions = definitions;
		this.rules = new ExchangeRules(broker.dialect());
		json.path("exchanges").forEach(this::exchange);
		json.path("queues").forEach(this::queue);
		json.path("bindings").forEach(this::binding);
	}

	private void exchange(JsonNode json) {
		Name name = name(json, "name");
		ExchangeType type = ExchangeType.of(json.path("type").asString(""));
		if (type == null) {
			throw new IllegalArgumentException(
					"precondition_failed: invalid exchange type '" + json.path("type").asString("") + "'");
		}
		ExchangeDefinition exchange = new ExchangeDefinition(name.name(), type, json.path("durable").asBoolean(true),
				json.path("auto_delete").asBoolean(false), json.path("internal").asBoolean(false),
				AmqpJson.toTable(json.path("arguments")));
		this.rules.check(exchange);
		this.exchanges.put(name, exchange);
	}

	private void queue(JsonNode json) {
		Name name = name(json, "name");
		Map<String, @Nullable Object> arguments = AmqpJson.toTable(json.path("arguments"));
		if (json.path("type").isString() || this.broker.dialect().writesQueueType()) {
			arguments.putIfAbsent(QueueArguments.QUEUE_TYPE, json.path("type").asString(defaultType(name)));
		}
		if ("stream".equals(arguments.get(QueueArguments.QUEUE_TYPE))) {
			logger.warn("The imported {} is left out: the broker has no streams",
					Names.queue(name.name(), name.virtualHost()));
			this.leftOut.add(name);
			return;
		}
		QueueDefinition queue = new QueueDefinition(name.name(), json.path("durable").asBoolean(true), false,
				json.path("auto_delete").asBoolean(false), arguments);
		QueueArguments.of(queue, name.virtualHost(), this.broker.dialect());
		this.queues.put(name, queue);
	}

	private String defaultType(Name name) {
		VirtualHostDefinition virtualHost = this.definitions.virtualHosts().get(name.virtualHost());
		String type = (virtualHost != null) ? virtualHost.defaultQueueType() : null;
		return (type != null) ? type : "classic";
	}

	private void binding(JsonNode json) {
		Name source = name(json, "source");
		Name destination = name(json, "destination");
		String type = json.path("destination_type").asString("");
		if (!type.equals(QUEUE) && !type.equals(EXCHANGE)) {
			throw new IllegalArgumentException("'%s' is not a type of destination".formatted(type));
		}
		if (type.equals(QUEUE) && this.leftOut.contains(destination)) {
			return;
		}
		checkThere(EXCHANGE, source);
		checkThere(type, destination);
		String key = json.path("routing_key").asString("");
		Names.checkLength(key);
		this.bindings.add(new ImportedBinding(source, destination, type.equals(EXCHANGE), key,
				AmqpJson.toTable(json.path("arguments"))));
	}

	private Name name(JsonNode json, String field) {
		JsonNode name = json.path(field);
		JsonNode virtualHost = json.path("vhost");
		if (!name.isString() || !virtualHost.isString()) {
			throw new IllegalArgumentException("'%s' or 'vhost' is missing, or not a text".formatted(field));
		}
		Names.checkLength(name.asString());
		ImportedDefinitions.checkThere(this.definitions, virtualHost.asString());
		return new Name(virtualHost.asString(), name.asString());
	}

	private void checkThere(String kind, Name name) {
		VirtualHost virtualHost = this.broker.virtualHost(name.virtualHost());
		boolean there = kind.equals(QUEUE)
				? this.queues.containsKey(name)
						|| (virtualHost != null && virtualHost.queues().queue(name.name()) != null)
				: this.exchanges.containsKey(name) || name.name().isEmpty()
						|| name.name().startsWith(Names.RESERVED_PREFIX)
						|| (virtualHost != null && virtualHost.exchanges().exchange(name.name()) != null);
		if (!there) {
			throw new IllegalArgumentException("{resources_missing,[{not_found,{resource,<<\"%s\">>,%s,<<\"%s\">>}}]}"
				.formatted(name.virtualHost(), kind, name.name()));
		}
	}

	/**
	 * Declares what is not there, after the virtual hosts were added.
	 */
	void declare() {
		this.exchanges.forEach((name, exchange) -> virtualHost(name).exchanges().declare(exchange));
		this.queues.forEach((name, queue) -> {
			VirtualHost virtualHost = virtualHost(name);
			virtualHost.queues()
				.declare(queue, QueueArguments.of(queue, name.virtualHost(), this.broker.dialect()), null);
		});
		this.bindings.forEach(this::bind);
	}

	private void bind(ImportedBinding imported) {
		VirtualHost virtualHost = virtualHost(imported.source());
		Exchange source = virtualHost.exchanges().exchange(imported.source().name());
		RoutingTarget target = imported.toExchange() ? virtualHost.exchanges().exchange(imported.destination().name())
				: virtualHost.queues().queue(imported.destination().name());
		// Every queue is bound to the default exchange.
		if (source != null && target != null && !source.name().equals(Exchange.DEFAULT)) {
			Binding binding = new Binding(source, target, imported.key(), imported.arguments());
			this.rules.check(binding, target instanceof MessageQueue queue && queue.arguments().quorum());
			virtualHost.exchanges().bind(binding);
		}
	}

	private VirtualHost virtualHost(Name name) {
		return Objects.requireNonNull(this.broker.virtualHost(name.virtualHost()));
	}

	private record Name(String virtualHost, String name) {

	}

	private record ImportedBinding(Name source, Name destination, boolean toExchange, String key,
			Map<String, @Nullable Object> arguments) {

	}

}
