package dev.warren.broker.rabbitmq;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;

import org.apache.qpid.server.model.AbstractConfigurationChangeListener;
import org.apache.qpid.server.model.ConfiguredObject;
import org.apache.qpid.server.model.Queue;
import org.apache.qpid.server.model.State;
import org.apache.qpid.server.model.VirtualHost;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;

/**
 * The topology of each virtual host that is running, made when it is first connected to.
 */
public final class Topologies {

	private static final Map<QueueManagingVirtualHost<?>, Topology> RUNNING = new ConcurrentHashMap<>();

	private Topologies() {
	}

	/**
	 * @param name what clients call the virtual host
	 */
	static Topology of(QueueManagingVirtualHost<?> virtualHost, String name) {
		return RUNNING.computeIfAbsent(virtualHost, (key) -> start(virtualHost, name));
	}

	/**
	 * Forgets a virtual host. To be called for one that was closed: Qpid does not tell
	 * the listeners of its state.
	 */
	public static void stop(VirtualHost<?> virtualHost) {
		Topology topology = RUNNING.remove(virtualHost);
		if (topology != null) {
			topology.timers().shutdownNow();
		}
	}

	static Set<QueueManagingVirtualHost<?>> virtualHosts() {
		return Set.copyOf(RUNNING.keySet());
	}

	/**
	 * What the messages of all virtual hosts take of the heap they share, in bytes.
	 */
	static long memoryInUse() {
		long total = 0;
		for (Map.Entry<QueueManagingVirtualHost<?>, Topology> running : RUNNING.entrySet()) {
			total += running.getKey().getInMemoryMessageSize()
					+ Alarms.MESSAGE_OVERHEAD * running.getValue().messages().sum();
		}
		return total;
	}

	private static Topology start(QueueManagingVirtualHost<?> virtualHost, String name) {
		ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "timers-" + name);
			thread.setDaemon(true);
			return thread;
		});
		timers.setRemoveOnCancelPolicy(true);
		// While the broker closes nothing needs to expire any more.
		timers.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
		Alarms alarms = new Alarms(virtualHost);
		Topology topology = new Topology(name, new QpidTopology(virtualHost), new MessageLog(virtualHost), timers,
				alarms);
		restore(virtualHost, topology);
		alarms.start(timers);
		virtualHost.addChangeListener(new AbstractConfigurationChangeListener() {

			@Override
			public void stateChanged(ConfiguredObject<?> object, State oldState, State newState) {
				if (newState != State.ACTIVE) {
					stop(virtualHost);
				}
			}

		});
		return topology;
	}

	private static void restore(QueueManagingVirtualHost<?> virtualHost, Topology topology) {
		List<MessageQueue> queues = new ArrayList<>();
		for (Queue<?> stored : virtualHost.getChildren(Queue.class)) {
			if (stored instanceof QpidQueue durableForm) {
				QueueDefinition definition = durableForm.definition();
				MessageQueue queue = new MessageQueue(definition,
						QueueArguments.of(definition, topology.virtualHostName()), topology, null);
				queue.durableForm(durableForm);
				queues.add(queue);
			}
		}
		Map<Exchange, List<Topology.StoredBinding>> exchanges = new LinkedHashMap<>();
		for (org.apache.qpid.server.model.Exchange<?> stored : virtualHost
			.getChildren(org.apache.qpid.server.model.Exchange.class)) {
			if (stored instanceof QpidExchange durableForm) {
				Exchange exchange = new Exchange(durableForm.definition());
				exchange.durableForm(durableForm);
				exchanges.put(exchange, durableForm.storedBindings());
			}
		}
		topology.restore(queues, exchanges);
		// Last, because what expired meanwhile is dead-lettered at once.
		for (MessageQueue queue : queues) {
			Objects.requireNonNull(queue.durableForm()).connect(queue);
		}
	}

	private record QpidTopology(QueueManagingVirtualHost<?> virtualHost) implements Topology.DurableTopology {

		@Override
		public QpidQueue create(MessageQueue queue) {
			QpidQueue durableForm = (QpidQueue) this.virtualHost.createChild(Queue.class, QpidQueue.attributes(queue));
			durableForm.connect(queue);
			return durableForm;
		}

		@Override
		public QpidExchange create(Exchange exchange) {
			return (QpidExchange) this.virtualHost.createChild(org.apache.qpid.server.model.Exchange.class,
					QpidExchange.attributes(exchange.definition()));
		}

	}

}
