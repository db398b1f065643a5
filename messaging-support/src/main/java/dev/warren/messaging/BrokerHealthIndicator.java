package dev.warren.messaging;

import dev.warren.messaging.publish.Broker;
import dev.warren.messaging.publish.ConfirmedPublisher;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Up while the publisher has a connection to the broker. It asks nothing of the network,
 * so a probe never waits for a broker that does not answer.
 */
final class BrokerHealthIndicator extends AbstractHealthIndicator {

	private final ConfirmedPublisher publisher;

	BrokerHealthIndicator(ConfirmedPublisher publisher) {
		this.publisher = publisher;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		Broker broker = this.publisher.broker();
		if (broker == null) {
			builder.down().withDetail("error", "No connection to the broker: " + this.publisher.lastError());
		}
		else {
			builder.up()
				.withDetail("product", broker.product())
				.withDetail("version", broker.version())
				.withDetail("address", broker.address());
		}
	}

}
