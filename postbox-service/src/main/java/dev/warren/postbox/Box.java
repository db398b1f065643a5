package dev.warren.postbox;

import java.util.List;
import java.util.Set;

import dev.warren.messaging.broker.QueueProperties;

/**
 * A box as it is recorded on the broker.
 *
 * @param name its name, and its queue's
 * @param keys the keys by which its queue is bound to the exchange
 * @param type what its queue is declared as, whatever the service is told later
 * @param deleted whether it is being deleted
 */
record Box(String name, List<String> keys, QueueProperties.Type type, boolean deleted) {

	Box(String name, List<String> keys, QueueProperties.Type type) {
		this(name, keys, type, false);
	}

	boolean hasKeys(List<String> others) {
		return Set.copyOf(this.keys).equals(Set.copyOf(others));
	}

	Box asDeleted() {
		return new Box(this.name, this.keys, this.type, true);
	}

}
