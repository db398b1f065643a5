package dev.warren.broker.rabbitmq.transport;

import dev.warren.broker.rabbitmq.connection.HostedVirtualHost;
import dev.warren.broker.rabbitmq.connection.RunningVirtualHost;
import dev.warren.broker.rabbitmq.definitions.DefinitionStore;
import dev.warren.broker.rabbitmq.definitions.Grant;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.NamedAddressSpace;
import org.apache.qpid.server.model.VirtualHost;
import org.apache.qpid.server.model.VirtualHostNode;
import org.apache.qpid.server.model.port.AmqpPort;
import org.apache.qpid.server.security.limit.ConnectionLimitException;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;
import org.apache.qpid.server.virtualhost.VirtualHostUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * One of Qpid's virtual hosts, for a connection that wants to enter it.
 */
final class QpidVirtualHost implements HostedVirtualHost {

	private final QpidConnection connection;

	private final QueueManagingVirtualHost<?> virtualHost;

	private final String name;

	private final DefinitionStore definitions;

	private final Limits limits;

	/**
	 * @param name what the client calls it
	 */
	QpidVirtualHost(QpidConnection connection, QueueManagingVirtualHost<?> virtualHost, String name,
			DefinitionStore definitions, Limits limits) {
		this.connection = connection;
		this.virtualHost = virtualHost;
		this.name = name;
		this.definitions = definitions;
		this.limits = limits;
	}

	/**
	 * What clients of a port mean by that name; null if there is nothing.
	 */
	static @Nullable NamedAddressSpace find(Broker<?> broker, AmqpPort<?> port, String name) {
		for (VirtualHostNode<?> node : broker.getChildren(VirtualHostNode.class)) {
			VirtualHost<?> virtualHost = node.getVirtualHost();
			if (node.getName().equals(name) && virtualHost != null) {
				return virtualHost;
			}
		}
		// Qpid knows virtual hosts without the leading slash, and the default one without
		// a name.
		return name.startsWith("/") ? port.getAddressSpace(name.substring(1)) : null;
	}

	@Override
	public void checkLimits(String user) {
		this.limits.checkConnections(user, this.virtualHost, this.name);
	}

	@Override
	public Grant grant(String user) {
		return new Grant(this.definitions, this.name, user);
	}

	@Override
	public RunningVirtualHost enter(String user) {
		this.connection.user(user);
		try {
			this.limits.addConnection(user, this.virtualHost, this.name,
					() -> this.virtualHost.registerConnection(this.connection));
		}
		catch (VirtualHostUnavailableException | ConnectionLimitException ex) {
			throw ReplyCode.NOT_ALLOWED.error("access to vhost '%s' refused for user '%s': %s", this.name, user,
					String.valueOf(ex.getMessage()));
		}
		return this.connection.entered(this.virtualHost, this.name);
	}

}
