package dev.warren.broker.rabbitmq;

/**
 * The properties of a message as they are on the wire.
 */
interface PropertyList {

	/**
	 * Which properties there are, a bit for each.
	 */
	int propertyFlags();

	/**
	 * How many octets the properties take, without the flags.
	 */
	int propertiesLength();

	void writeProperties(byte[] target, int offset);

}
