package dev.warren.broker;

/**
 * A connection of a client.
 *
 * @param name what the client calls it, or else itself; empty if it says neither
 * @param user who is logged in
 * @param address where the client is, such as {@code 127.0.0.1:50123}
 */
public record BrokerConnection(String name, String user, String address) {

}
