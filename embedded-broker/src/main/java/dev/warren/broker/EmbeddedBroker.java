package dev.warren.broker;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A running AMQP 0-9-1 broker in this JVM. Several may run side by side.
 */
public final class EmbeddedBroker implements AutoCloseable {

	private final BrokerSettings settings;

	private final QpidBroker broker;

	private EmbeddedBroker(BrokerSettings settings, QpidBroker broker) {
		this.settings = settings;
		this.broker = broker;
	}

	public static Builder builder() {
		return new Builder();
	}

	/**
	 * The port the broker listens on, also where port 0 was asked for.
	 */
	public int port() {
		return this.broker.port();
	}

	/**
	 * The address the broker listens on.
	 */
	public String host() {
		return this.settings.bindAddress();
	}

	/**
	 * The AMQP URI, user and password included, of the first user.
	 */
	public String uri() {
		return "amqp://guest:guest@" + host() + ":" + port();
	}

	@Override
	public void close() {
		this.broker.close();
	}

	/**
	 * Collects what a broker is started with.
	 */
	public static final class Builder {

		private int port;

		private String bindAddress = "127.0.0.1";

		private final Map<String, String> users = new LinkedHashMap<>();

		private final Set<String> virtualHosts = new LinkedHashSet<>();

		private Builder() {
		}

		public Builder port(int port) {
			this.port = port;
			return this;
		}

		public Builder bindAddress(String bindAddress) {
			this.bindAddress = bindAddress;
			return this;
		}

		/**
		 * Starts the broker and returns when it accepts connections.
		 */
		public EmbeddedBroker start() {
			BrokerSettings settings = new BrokerSettings(this.port, this.bindAddress,
					this.users.isEmpty() ? Map.of("guest", "guest") : this.users,
					this.virtualHosts.isEmpty() ? List.of("/") : List.copyOf(this.virtualHosts));
			return new EmbeddedBroker(settings, QpidBroker.start(settings));
		}

	}

}
