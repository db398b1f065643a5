package dev.warren.workqueue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The workers there are, and the prefetch they all have. One that crashed stays in the
 * list, until somebody takes it out or many others have crashed after it; nobody takes
 * its place.
 */
@Component
class Workers implements SmartLifecycle {

	private static final int MAX_CRASHED = 20;

	private final Workplace workplace;

	private final WorkProperties properties;

	private final Map<String, Worker> workers = new LinkedHashMap<>();

	private int started;

	private volatile int prefetch;

	private volatile boolean running;

	Workers(Workplace workplace, WorkProperties properties) {
		this.workplace = workplace;
		this.properties = properties;
		this.prefetch = properties.prefetch();
	}

	synchronized List<Worker> list() {
		this.workers.values().removeIf((worker) -> worker.state() == Worker.State.STOPPED);
		return new ArrayList<>(this.workers.values());
	}

	private List<Worker> list(Predicate<Worker.State> states) {
		return list().stream().filter((worker) -> states.test(worker.state())).toList();
	}

	/**
	 * Starts one more worker.
	 * @return the worker, or nothing if there are as many as there may be, or all are
	 * being stopped
	 */
	synchronized Optional<Worker> startOne() {
		if (!this.running || list((state) -> state != Worker.State.CRASHED).size() >= this.properties.maxWorkers()) {
			return Optional.empty();
		}
		Worker worker = new Worker("worker-" + ++this.started, this.workplace, () -> this.prefetch);
		worker.start();
		this.workers.put(worker.id(), worker);
		return Optional.of(worker);
	}

	/**
	 * Stops a worker gracefully, or forgets one that crashed.
	 * @return whether there was such a worker
	 */
	boolean stop(String id) {
		Optional<Worker> worker = find(id);
		worker.ifPresent((found) -> {
			if (found.state() == Worker.State.CRASHED) {
				forget(found);
			}
			else {
				found.stop();
			}
		});
		return worker.isPresent();
	}

	/**
	 * Has a worker crash.
	 * @return the worker, or nothing if there was no such worker, or it had crashed
	 */
	Optional<Worker> crash(String id) {
		Optional<Worker> crashed = find(id).filter(Worker::crash);
		List<Worker> all = list((state) -> state == Worker.State.CRASHED);
		all.subList(0, Math.max(0, all.size() - MAX_CRASHED)).forEach(this::forget);
		return crashed;
	}

	private Optional<Worker> find(String id) {
		return list().stream().filter((worker) -> worker.id().equals(id)).findFirst();
	}

	private synchronized void forget(Worker worker) {
		this.workers.remove(worker.id());
	}

	int prefetch() {
		return this.prefetch;
	}

	/**
	 * Changes how many tasks a worker may hold, at once and for all workers.
	 */
	void changePrefetch(int changed) {
		this.prefetch = changed;
		list((state) -> state == Worker.State.RUNNING).forEach(Worker::changePrefetch);
	}

	@Override
	public void start() {
		this.running = true;
		for (int i = 0; i < this.properties.workers(); i++) {
			startOne();
		}
	}

	/**
	 * Stops all workers gracefully. What a worker has not finished when the grace period
	 * is over goes back to the queue.
	 */
	@Override
	public void stop() {
		this.running = false;
		long deadline = System.nanoTime() + this.properties.gracePeriod().toNanos();
		List<Worker> all = list((state) -> state != Worker.State.CRASHED);
		all.forEach(Worker::stop);
		try {
			for (Worker worker : all) {
				worker.awaitEnd(deadline);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
