package dev.warren.broker.rabbitmq.queue;

/**
 * A message taken by basic.get.
 *
 * @param left how many are left
 */
public record Taken(QueuedMessage message, int left) {

}
