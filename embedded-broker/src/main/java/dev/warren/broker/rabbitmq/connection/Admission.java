package dev.warren.broker.rabbitmq.connection;

import dev.warren.broker.rabbitmq.access.AddressLimit;

/**
 * How fast the clients of an address may come.
 *
 * @param connections those that begin
 * @param logins those that are refused
 * @param handshakeMillis how long a client may take to log in
 */
public record Admission(AddressLimit connections, AddressLimit logins, long handshakeMillis) {

}
