package dev.warren.broker.definitions;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

import dev.warren.broker.Administration;
import dev.warren.broker.BrokerStartException;
import dev.warren.broker.rabbitmq.definitions.VirtualHostDefinition;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.JacksonIOException;
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
	 * Imports a file, at the start of the broker.
	 * @throws BrokerStartException if it cannot be read or imported
	 */
	public void load(Path file) {
		try {
			all(mapper.readTree(file.toFile()), List.of());
		}
		catch (JacksonIOException ex) {
			throw cannotBeLoaded(file, "it cannot be read", ex);
		}
		catch (JacksonException ex) {
			throw cannotBeLoaded(file, "it is not JSON", null);
		}
		catch (IllegalArgumentException ex) {
			throw cannotBeLoaded(file, String.valueOf(ex.getMessage()).replace('\n', ' ').strip(), ex);
		}
	}

	private static BrokerStartException cannotBeLoaded(Path file, String reason, @Nullable Throwable cause) {
		return new BrokerStartException("The definitions in '%s' cannot be loaded: %s.".formatted(file, reason),
				"Correct the file, or 'warren.broker.definitions'.", cause);
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
		catch (JacksonException | BrokerStartException ex) {
			throw new IllegalArgumentException(ex.getMessage(), ex);
		}
		catch (ProtocolException ex) {
			String text = String.valueOf(ex.getMessage());
			throw new IllegalArgumentException(ex.code().name().toLowerCase(Locale.ROOT) + ": "
					+ text.substring(text.indexOf(" - ") + " - ".length()), ex);
		}
	}

}
