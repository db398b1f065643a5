package dev.warren.broker.rabbitmq.transport;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.apache.qpid.server.transport.NetworkConnectionScheduler;
import org.apache.qpid.server.transport.NonBlockingConnection;

/**
 * Looks after the connections that are not read from. A connection that Qpid's own
 * scheduler has would keep its selector awake for as long as something is there to be
 * read; here it is written to, and kept alive, on a thread of ours.
 */
final class BlockedConnections extends NetworkConnectionScheduler {

	/**
	 * How often a client that reads slowly is offered more, and heartbeats are looked at.
	 */
	private static final long PERIOD_MILLIS = 50;

	private final ScheduledThreadPoolExecutor thread;

	private final Map<NonBlockingConnection, QpidConnection> wanted = new ConcurrentHashMap<>();

	/** What stood for reading and writing before; used by the thread only. */
	private final Map<NonBlockingConnection, Object> held = new HashMap<>();

	BlockedConnections(String virtualHost) {
		super("blocked-" + virtualHost, 1, 1, 0);
		this.thread = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread created = new Thread(task, getName());
			created.setDaemon(true);
			return created;
		});
		// There is usually nothing to do.
		this.thread.setKeepAliveTime(1, TimeUnit.SECONDS);
		this.thread.allowCoreThreadTimeOut(true);
	}

	/**
	 * Stops reading from the connection. To be called on its I/O thread; what has been
	 * read already is still worked off.
	 */
	void hold(QpidConnection connection) {
		if (connection.getNetwork() instanceof NonBlockingConnection network) {
			this.wanted.put(network, connection);
			connection.pushScheduler(this);
		}
	}

	/**
	 * Goes on reading from the connection.
	 */
	void letGo(QpidConnection connection) {
		if (connection.getNetwork() instanceof NonBlockingConnection network
				&& this.wanted.remove(network, connection)) {
			this.thread.execute(() -> giveBack(network));
		}
	}

	/**
	 * Forgets a connection that is no more.
	 */
	void forget(QpidConnection connection) {
		if (connection.getNetwork() instanceof NonBlockingConnection network) {
			this.wanted.remove(network, connection);
			this.thread.execute(() -> this.held.remove(network));
		}
	}

	private void giveBack(NonBlockingConnection network) {
		Object delegate = this.held.remove(network);
		// If it is not here yet, it is given back when it comes.
		if (delegate != null) {
			Delegate.set(network, delegate);
			network.popScheduler();
			network.getScheduler().addConnection(network);
		}
	}

	/**
	 * Called by Qpid when its own scheduler has let go of the connection, and perhaps
	 * again: that scheduler may have had it down for one more turn.
	 */
	@Override
	public void addConnection(NonBlockingConnection network) {
		this.thread.execute(() -> {
			// Given back meanwhile; a second time would take Qpid's scheduler from it.
			if (network.getScheduler() != this) {
				return;
			}
			boolean first = this.held.isEmpty();
			if (!this.held.containsKey(network)) {
				Object delegate = Delegate.get(network);
				this.held.put(network, delegate);
				Delegate.set(network, Delegate.withoutReading(delegate));
			}
			if (!this.wanted.containsKey(network)) {
				giveBack(network);
			}
			else if (first) {
				this.thread.execute(this::serveAll);
			}
		});
	}

	@Override
	public void removeConnection(NonBlockingConnection network) {
		this.thread.execute(() -> this.held.remove(network));
	}

	/**
	 * Called by Qpid when there is something to do for the connection.
	 */
	@Override
	public void schedule(NonBlockingConnection network) {
		if (network.isStateChanged()) {
			this.thread.execute(() -> serve(network));
		}
	}

	private void serve(NonBlockingConnection network) {
		// Not while Qpid's scheduler gives it that one more turn.
		if (!this.held.containsKey(network) || !network.setScheduled()) {
			return;
		}
		boolean closed;
		try {
			closed = network.doWork();
		}
		finally {
			network.clearScheduled();
		}
		if (closed) {
			this.held.remove(network);
		}
		else {
			// Nobody could say so meanwhile.
			schedule(network);
		}
	}

	private void serveAll() {
		List.copyOf(this.held.keySet()).forEach(this::serve);
		if (!this.held.isEmpty()) {
			this.thread.schedule(this::serveAll, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	/**
	 * The part of a connection that reads and writes its socket. Qpid has no other way to
	 * do the one and not the other.
	 */
	private static final class Delegate {

		private static final Field FIELD = field();

		private Delegate() {
		}

		private static Field field() {
			try {
				Field field = NonBlockingConnection.class.getDeclaredField("_delegate");
				field.setAccessible(true);
				return field;
			}
			catch (ReflectiveOperationException ex) {
				throw incompatible(ex);
			}
		}

		private static IllegalStateException incompatible(ReflectiveOperationException cause) {
			return new IllegalStateException("This version of Qpid Broker-J reads its connections in another way",
					cause);
		}

		static Object get(NonBlockingConnection network) {
			try {
				return FIELD.get(network);
			}
			catch (ReflectiveOperationException ex) {
				throw incompatible(ex);
			}
		}

		static void set(NonBlockingConnection network, Object delegate) {
			try {
				FIELD.set(network, delegate);
			}
			catch (ReflectiveOperationException ex) {
				throw incompatible(ex);
			}
		}

		static Object withoutReading(Object delegate) {
			return Proxy.newProxyInstance(NonBlockingConnection.class.getClassLoader(),
					new Class<?>[] { FIELD.getType() }, (proxy, method, arguments) -> {
						if (method.getName().equals("readyForRead")) {
							return false;
						}
						method.setAccessible(true);
						try {
							return method.invoke(delegate, arguments);
						}
						catch (InvocationTargetException ex) {
							throw ex.getTargetException();
						}
					});
		}

	}

}
