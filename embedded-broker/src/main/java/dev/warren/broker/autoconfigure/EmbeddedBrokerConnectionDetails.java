package dev.warren.broker.autoconfigure;

import java.util.List;

import dev.warren.broker.EmbeddedBroker;

import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;

/**
 * Where and as whom to connect to the embedded broker.
 */
record EmbeddedBrokerConnectionDetails(EmbeddedBroker broker, String virtualHost) implements RabbitConnectionDetails {

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
		return this.virtualHost;
	}

	@Override
	public List<Address> getAddresses() {
		return List.of(new Address(this.broker.host(), this.broker.port()));
	}

}
