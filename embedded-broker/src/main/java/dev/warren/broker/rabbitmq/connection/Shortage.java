package dev.warren.broker.rabbitmq.connection;

/**
 * What a broker can run out of. While it is short of something it does not read from
 * connections that publish.
 *
 * @see <a href="https://www.rabbitmq.com/docs/alarms">Memory and Disk Alarms</a>
 */
public enum Shortage {

	MEMORY, DISK

}
