package dev.warren.broker.definitions;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

import dev.warren.broker.Administration;
import dev.warren.broker.rabbitmq.definitions.VirtualHostDefinition;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Imports what RabbitMQ, or this broker, has exported. It adds and replaces what is
 * defined; queues, exchanges and bindings that are there stay as they are.
 */
public final class DefinitionImport {

	private static final JsonMapper mapper = new JsonMapper();

	private static final List<String> OF_VIRTUAL_HOSTS = List.of("parameters", "policies", "exchanges", "queues",
			"bindings");

	private final Administration broker;

	public DefinitionImport(Administration broker) {
		this.broker = broker;
	}

	/**
	 * Imports what is exported of a whole broker.
	 * @param permitted who may do everything in virtual hosts that are added
	 * @throws IllegalArgumentException if something cannot be, for which it gives
	 * RabbitMQ's reason; as a rule nothing has changed then
	 */
	public void all(JsonNode json, Collection<String> permitted) {
		run(json, permitted);
	}

	/**
	 * Imports what is exported of a virtual host into one that is there.
	 * @throws IllegalArgumentException as {@link #all} does
	 */
	public void into(String virtualHost, JsonNode json) {
		ObjectNode own = mapper.createObjectNode();
		for (String kind : OF_VIRTUAL_HOSTS) {
			json.path(kind).forEach((one) -> {
				if (one instanceof ObjectNode object) {
					own.withArray(kind).add(object.put("vhost", virtualHost));
				}
			});
		}
		run(own, List.of());
	}

	private void run(JsonNode json, Collection<String> permitted) {
		try {
			ImportedDefinitions definitions = new ImportedDefinitions(this.broker.definitions().current(),
					this.broker.dialect(), json);
			ImportedTopology topology = new ImportedTopology(this.broker, definitions.planned(), json);
			for (VirtualHostDefinition virtualHost : definitions.newVirtualHosts()) {
				this.broker.addVirtualHost(virtualHost, permitted);
			}
			this.broker.definitions().change(definitions::addTo);
			topology.declare();
		}
		catch (ProtocolException ex) {
			String text = String.valueOf(ex.getMessage());
			throw new IllegalArgumentException(ex.code().name().toLowerCase(Locale.ROOT) + ": "
					+ text.substring(text.indexOf(" - ") + " - ".length()), ex);
		}
	}

}
