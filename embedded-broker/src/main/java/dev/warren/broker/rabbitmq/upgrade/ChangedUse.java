package dev.warren.broker.rabbitmq.upgrade;

/**
 * A use of something that RabbitMQ changed.
 *
 * @param connection the name of the client's connection
 * @param subject what it was used on, such as {@code queue 'tasks' in vhost '/'}, or
 * empty
 */
public record ChangedUse(Change change, String connection, String subject) {

}
