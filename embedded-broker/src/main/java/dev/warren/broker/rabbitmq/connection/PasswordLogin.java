package dev.warren.broker.rabbitmq.connection;

import java.nio.charset.StandardCharsets;

import dev.warren.broker.rabbitmq.definitions.DefinitionStore;
import dev.warren.broker.rabbitmq.definitions.Definitions;

/**
 * PLAIN: a name and a password (RFC 4616, section 2).
 */
public final class PasswordLogin implements Login {

	private final DefinitionStore definitions;

	public PasswordLogin(DefinitionStore definitions) {
		this.definitions = definitions;
	}

	@Override
	public Outcome respond(byte[] response) {
		String[] parts = new String(response, StandardCharsets.UTF_8).split("\0", 3);
		if (parts.length < 3) {
			return new Refused();
		}
		Definitions current = this.definitions.current();
		return (current.authenticate(parts[1], parts[2]) != null) ? new Accepted(parts[1]) : new Refused();
	}

}
