package dev.warren.broker.rabbitmq.queue;

/**
 * Whom an exclusive queue belongs to: a connection. Owners are compared by identity.
 */
public interface QueueOwner {

}
