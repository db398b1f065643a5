package dev.warren.broker.management;

import java.util.Set;

import dev.warren.broker.rabbitmq.definitions.Definitions;
import dev.warren.broker.rabbitmq.definitions.User;

/**
 * Who makes a request.
 *
 * @param definitions what was defined when the request came
 */
record Caller(User user, Definitions definitions) {

	String name() {
		return this.user.name();
	}

	boolean has(Tag tag) {
		return tag.isAmong(Set.copyOf(this.user.tags()));
	}

	/**
	 * Whether the user has any permissions in the virtual host.
	 */
	boolean mayEnter(String virtualHost) {
		return this.definitions.permissions().get(virtualHost, name()) != null;
	}

	/**
	 * Whether the user may look at the virtual host.
	 */
	boolean maySee(String virtualHost) {
		return has(Tag.MONITORING) || mayEnter(virtualHost);
	}

	/**
	 * Whether the user may look at a connection.
	 */
	boolean maySeeConnectionOf(String owner) {
		return has(Tag.MONITORING) || owner.equals(name());
	}

}
