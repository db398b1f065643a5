package dev.warren.postbox.boxes;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.warren.messaging.broker.QueueStatus;

/**
 * A box and what is in it.
 *
 * @param queue its queue; letters somebody has collected and not settled are not counted
 * @param keys the keys whose letters it gets
 */
public record BoxStatus(@JsonUnwrapped QueueStatus queue, List<String> keys) {

}
