package dev.warren.broker.rabbitmq.transport;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;

import dev.warren.broker.rabbitmq.definitions.DefinitionStore;
import org.apache.qpid.server.model.Broker;

/**
 * What is defined for each of the brokers in this JVM.
 */
public final class DefinitionStores {

	// A store does not refer to its broker, so that the map can forget both.
	private static final Map<Broker<?>, DefinitionStore> STORES = Collections.synchronizedMap(new WeakHashMap<>());

	private DefinitionStores() {
	}

	/**
	 * Tells what is defined for a broker that has no connections yet.
	 */
	public static void put(Broker<?> broker, DefinitionStore store) {
		STORES.put(broker, store);
	}

	static DefinitionStore of(Broker<?> broker) {
		return Objects.requireNonNull(STORES.get(broker));
	}

}
