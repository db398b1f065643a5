package dev.warren.interop;

/**
 * Which way messages go.
 */
enum Direction {

	/** From the client to the service. */
	TO_SERVICE("→"),

	/** From the service to the client. */
	TO_CLIENT("←"),

	/** Without a service, between the client and the broker. */
	CLIENT_ALONE("↺");

	private final String arrow;

	Direction(String arrow) {
		this.arrow = arrow;
	}

	@Override
	public String toString() {
		return this.arrow;
	}

}
