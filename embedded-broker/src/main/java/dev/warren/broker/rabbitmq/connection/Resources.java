package dev.warren.broker.rabbitmq.connection;

/**
 * What a virtual host takes of the machine.
 */
public interface Resources {

	boolean isShortOfMemory();

	boolean isShortOfDisk();

}
