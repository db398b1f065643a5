package dev.warren.broker.rabbitmq.connection;

import dev.warren.broker.rabbitmq.host.VirtualHost;

/**
 * A virtual host at work.
 *
 * @param alarms tell its connections when the broker is short of something
 */
public record RunningVirtualHost(VirtualHost virtualHost, Alarms alarms) {

}
