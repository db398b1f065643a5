/**
 * What an administrator says: users, virtual hosts, permissions, policies, parameters.
 * RabbitMQ calls it definitions; queues, exchanges and bindings are not among them here.
 * Internal to the broker.
 */
@NullMarked
package dev.warren.broker.rabbitmq.definitions;

import org.jspecify.annotations.NullMarked;
