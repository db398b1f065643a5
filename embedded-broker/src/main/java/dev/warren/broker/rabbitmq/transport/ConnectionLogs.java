package dev.warren.broker.rabbitmq.transport;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import dev.warren.broker.rabbitmq.connection.ConnectionLog;
import org.apache.qpid.server.model.Broker;

/**
 * What each of the brokers in this JVM logs about its clients.
 */
final class ConnectionLogs {

	// A log does not refer to its broker, so that the map can forget both.
	private static final Map<Broker<?>, ConnectionLog> LOGS = Collections.synchronizedMap(new WeakHashMap<>());

	private ConnectionLogs() {
	}

	static ConnectionLog of(Broker<?> broker) {
		return LOGS.computeIfAbsent(broker, ConnectionLogs::start);
	}

	private static ConnectionLog start(Broker<?> broker) {
		ConnectionLog log = new ConnectionLog();
		try {
			broker.scheduleHouseKeepingTask(1000, TimeUnit.MILLISECONDS, log::countTheRest);
		}
		catch (RejectedExecutionException ex) {
			// The broker is closing: there will be no more clients to count.
		}
		return log;
	}

}
