/**
 * RabbitMQ's management HTTP API, for the broker as an application.
 *
 * @see <a href="https://www.rabbitmq.com/docs/http-api-reference">HTTP API Reference</a>
 */
@NullMarked
package dev.warren.broker.management;

import org.jspecify.annotations.NullMarked;
