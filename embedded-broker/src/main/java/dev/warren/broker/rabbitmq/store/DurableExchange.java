package dev.warren.broker.rabbitmq.store;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.warren.broker.rabbitmq.disk.RecordTable;
import dev.warren.broker.rabbitmq.wire.ArgumentTable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An exchange in the store: its definition and its durable bindings, each a record of its
 * own. Not thread-safe.
 */
public final class DurableExchange {

	private static final Logger logger = LoggerFactory.getLogger(DurableExchange.class);

	private final QpidExchange stored;

	private final @Nullable RecordTable table;

	/** By which number the store knows each binding, in the order they were made. */
	private final Map<BindingDefinition, Long> numbers = new LinkedHashMap<>();

	private long lastNumber;

	/**
	 * @param disk null if nothing outlives the broker
	 */
	DurableExchange(QpidExchange stored, @Nullable QpidDiskStore disk) {
		this.stored = stored;
		this.table = (disk != null) ? disk.bindings() : null;
	}

	public ExchangeDefinition definition() {
		return this.stored.definition();
	}

	/**
	 * Reads the bindings, in the order they were made.
	 */
	public List<BindingDefinition> readBindings() {
		if (this.table != null) {
			this.table.forEach(key(), (key, value) -> {
				this.lastNumber = RecordTable.number(key);
				attempt(() -> this.numbers.put(toDefinition(ArgumentTable.read(ByteBuffer.wrap(value))),
						this.lastNumber), "Binding " + this.lastNumber);
			});
			RecordTable newTable = this.table;
			attempt(() -> takeOver(newTable, this.stored.oldBindings()), "An older broker's list of the bindings");
		}
		return List.copyOf(this.numbers.keySet());
	}

	private void attempt(Runnable read, String what) {
		try {
			read.run();
		}
		catch (RuntimeException ex) {
			logger.error("{} of exchange '{}' cannot be read and stays in the store at {}: {}", what,
					definition().name(), this.stored.getVirtualHost().getMessageStore().getStoreLocation(),
					QpidDiskStore.reason(ex));
		}
	}

	/**
	 * Older brokers wrote all bindings of an exchange into one text.
	 */
	private void takeOver(RecordTable newTable, List<Map<String, @Nullable Object>> old) {
		for (Map<String, @Nullable Object> table : old) {
			BindingDefinition binding = toDefinition(table);
			if (!this.numbers.containsKey(binding)) {
				newTable.put(key(this.lastNumber + 1), value(binding));
				this.numbers.put(binding, ++this.lastNumber);
			}
		}
		if (!old.isEmpty()) {
			this.stored.forgetOldBindings();
		}
	}

	/**
	 * Keeps a binding, and waits until it is safe.
	 */
	public void add(BindingDefinition binding) {
		if (this.table != null && !this.numbers.containsKey(binding)) {
			this.table.putSafely(key(this.lastNumber + 1), value(binding));
			this.numbers.put(binding, ++this.lastNumber);
		}
	}

	/**
	 * Forgets a binding.
	 * @param safely whether to wait until that is safe, or only until it will be when
	 * anything later is
	 */
	public void remove(BindingDefinition binding, boolean safely) {
		Long number = this.numbers.get(binding);
		if (this.table != null && number != null) {
			this.table.remove(List.of(key(number)), safely);
			this.numbers.remove(binding);
		}
	}

	/**
	 * Deletes the exchange with all its bindings.
	 */
	public void delete() {
		this.stored.deleteAsSystem();
		if (this.table != null) {
			this.table.removeAll(key());
		}
	}

	private byte[] key() {
		return RecordTable.key(this.stored.getId());
	}

	private byte[] key(long number) {
		return RecordTable.key(this.stored.getId(), number);
	}

	private static byte[] value(BindingDefinition binding) {
		return ArgumentTable.write(Map.of("target", binding.target(), "toExchange", binding.toExchange(), "key",
				binding.key(), "arguments", binding.arguments()));
	}

	@SuppressWarnings("unchecked")
	private static BindingDefinition toDefinition(Map<String, @Nullable Object> table) {
		return new BindingDefinition(String.valueOf(table.get("target")), Boolean.TRUE.equals(table.get("toExchange")),
				String.valueOf(table.get("key")),
				(Map<String, @Nullable Object>) Objects.requireNonNull(table.get("arguments")));
	}

}
