package dev.warren.logs;

import java.util.function.Consumer;

/**
 * A subscription the service begins by itself.
 *
 * @param id its id
 * @param exchange the exchange
 * @param bindingKey its binding key
 * @param output where its lines go; must not block
 */
record StandingSubscription(String id, LogExchange exchange, String bindingKey, Consumer<LogLine> output) {

}
