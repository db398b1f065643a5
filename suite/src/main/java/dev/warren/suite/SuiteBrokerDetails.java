package dev.warren.suite;

import java.util.List;

import dev.warren.broker.EmbeddedBroker;

import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;

/**
 * Where the suite's own broker is.
 */
final class SuiteBrokerDetails implements RabbitConnectionDetails {

	private final EmbeddedBroker broker;

	SuiteBrokerDetails(EmbeddedBroker broker) {
		this.broker = broker;
	}

	@Override
	public List<Address> getAddresses() {
		return List.of(new Address(this.broker.host(), this.broker.port()));
	}

	@Override
	public String getUsername() {
		return this.broker.username();
	}

	@Override
	public String getPassword() {
		return this.broker.password();
	}

	@Override
	public String getVirtualHost() {
		return this.broker.virtualHost();
	}

}
