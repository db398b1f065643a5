package dev.warren.broker.rabbitmq.event;

/**
 * Where an event comes from.
 *
 * @param connection what the client calls its connection; empty for the broker itself
 * @param channel 0 if it is of no channel
 */
public record Origin(String connection, int channel) {

	public static final Origin BROKER = new Origin("", 0);

}
