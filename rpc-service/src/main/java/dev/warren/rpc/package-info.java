/**
 * RabbitMQ tutorial 6: a {@linkplain dev.warren.rpc.FibonacciClient client} puts requests
 * into the queue {@code rpc_queue}, {@linkplain dev.warren.rpc.FibonacciServer servers}
 * answer to the queue each request names.
 */
@NullMarked
package dev.warren.rpc;

import org.jspecify.annotations.NullMarked;
