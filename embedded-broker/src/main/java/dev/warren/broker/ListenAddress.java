package dev.warren.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/**
 * Where the broker listens. Qpid says of every address it cannot listen on that it is
 * taken, so this looks first and knows the reason.
 *
 * @param bindAddress the address as configured
 * @param address the address resolved
 */
record ListenAddress(String bindAddress, InetAddress address) {

	static ListenAddress of(String bindAddress) {
		try {
			InetAddress address = bindAddress.equals("*") ? new InetSocketAddress(0).getAddress()
					: InetAddress.getByName(bindAddress);
			return new ListenAddress(bindAddress, address);
		}
		catch (UnknownHostException ex) {
			throw new BrokerStartException("The bind address '" + bindAddress + "' is not known here.",
					"Set 'warren.broker.bind-address' to an address of this machine, as a rule 127.0.0.1.", ex);
		}
	}

	void requireFree(BrokerSettings settings) {
		requireBindable(0, "The broker cannot listen on the address '" + this.bindAddress + "': ",
				"Set 'warren.broker.bind-address' to an address of this machine, as a rule 127.0.0.1.");
		requireFree(settings.port(), "warren.broker.port");
		if (settings.tls() != null) {
			requireFree(settings.tls().port(), "warren.broker.ssl.port");
		}
	}

	private void requireFree(int port, String property) {
		if (port > 0) {
			requireBindable(port, "The broker cannot listen on port " + port + " of " + this.bindAddress + ": ",
					"Stop what listens there, or set '" + property + "' to another port (0 takes any free one).");
		}
	}

	private void requireBindable(int port, String problem, String remedy) {
		try (ServerSocket socket = new ServerSocket()) {
			socket.setReuseAddress(true);
			socket.bind(new InetSocketAddress(this.address, port));
		}
		catch (IOException ex) {
			throw new BrokerStartException(problem + ex.getMessage() + ".", remedy, ex);
		}
	}

	/**
	 * The address a client on this machine connects to.
	 */
	String host() {
		return this.address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress().getHostAddress()
				: this.address.getHostAddress();
	}

}
