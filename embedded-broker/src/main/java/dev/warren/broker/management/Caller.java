package dev.warren.broker.management;

import dev.warren.broker.rabbitmq.definitions.Definitions;
import dev.warren.broker.rabbitmq.definitions.User;

/**
 * Who makes a request.
 *
 * @param definitions what was defined when the request came
 * @param owner whether it is the owner of the data directory, who may do everything
 */
record Caller(User user, Definitions definitions, boolean owner) {

	Caller(User user, Definitions definitions) {
		this(user, definitions, false);
	}

	String name() {
		return this.user.name();
	}

	boolean has(Tag tag) {
		return tag.isAmong(this.user.tags());
	}

	/**
	 * Whether the user has any permissions in the virtual host.
	 */
	boolean mayEnter(String virtualHost) {
		return this.owner || this.definitions.permissions().get(virtualHost, name()) != null;
	}

	/**
	 * Whether the user may look at what is in the virtual host, and at what is defined
	 * for it.
	 */
	boolean mayLookInto(String virtualHost) {
		return has(Tag.ADMINISTRATOR) || mayEnter(virtualHost);
	}

	/**
	 * Whether the user may know of the virtual host.
	 */
	boolean maySee(String virtualHost) {
		return has(Tag.MONITORING) || mayEnter(virtualHost);
	}

	/**
	 * Checks that the virtual host is there and the user may look at its policies and
	 * parameters.
	 */
	void checkMayManage(String virtualHost) {
		checkMayManage(virtualHost, ApiException.notFound());
	}

	/**
	 * Checks that the virtual host is there and the user may set something in it.
	 */
	void checkMaySet(String virtualHost) {
		checkMayManage(virtualHost, ApiException.notFound("vhost_not_found"));
	}

	private void checkMayManage(String virtualHost, ApiException missing) {
		if (this.definitions.virtualHosts().get(virtualHost) == null) {
			throw missing;
		}
		if (!mayLookInto(virtualHost)) {
			throw ApiException.notFound("Not Found");
		}
	}

	void checkMaySeeConnectionsOf(String owner) {
		check(maySeeConnectionOf(owner));
	}

	/**
	 * Whoever may see the connections of others may not close them yet.
	 */
	void checkMayCloseConnectionsOf(String owner) {
		check(has(Tag.ADMINISTRATOR) || owner.equals(name()));
	}

	private static void check(boolean allowed) {
		if (!allowed) {
			throw ApiException.notAuthorised("User not authorised to access object");
		}
	}

	/**
	 * Whether the user may look at a connection.
	 */
	boolean maySeeConnectionOf(String owner) {
		return has(Tag.MONITORING) || owner.equals(name());
	}

}
