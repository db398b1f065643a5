package dev.warren.messaging.broker;

import java.util.Map;

import dev.warren.messaging.listener.ListenerFailures;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Up while there is a connection to the broker, everything the service needs is there,
 * and no consumer fails. It asks nothing of the network, so a probe never waits for a
 * broker that does not answer.
 */
final class BrokerHealthIndicator extends AbstractHealthIndicator {

	private final BrokerConnection connection;

	private final Topology topology;

	private final ListenerFailures failures;

	BrokerHealthIndicator(BrokerConnection connection, Topology topology, ListenerFailures failures) {
		this.connection = connection;
		this.topology = topology;
		this.failures = failures;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		Broker broker = this.connection.broker();
		if (broker == null) {
			builder.down().withDetail("error", "No connection to the broker: " + this.connection.fault());
			return;
		}
		builder.up()
			.withDetail("product", broker.product())
			.withDetail("version", broker.version())
			.withDetail("address", broker.address());
		Map<String, String> missing = this.topology.missing();
		Map<String, String> failing = this.failures.current();
		if (!this.topology.isComplete()) {
			builder.down().withDetail("missing", missing.isEmpty() ? "Nothing is declared yet" : missing);
		}
		if (!failing.isEmpty()) {
			builder.down().withDetail("failingConsumers", failing);
		}
		Map<String, Object> differences = this.topology.differences();
		if (!differences.isEmpty()) {
			builder.withDetail("declaredByOthers", differences);
		}
	}

}
