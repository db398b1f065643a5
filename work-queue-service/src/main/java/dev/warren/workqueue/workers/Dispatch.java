package dev.warren.workqueue.workers;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.MetricsCollector;
import dev.warren.messaging.listener.ListenerGroup;
import dev.warren.messaging.listener.ListenerGroup.Member;
import dev.warren.workqueue.Worker;
import dev.warren.workqueue.WorkProperties;
import dev.warren.workqueue.tasks.TaskProgress;
import dev.warren.workqueue.tasks.TaskProgress.Holding;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/**
 * How many tasks a worker may hold, changed while it works.
 * <p>
 * A listener container takes another prefetch when it is started again, and gives back
 * what it has prefetched when the task in hand is done. That may be long after somebody
 * wanted the tasks to go to others, so they are given back here, at once: all that were
 * delivered after the one in hand, which the client's metrics tell.
 */
@Component
public class Dispatch {

	private static final long RESTART_MILLIS = 5000;

	private final ListenerGroup<Worker> workers;

	private final SimpleRabbitListenerContainerFactory containers;

	private final TaskProgress progress;

	// The delivery tag of the last task that was delivered to a worker.
	private final Map<String, Long> delivered = new ConcurrentHashMap<>();

	private volatile int prefetch;

	Dispatch(ListenerGroup<Worker> workers,
			@Qualifier("workerContainers") SimpleRabbitListenerContainerFactory containers, TaskProgress progress,
			CachingConnectionFactory connectionFactory, WorkProperties properties) {
		this.workers = workers;
		this.containers = containers;
		this.progress = progress;
		this.prefetch = properties.prefetch();
		com.rabbitmq.client.ConnectionFactory client = connectionFactory.getRabbitConnectionFactory();
		client.setMetricsCollector(noteDeliveries(client.getMetricsCollector()));
	}

	private MetricsCollector noteDeliveries(MetricsCollector metrics) {
		return (MetricsCollector) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { MetricsCollector.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("consumedMessage") && arguments[2] instanceof String consumerTag) {
						note(consumerTag, (Long) arguments[1]);
					}
					return invoke(metrics, method, arguments);
				});
	}

	private void note(String consumerTag, Long deliveryTag) {
		if (!this.delivered.containsKey(consumerTag)) {
			this.delivered.keySet().retainAll(this.workers.list().stream().map(Member::id).toList());
		}
		this.delivered.put(consumerTag, deliveryTag);
	}

	private static @Nullable Object invoke(Object target, Method method, @Nullable Object[] arguments)
			throws Throwable {
		try {
			return method.invoke(target, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	/**
	 * What AMQP is told for a number of tasks.
	 */
	static int limit(int prefetch) {
		return (prefetch > 0) ? prefetch : WorkProperties.UNLIMITED_PREFETCH;
	}

	/**
	 * How many tasks a worker may hold.
	 * @return the number, 0 for as many as {@link WorkProperties#UNLIMITED_PREFETCH}
	 */
	public int prefetch() {
		return this.prefetch;
	}

	/**
	 * Changes how many tasks a worker may hold, of those there are and those to come.
	 * What a worker has not begun goes back to the queue. On return idle workers receive
	 * again; those that are at a task will when it is done.
	 * @param changed the number
	 */
	public void change(int changed) {
		CompletableFuture.allOf(restartAll(changed))
			.exceptionally((failure) -> null)
			// Without a broker, or if a worker has just begun a task.
			.completeOnTimeout(null, RESTART_MILLIS, TimeUnit.MILLISECONDS)
			.join();
	}

	private synchronized CompletableFuture<?>[] restartAll(int changed) {
		this.prefetch = changed;
		this.containers.setPrefetchCount(limit(changed));
		List<CompletableFuture<?>> idle = new ArrayList<>();
		for (Member<Worker> worker : this.workers.list()) {
			CompletableFuture<?> restarted = worker.restart((container) -> container.setPrefetchCount(limit(changed)));
			this.progress.heldBy(worker.id())
				.ifPresentOrElse((holding) -> holding.giveBackOthers(this.delivered.getOrDefault(worker.id(), 0L)),
						() -> idle.add(restarted));
		}
		return idle.toArray(CompletableFuture<?>[]::new);
	}

}
