/**
 * RabbitMQ tutorial 1: a {@linkplain dev.warren.hello.Sender sender} puts messages into
 * the {@linkplain dev.warren.hello.HelloTopology queue} {@code hello} and
 * {@linkplain dev.warren.hello.Receiver receivers} take them out.
 */
@NullMarked
package dev.warren.hello;

import org.jspecify.annotations.NullMarked;
