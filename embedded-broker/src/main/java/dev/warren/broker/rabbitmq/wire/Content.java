package dev.warren.broker.rabbitmq.wire;

/**
 * A message that can be written to a client.
 */
public interface Content extends PropertyList {

	/**
	 * The size of the body in octets.
	 */
	long size();

	MessageBody body();

	/**
	 * The name of the exchange it was published to.
	 */
	byte[] exchangeBytes();

	byte[] routingKeyBytes();

}
