package dev.warren.broker;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import dev.warren.broker.rabbitmq.channel.LocalChannel;
import dev.warren.broker.rabbitmq.connection.ClientConnection;
import dev.warren.broker.rabbitmq.access.AddressLimit;
import dev.warren.broker.rabbitmq.connection.OperatorLog;
import dev.warren.broker.rabbitmq.definitions.DefinitionStore;
import dev.warren.broker.rabbitmq.definitions.Definitions;
import dev.warren.broker.rabbitmq.definitions.Grant;
import dev.warren.broker.rabbitmq.definitions.Permission;
import dev.warren.broker.rabbitmq.definitions.VirtualHostDefinition;
import dev.warren.broker.rabbitmq.host.ClientLog;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.host.VirtualHostAccess;
import dev.warren.broker.rabbitmq.transport.QpidResources;
import dev.warren.broker.rabbitmq.wire.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * A broker as its management API sees it. Internal: what it returns are parts of the
 * engine.
 */
public final class Administration {

	private final EmbeddedBroker broker;

	private final QpidBroker engine;

	Administration(EmbeddedBroker broker, QpidBroker engine) {
		this.broker = broker;
		this.engine = engine;
	}

	/**
	 * Which RabbitMQ is played.
	 */
	public Dialect dialect() {
		return Dialect.valueOf(this.broker.version().name());
	}

	public DefinitionStore definitions() {
		return this.engine.definitions();
	}

	/**
	 * What an operator reads.
	 */
	public OperatorLog operatorLog() {
		return this.engine.operatorLog();
	}

	/**
	 * How often an address may fail to log in.
	 */
	public AddressLimit logins() {
		return this.engine.admission().logins();
	}

	/**
	 * Those that are running, by name.
	 */
	public List<VirtualHost> virtualHosts() {
		return this.engine.virtualHostNames().stream().map(this::virtualHost).flatMap(Stream::ofNullable).toList();
	}

	/**
	 * The virtual host of that name, or null if there is none that is running.
	 */
	public @Nullable VirtualHost virtualHost(String name) {
		return (definitions().current().virtualHosts().get(name) != null) ? this.engine.engineIfRunning(name) : null;
	}

	/**
	 * The connections to a virtual host, in no order.
	 */
	public List<ClientConnection> connections(VirtualHost virtualHost) {
		return this.engine.clients(virtualHost.name());
	}

	/**
	 * What messages take of the memory and of the disk, and how much they may.
	 */
	public Usage usage() {
		List<QpidResources> all = this.engine.resources();
		return new Usage(QpidResources.memory(), all.stream().mapToLong(QpidResources::memoryLimit).min().orElse(0),
				all.stream().anyMatch(QpidResources::isShortOfMemory),
				all.stream().mapToLong(QpidResources::diskFree).min().orElse(0),
				all.stream().mapToLong(QpidResources::diskFreeLimit).max().orElse(0),
				all.stream().anyMatch(QpidResources::isShortOfDisk));
	}

	/**
	 * Adds a virtual host, unless it is there.
	 * @param permitted who may do everything in it
	 * @return whether it was added
	 * @throws BrokerStartException if it cannot be added
	 */
	public boolean addVirtualHost(VirtualHostDefinition virtualHost, Collection<String> permitted) {
		return this.broker.addVirtualHost(virtualHost, permitted);
	}

	/**
	 * Deletes a virtual host with all that is in it; its connections are closed.
	 */
	public void deleteVirtualHost(String name) {
		this.engine.deleteVirtualHost(name);
	}

	/**
	 * What a user may do in a virtual host that is running.
	 * @param connectionName what the user uses
	 */
	public LocalChannel channel(VirtualHost virtualHost, String user, String connectionName) {
		return new LocalChannel(new VirtualHostAccess(virtualHost, user, connectionName,
				new Grant(definitions(), virtualHost.name(), user), ClientLog.NONE));
	}

	/**
	 * What the owner of the data directory may do in a virtual host that is running:
	 * everything.
	 */
	public LocalChannel ownersChannel(VirtualHost virtualHost, String name) {
		Permission everything = new Permission(virtualHost.name(), name, ".*", ".*", ".*");
		DefinitionStore owners = new DefinitionStore(null,
				Definitions.NONE.withPermissions((table) -> table.with(everything)));
		return new LocalChannel(new VirtualHostAccess(virtualHost, name, name,
				new Grant(owners, virtualHost.name(), name), ClientLog.NONE));
	}

	/**
	 * What a broker takes of its machine, in bytes.
	 *
	 * @param memory of messages
	 * @param memoryLimit above which publishers are blocked
	 * @param diskFree where the store is; 0 for the memory store
	 * @param diskFreeLimit below which publishers are blocked
	 */
	public record Usage(long memory, long memoryLimit, boolean shortOfMemory, long diskFree, long diskFreeLimit,
			boolean shortOfDisk) {

	}

}
