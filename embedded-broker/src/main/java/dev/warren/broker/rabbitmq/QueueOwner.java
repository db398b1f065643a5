package dev.warren.broker.rabbitmq;

/**
 * Whom an exclusive queue belongs to: a connection. Owners are compared by identity.
 */
interface QueueOwner {

}
