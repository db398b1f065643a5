package dev.warren.broker.rabbitmq.definitions;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Definitions of one kind, by their keys. Immutable: each change makes a new one.
 *
 * @param <D> the kind
 */
public final class Table<D extends Definition> {

	private final SortedMap<String, D> byKey;

	private Table(SortedMap<String, D> byKey) {
		this.byKey = byKey;
	}

	public static <D extends Definition> Table<D> of(Collection<D> definitions) {
		SortedMap<String, D> byKey = new TreeMap<>();
		definitions.forEach((one) -> byKey.put(one.key(), one));
		return new Table<>(byKey);
	}

	/**
	 * The one with these names, or null.
	 */
	public @Nullable D get(String... names) {
		return this.byKey.get(Definition.key(names));
	}

	public Collection<D> all() {
		return Collections.unmodifiableCollection(this.byKey.values());
	}

	/**
	 * Those that are meant.
	 */
	public List<D> where(Predicate<D> meant) {
		return this.byKey.values().stream().filter(meant).toList();
	}

	/**
	 * With one added, or in place of the one with its key.
	 */
	public Table<D> with(D definition) {
		SortedMap<String, D> copy = new TreeMap<>(this.byKey);
		copy.put(definition.key(), definition);
		return new Table<>(copy);
	}

	/**
	 * With several added.
	 */
	public Table<D> with(Collection<D> definitions) {
		SortedMap<String, D> copy = new TreeMap<>(this.byKey);
		definitions.forEach((one) -> copy.put(one.key(), one));
		return new Table<>(copy);
	}

	/**
	 * Without the one with these names, if it is there.
	 */
	public Table<D> without(String... names) {
		SortedMap<String, D> copy = new TreeMap<>(this.byKey);
		copy.remove(Definition.key(names));
		return new Table<>(copy);
	}

	/**
	 * Without those that are meant.
	 */
	public Table<D> without(Predicate<D> meant) {
		SortedMap<String, D> copy = new TreeMap<>(this.byKey);
		copy.values().removeIf(meant);
		return new Table<>(copy);
	}

}
