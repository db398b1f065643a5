package dev.warren.broker.rabbitmq.connection;

import dev.warren.broker.rabbitmq.access.AddressLimit;

/**
 * Has a client wait for the turn of its address, and not for ever.
 */
final class Turns {

	/** Within the time that a handshake may take. */
	private static final long LONGEST_WAIT_MILLIS = 5000;

	private final ClientConnection connection;

	private final Network network;

	Turns(ClientConnection connection, Network network) {
		this.connection = connection;
		this.network = network;
	}

	/**
	 * Begins soon, unless too many do.
	 */
	void begin(Runnable step) {
		this.network.after(this.network.admission().handshakeMillis(), this::timedOut);
		if (!take(this.network.admission().connections(), step)) {
			this.connection.drop("too many connections from this address within a second");
		}
	}

	private void timedOut() {
		if (!this.connection.isOpened() && !this.connection.isClosing()) {
			this.connection.drop("handshake_timeout");
		}
	}

	/**
	 * Looks at a login soon.
	 * @return whether there is a turn for it
	 */
	boolean logIn(Runnable step) {
		return take(this.network.admission().logins(), step);
	}

	/**
	 * Only logins that fail are to be few.
	 */
	void loggedIn() {
		this.network.admission().logins().giveBack(this.network.endpoints().peerHost());
	}

	private boolean take(AddressLimit limit, Runnable step) {
		long wait = limit.take(this.network.endpoints().peerHost(), LONGEST_WAIT_MILLIS);
		if (wait == 0) {
			step.run();
		}
		else if (wait != AddressLimit.NO_TURN) {
			this.network.after(wait, () -> {
				if (!this.connection.isClosing()) {
					this.connection.run(step);
				}
			});
		}
		return wait != AddressLimit.NO_TURN;
	}

}
