/**
 * RabbitMQ tutorials 2 and 7: a {@linkplain dev.warren.workqueue.Sender sender} puts
 * tasks into the durable queue {@code task_queue}, and
 * {@linkplain dev.warren.workqueue.Worker workers} take them out, one at a time, and
 * acknowledge each when it is done.
 */
@NullMarked
package dev.warren.workqueue;

import org.jspecify.annotations.NullMarked;
