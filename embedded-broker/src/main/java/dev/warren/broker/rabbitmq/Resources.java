package dev.warren.broker.rabbitmq;

/**
 * What a virtual host takes of the machine.
 */
interface Resources {

	boolean isShortOfMemory();

	boolean isShortOfDisk();

}
