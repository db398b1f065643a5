package dev.warren.postbox.boxes;

import java.util.List;
import java.util.Map;

/**
 * A box as it was asked for, and as the broker remembers it.
 *
 * @param name its name, and its queue's
 * @param keys the keys by which its queue is bound to the exchange
 * @param arguments what its queue is declared with, whatever the service is told later
 */
record Box(String name, List<String> keys, Map<String, Object> arguments) {

}
