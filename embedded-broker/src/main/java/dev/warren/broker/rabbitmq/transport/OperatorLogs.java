package dev.warren.broker.rabbitmq.transport;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import dev.warren.broker.rabbitmq.connection.OperatorLog;
import org.apache.qpid.server.model.Broker;

/**
 * What each of the brokers in this JVM logs for its operator.
 */
public final class OperatorLogs {

	/** A context variable of the broker: whether to log what a server logs. */
	public static final String COMPLETE = "warren.operatorLog";

	// A log does not refer to its broker, so that the map can forget both.
	private static final Map<Broker<?>, OperatorLog> LOGS = Collections.synchronizedMap(new WeakHashMap<>());

	private OperatorLogs() {
	}

	public static OperatorLog of(Broker<?> broker) {
		return LOGS.computeIfAbsent(broker, OperatorLogs::start);
	}

	private static OperatorLog start(Broker<?> broker) {
		OperatorLog log = new OperatorLog(broker.getContextValue(Boolean.class, COMPLETE));
		try {
			broker.scheduleHouseKeepingTask(1000, TimeUnit.MILLISECONDS, log::countTheRest);
		}
		catch (RejectedExecutionException ex) {
			// The broker is closing: there will be no more clients to count.
		}
		return log;
	}

}
