package dev.warren.broker.rabbitmq.wire;

/**
 * The properties of a message as they are on the wire.
 */
public interface PropertyList {

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
