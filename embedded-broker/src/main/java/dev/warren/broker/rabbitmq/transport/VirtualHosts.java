package dev.warren.broker.rabbitmq.transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.warren.broker.rabbitmq.connection.Alarms;
import dev.warren.broker.rabbitmq.connection.ClientConnection;
import dev.warren.broker.rabbitmq.connection.RunningVirtualHost;
import dev.warren.broker.rabbitmq.definitions.DefinitionStore;
import dev.warren.broker.rabbitmq.fault.Faults;
import dev.warren.broker.rabbitmq.host.HalfSentMessages;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.policy.Policies;
import dev.warren.broker.rabbitmq.queue.Queues;
import dev.warren.broker.rabbitmq.reply.DirectReplies;
import dev.warren.broker.rabbitmq.store.VirtualHostStore;
import dev.warren.broker.rabbitmq.time.VirtualHostTime;
import dev.warren.broker.rabbitmq.upgrade.ChangedUse;
import dev.warren.broker.rabbitmq.wire.Dialect;
import org.apache.qpid.server.model.AbstractConfigurationChangeListener;
import org.apache.qpid.server.model.ConfiguredObject;
import org.apache.qpid.server.model.State;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;

/**
 * The virtual hosts that are running: each starts when it is first connected to, and ends
 * with Qpid's.
 */
public final class VirtualHosts {

	/**
	 * What a message in a queue takes of the heap besides its body and its properties, in
	 * bytes: the growth of the heap by nearly 100,000 messages, divided by their number.
	 */
	private static final long MESSAGE_OVERHEAD = 700;

	/**
	 * The context variable of a broker with the name of the {@link Dialect} it speaks.
	 */
	public static final String DIALECT = "warren.dialect";

	/**
	 * The context variable of a broker with the milliseconds in which deliveries are to
	 * be acknowledged.
	 */
	public static final String CONSUMER_TIMEOUT = "warren.consumerTimeout";

	private static final Map<QueueManagingVirtualHost<?>, Entry> RUNNING = new ConcurrentHashMap<>();

	private VirtualHosts() {
	}

	/**
	 * The virtual host, which is started if it is not running.
	 * @param name what clients call it
	 */
	static Entry of(QueueManagingVirtualHost<?> virtualHost, String name, Dialect dialect) {
		return RUNNING.computeIfAbsent(virtualHost, (key) -> start(virtualHost, name, dialect));
	}

	/**
	 * The virtual host as the engine has it, which is started if it is not running.
	 * @param name what clients call it
	 */
	public static VirtualHost engine(QueueManagingVirtualHost<?> virtualHost, String name) {
		return of(virtualHost, name).running().virtualHost();
	}

	/**
	 * Advances the time of the virtual host, which is started if it is not running.
	 * @param name what clients call it
	 */
	public static void advance(QueueManagingVirtualHost<?> virtualHost, String name, Duration duration) {
		of(virtualHost, name).time().advance(duration);
	}

	private static Entry of(QueueManagingVirtualHost<?> virtualHost, String name) {
		return of(virtualHost, name, Dialect.valueOf(virtualHost.getContextValue(String.class, DIALECT)));
	}

	/**
	 * Forgets a virtual host. To be called for one that was closed: Qpid does not tell
	 * the listeners of its state.
	 */
	public static void stop(org.apache.qpid.server.model.VirtualHost<?> virtualHost) {
		Entry entry = RUNNING.remove(virtualHost);
		if (entry != null) {
			entry.listening().run();
			entry.time().stop();
		}
	}

	/**
	 * Empties the queues of the virtual host.
	 */
	public static void purge(org.apache.qpid.server.model.VirtualHost<?> virtualHost) {
		Entry entry = RUNNING.get(virtualHost);
		if (entry != null) {
			entry.running().virtualHost().queues().purge();
		}
	}

	/**
	 * What clients of the virtual host did that other versions do not do as this one, and
	 * how often.
	 */
	public static Map<ChangedUse, Long> changedUses(org.apache.qpid.server.model.VirtualHost<?> virtualHost) {
		Entry entry = RUNNING.get(virtualHost);
		return (entry != null) ? entry.running().virtualHost().queues().changedUses().counts() : Map.of();
	}

	/**
	 * The clients that are in the virtual host, in no order.
	 */
	public static List<ClientConnection> connections(QueueManagingVirtualHost<?> virtualHost) {
		List<ClientConnection> clients = new ArrayList<>();
		virtualHost.getConnections().forEach((connection) -> {
			if (connection instanceof QpidConnection ours) {
				clients.add(ours.client());
			}
		});
		return clients;
	}

	/**
	 * Those of Qpid's virtual hosts that are running.
	 */
	public static Set<QueueManagingVirtualHost<?>> running() {
		return Set.copyOf(RUNNING.keySet());
	}

	/**
	 * What the messages of all virtual hosts take of the heap they share, in bytes.
	 */
	static long memoryInUse() {
		long total = 0;
		for (Map.Entry<QueueManagingVirtualHost<?>, Entry> running : RUNNING.entrySet()) {
			total += running.getKey().getInMemoryMessageSize()
					+ MESSAGE_OVERHEAD * running.getValue().running().virtualHost().queues().messages().sum();
		}
		return total;
	}

	private static Entry start(QueueManagingVirtualHost<?> virtualHost, String name, Dialect dialect) {
		DefinitionStore definitions = DefinitionStores.of(virtualHost.getBroker());
		VirtualHostTime time = new VirtualHostTime("timers-" + name);
		Queues queues = new Queues(name, new VirtualHostStore(virtualHost), dialect, time, time,
				() -> definitions.current().limitOfVirtualHost(name, "max-queues"));
		QpidResources resources = new QpidResources(virtualHost);
		Alarms alarms = new Alarms(resources, OperatorLogs.of(virtualHost.getBroker()));
		Runnable listening = definitions.listen((changed) -> queues.apply(Policies.of(changed, name)));
		queues.restore();
		alarms.start(time);
		virtualHost.addChangeListener(new AbstractConfigurationChangeListener() {

			@Override
			public void stateChanged(ConfiguredObject<?> object, State oldState, State newState) {
				if (newState != State.ACTIVE) {
					stop(virtualHost);
				}
			}

		});
		HalfSentMessages halfSent = new HalfSentMessages(resources::halfSentLimit);
		DirectReplies directReplies = new DirectReplies(resources::unreadRepliesLimit);
		VirtualHost running = new VirtualHost(queues, directReplies, halfSent,
				virtualHost.getContextValue(Long.class, CONSUMER_TIMEOUT), new Faults(),
				() -> definitions.current().defaultQueueType(name));
		return new Entry(new RunningVirtualHost(running, alarms), new BlockedConnections(name), time, listening);
	}

	/**
	 * A virtual host that is running.
	 *
	 * @param blocked looks after those of its connections that are not read from
	 * @param listening ends that it hears of other definitions
	 */
	record Entry(RunningVirtualHost running, BlockedConnections blocked, VirtualHostTime time, Runnable listening) {

	}

}
