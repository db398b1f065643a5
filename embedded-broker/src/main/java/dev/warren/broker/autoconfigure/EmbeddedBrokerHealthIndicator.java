package dev.warren.broker.autoconfigure;

import dev.warren.broker.EmbeddedBroker;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * UP while the broker's port is open and its virtual hosts are up. Opens no connection.
 */
final class EmbeddedBrokerHealthIndicator extends AbstractHealthIndicator {

	private final EmbeddedBroker broker;

	EmbeddedBrokerHealthIndicator(EmbeddedBroker broker) {
		this.broker = broker;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		builder.status(this.broker.isRunning() ? "UP" : "DOWN")
			.withDetail("product", this.broker.product())
			.withDetail("address", this.broker.host())
			.withDetail("port", this.broker.port())
			.withDetail("store", this.broker.dataDir().isPresent() ? "disk" : "memory");
		if (this.broker.sslPort() > 0) {
			builder.withDetail("sslPort", this.broker.sslPort());
		}
		this.broker.dataDir()
			.ifPresent((path) -> builder.withDetail("dataDir", path.toAbsolutePath().normalize().toString()));
	}

}
