package dev.warren.broker.rabbitmq;

/**
 * A message that can be written to a client.
 */
interface Content extends PropertyList {

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
