package dev.warren.broker.rabbitmq.definitions;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * The definitions of a broker: they change while it runs, and are kept where it has a
 * place for them. Thread-safe.
 */
public final class DefinitionStore {

	private final @Nullable DefinitionFile file;

	private final List<Consumer<Definitions>> listeners = new CopyOnWriteArrayList<>();

	private volatile Definitions current;

	/**
	 * @param file where they are kept, or null for nowhere; one that is there counts
	 * @param initial what is defined first
	 */
	public DefinitionStore(@Nullable DefinitionFile file, Definitions initial) {
		this.file = file;
		Definitions kept = (file != null) ? file.read() : null;
		this.current = (kept != null) ? kept : initial;
		if (file != null && kept == null) {
			file.write(initial);
		}
	}

	public Definitions current() {
		return this.current;
	}

	/**
	 * Changes the definitions. When this returns they are on the disk, and all listeners
	 * have heard of it. What is for a user or a virtual host that is not there is left
	 * out.
	 * @param change makes the new definitions of the old
	 * @throws java.io.UncheckedIOException if they cannot be written: then nothing has
	 * changed
	 */
	public synchronized void change(UnaryOperator<Definitions> change) {
		Definitions changed = change.apply(this.current).withoutStrays();
		if (this.file != null) {
			this.file.write(changed);
		}
		this.current = changed;
		this.listeners.forEach((listener) -> listener.accept(changed));
	}

	/**
	 * Adds somebody who wants to know of each change, on the thread that makes it, and
	 * tells what is defined now.
	 * @return ends that
	 */
	public synchronized Runnable listen(Consumer<Definitions> listener) {
		listener.accept(this.current);
		this.listeners.add(listener);
		return () -> this.listeners.remove(listener);
	}

}
