package dev.warren.broker;

import java.util.Arrays;

/**
 * A version of RabbitMQ that the broker can play, so that tests run as their production
 * does. {@code COMPATIBILITY.md} has a column for each, and says what differs.
 */
public enum RabbitMqVersion {

	/** As RabbitMQ 3.10.8, of 2022, which Debian 12 has. */
	V3_10("3.10"),

	/** As RabbitMQ 4.0.5, of 2024. */
	V4_0("4.0"),

	/** As RabbitMQ 4.3.6, of 2026. */
	V4_3("4.3");

	private final String number;

	RabbitMqVersion(String number) {
		this.number = number;
	}

	/**
	 * The version of that number.
	 * @param number {@code 3.10}, {@code 4.0} or {@code 4.3}, or the name of a constant
	 * @throws BrokerStartException if there is no such version here
	 */
	public static RabbitMqVersion of(String number) {
		for (RabbitMqVersion version : values()) {
			if (version.number.equals(number) || version.name().equalsIgnoreCase(number)) {
				return version;
			}
		}
		throw new BrokerStartException("The broker cannot behave as RabbitMQ '" + number + "'.",
				"Set 'warren.broker.version' to one of " + Arrays.toString(values())
						+ ", in YAML with quotes, since 3.10 is the number 3.1 there.");
	}

	/**
	 * What a broker is that is told nothing: the version in the system property
	 * {@code warren.broker.version}, so that a build can run all its tests as another, or
	 * the newest.
	 * @throws BrokerStartException if there is no such version here
	 */
	public static RabbitMqVersion ofThisJvm() {
		String number = System.getProperty("warren.broker.version");
		return (number != null) ? of(number) : newest();
	}

	/**
	 * The newest.
	 */
	public static RabbitMqVersion newest() {
		RabbitMqVersion[] all = values();
		return all[all.length - 1];
	}

	@Override
	public String toString() {
		return this.number;
	}

}
