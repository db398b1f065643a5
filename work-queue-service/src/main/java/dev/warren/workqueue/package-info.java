/**
 * RabbitMQ tutorials 2 and 7 in plain Spring AMQP: a
 * {@linkplain dev.warren.workqueue.Sender sender} puts tasks into a durable queue,
 * {@linkplain dev.warren.workqueue.Worker workers} do them,
 * {@linkplain dev.warren.workqueue.FailedTasks those that fail} are tried again and then
 * put aside, and {@linkplain dev.warren.workqueue.PublisherConfirms batches} are
 * confirmed in three ways.
 */
@NullMarked
package dev.warren.workqueue;

import org.jspecify.annotations.NullMarked;
