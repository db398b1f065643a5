package dev.warren.broker.rabbitmq.transport;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;

import dev.warren.broker.rabbitmq.connection.Admission;
import org.apache.qpid.server.model.Broker;

/**
 * How fast clients may come to each of the brokers in this JVM.
 */
public final class Admissions {

	private static final Map<Broker<?>, Admission> ADMISSIONS = Collections.synchronizedMap(new WeakHashMap<>());

	private Admissions() {
	}

	/**
	 * Sets it for a broker that has no connections yet.
	 */
	public static void put(Broker<?> broker, Admission admission) {
		ADMISSIONS.put(broker, admission);
	}

	static Admission of(Broker<?> broker) {
		return Objects.requireNonNull(ADMISSIONS.get(broker));
	}

}
