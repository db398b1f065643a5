package dev.warren.broker.definitions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.warren.broker.Administration;
import dev.warren.broker.rabbitmq.definitions.Definition;
import dev.warren.broker.rabbitmq.definitions.Definitions;
import dev.warren.broker.rabbitmq.definitions.Parameter;
import dev.warren.broker.rabbitmq.definitions.Policy;
import dev.warren.broker.rabbitmq.definitions.Table;
import dev.warren.broker.rabbitmq.definitions.VirtualHostDefinition;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.routing.Binding;
import dev.warren.broker.rabbitmq.routing.Exchange;
import dev.warren.broker.rabbitmq.wire.Names;
import org.jspecify.annotations.Nullable;

/**
 * Exports all that is defined, or what is in one virtual host.
 */
public final class DefinitionExport {

	/** The component of the parameters that are operator policies. */
	static final String OPERATOR_POLICY = "operator_policy";

	private static final String VHOST = "vhost";

	private final Administration broker;

	public DefinitionExport(Administration broker) {
		this.broker = broker;
	}

	/**
	 * Everything.
	 * @param name what the broker is called
	 */
	public Map<String, @Nullable Object> all(String name) {
		Definitions definitions = this.broker.definitions().current();
		Map<String, @Nullable Object> map = head("cluster", "Definitions of cluster '" + name + "'");
		map.put("original_cluster_name", name);
		map.put("users", maps(definitions.users()));
		map.put("vhosts",
				definitions.virtualHosts().all().stream().map((one) -> virtualHost(definitions, one)).toList());
		map.put("permissions", maps(definitions.permissions()));
		map.put("topic_permissions", maps(definitions.topicPermissions()));
		map.put("parameters", parameters(definitions, (virtualHost) -> true));
		map.put("global_parameters", maps(definitions.globalParameters()));
		map.put("policies", maps(definitions.policies()));
		topology(map, this.broker.virtualHosts());
		return map;
	}

	/**
	 * What is in a virtual host.
	 */
	public Map<String, @Nullable Object> of(VirtualHostDefinition virtualHost) {
		String name = virtualHost.name();
		Definitions definitions = this.broker.definitions().current();
		Map<String, @Nullable Object> map = head("single_virtual_host", "Definitions of virtual host '" + name + "'");
		map.put("original_vhost_name", name);
		map.put("description", virtualHost.description());
		map.putAll(virtualHost(definitions, virtualHost));
		map.remove("name");
		map.put("parameters", parameters(definitions, name::equals));
		map.put("policies", maps(definitions.policies().without((one) -> !one.virtualHost().equals(name))));
		topology(map, Stream.ofNullable(this.broker.virtualHost(name)).toList());
		map.values().forEach((value) -> {
			if (value instanceof List<?> list) {
				list.forEach((one) -> ((Map<?, ?>) one).remove(VHOST));
			}
		});
		return map;
	}

	private Map<String, @Nullable Object> head(String format, String explanation) {
		String version = this.broker.dialect().version();
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("rabbit_version", version);
		map.put("rabbitmq_version", version);
		map.put("product_name", "RabbitMQ");
		map.put("product_version", version);
		map.put("rabbitmq_definition_format", format);
		map.put("explanation", explanation);
		return map;
	}

	private static List<Map<String, @Nullable Object>> maps(Table<? extends Definition> table) {
		return table.all().stream().<Map<String, @Nullable Object>>map(Definition::toMap).toList();
	}

	private static Map<String, @Nullable Object> virtualHost(Definitions definitions,
			VirtualHostDefinition virtualHost) {
		Parameter limits = definitions.limits(virtualHost.name());
		Map<String, @Nullable Object> metadata = virtualHost.toMap();
		metadata.remove("name");
		metadata.putIfAbsent("default_queue_type", "classic");
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("name", virtualHost.name());
		map.put("metadata", metadata);
		map.put("limits", (limits != null) ? limits.value() : Map.of());
		return map;
	}

	/**
	 * Operator policies are among the parameters.
	 */
	private static List<Map<String, @Nullable Object>> parameters(Definitions definitions,
			Predicate<String> virtualHost) {
		return Stream
			.concat(definitions.parameters().all().stream(),
					definitions.operatorPolicies().all().stream().map(DefinitionExport::parameter))
			.filter((one) -> virtualHost.test(one.virtualHost()))
			.map(Parameter::toMap)
			.toList();
	}

	/**
	 * An operator policy as the parameter that it is to RabbitMQ.
	 */
	public static Parameter parameter(Policy operatorPolicy) {
		Map<String, Object> value = new LinkedHashMap<>();
		value.put("pattern", operatorPolicy.pattern());
		value.put("definition", operatorPolicy.definition());
		value.put("priority", operatorPolicy.priority());
		value.put("apply-to", operatorPolicy.applyTo());
		return new Parameter(operatorPolicy.virtualHost(), OPERATOR_POLICY, operatorPolicy.name(), value);
	}

	private static void topology(Map<String, @Nullable Object> map, List<VirtualHost> virtualHosts) {
		List<Map<String, @Nullable Object>> exchanges = new ArrayList<>();
		List<Map<String, @Nullable Object>> queues = new ArrayList<>();
		List<Map<String, @Nullable Object>> bindings = new ArrayList<>();
		for (VirtualHost virtualHost : virtualHosts) {
			String name = virtualHost.name();
			virtualHost.exchangesByName().forEach((exchange) -> {
				if (!isOwn(exchange.name())) {
					exchanges.add(exchange(exchange, name));
				}
				exchange.bindings()
					.stream()
					.filter(DefinitionExport::isExported)
					.forEach((binding) -> bindings.add(binding(binding, name)));
			});
			virtualHost.queuesByName()
				.stream()
				.filter(DefinitionExport::isExported)
				.forEach((queue) -> queues.add(queue(queue, name)));
		}
		map.put("exchanges", exchanges);
		map.put("queues", queues);
		map.put("bindings", bindings);
	}

	/**
	 * Whether an exchange is of every virtual host's.
	 */
	private static boolean isOwn(String exchange) {
		return exchange.equals(Exchange.DEFAULT) || exchange.startsWith(Names.RESERVED_PREFIX);
	}

	private static boolean isExported(MessageQueue queue) {
		return !queue.definition().exclusive();
	}

	private static boolean isExported(Binding binding) {
		return !(binding.target() instanceof MessageQueue queue) || isExported(queue);
	}

	private static Map<String, @Nullable Object> exchange(Exchange exchange, String virtualHost) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("name", exchange.name());
		map.put(VHOST, virtualHost);
		map.put("type", exchange.definition().type().wireName());
		map.put("durable", exchange.isDurable());
		map.put("auto_delete", exchange.definition().autoDelete());
		map.put("internal", exchange.definition().internal());
		map.put("arguments", AmqpJson.toJson(exchange.definition().arguments()));
		return map;
	}

	private static Map<String, @Nullable Object> queue(MessageQueue queue, String virtualHost) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("name", queue.name());
		map.put(VHOST, virtualHost);
		map.put("type", queue.definition().type());
		map.put("durable", queue.isDurable());
		map.put("auto_delete", queue.definition().autoDelete());
		map.put("arguments", AmqpJson.toJson(queue.definition().arguments()));
		return map;
	}

	private static Map<String, @Nullable Object> binding(Binding binding, String virtualHost) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("source", binding.source().name());
		map.put(VHOST, virtualHost);
		map.put("destination", binding.target().name());
		map.put("destination_type", (binding.target() instanceof Exchange) ? "exchange" : "queue");
		map.put("routing_key", binding.key());
		map.put("arguments", AmqpJson.toJson(binding.arguments()));
		return map;
	}

}
