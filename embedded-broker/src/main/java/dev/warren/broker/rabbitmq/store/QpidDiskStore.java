package dev.warren.broker.rabbitmq.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

import com.sleepycat.je.DatabaseEntry;
import dev.warren.broker.rabbitmq.disk.QpidDiskFiles;
import dev.warren.broker.rabbitmq.disk.RecordTable;
import org.apache.qpid.server.model.ConfiguredObject;
import org.apache.qpid.server.model.Exchange;
import org.apache.qpid.server.model.Queue;
import org.apache.qpid.server.model.VirtualHost;
import org.apache.qpid.server.model.VirtualHostNode;
import org.apache.qpid.server.store.ConfiguredObjectRecord;
import org.apache.qpid.server.store.MessageStore;
import org.apache.qpid.server.store.StoreException;
import org.apache.qpid.server.store.berkeleydb.BDBConfigurationStore;
import org.apache.qpid.server.store.berkeleydb.tuple.ConfiguredObjectBinding;
import org.apache.qpid.server.store.berkeleydb.tuple.UUIDTupleBinding;
import org.apache.qpid.server.store.handler.ConfiguredObjectRecordHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Qpid's disk store, with tables of our own in the same files: what is written to them is
 * on the disk before anything that is written to the others later. What cannot be read is
 * kept and reported, and the rest is read.
 */
public class QpidDiskStore extends BDBConfigurationStore {

	private static final Logger logger = LoggerFactory.getLogger(QpidDiskStore.class);

	private static final byte[] CLOSED = { 'c', 'l', 'o', 's', 'e', 'd' };

	private static final byte[] ALL = {};

	private static final int LONGEST_REASON = 120;

	/** Qpid's own table. */
	private final RecordTable definitions = new RecordTable(this, "CONFIGURED_OBJECTS");

	/** Definitions that could not be read, under their keys. */
	private final RecordTable unreadable = new RecordTable(this, "RABBITMQ_UNREADABLE");

	private final RecordTable state = new RecordTable(this, "RABBITMQ_STATE");

	private final RecordTable bindings = new RecordTable(this, "RABBITMQ_BINDINGS");

	private final RecordTable deliveries = new RecordTable(this, "RABBITMQ_DELIVERIES");

	private final String location;

	private final MessageStore messageStore = new TolerantMessageStore(super.getMessageStore(), this);

	private final AtomicBoolean failed;

	private boolean killed;

	/**
	 * @param location the directory with the files
	 * @param stopBroker is called, on a thread of its own, when the files cannot be used
	 * any more
	 */
	QpidDiskStore(String location, Runnable stopBroker) {
		this(location, stopBroker, new AtomicBoolean());
	}

	private QpidDiskStore(String location, Runnable stopBroker, AtomicBoolean failed) {
		super((node) -> new QpidDiskFiles(node, (cause) -> stop(location, stopBroker, failed, cause)),
				VirtualHost.class);
		this.location = location;
		this.failed = failed;
	}

	private static void stop(String location, Runnable stopBroker, AtomicBoolean failed, RuntimeException cause) {
		if (failed.compareAndSet(false, true)) {
			logger.error("The store at {} has failed, and the broker stops: {}. Its files stay as they are. "
					+ "Start it again when the disk is in order.", location, reason(cause));
			new Thread(stopBroker, "store-failed").start();
		}
	}

	/**
	 * The store of a virtual host; null if it is kept in memory.
	 */
	static @Nullable QpidDiskStore of(VirtualHost<?> virtualHost) {
		ConfiguredObject<?> node = virtualHost.getParent();
		return (node instanceof VirtualHostNode<?> parent
				&& parent.getConfigurationStore() instanceof QpidDiskStore store) ? store : null;
	}

	/**
	 * Copies the files of a virtual host that is kept on disk, while it is at work.
	 */
	public static void copyFiles(VirtualHost<?> virtualHost, Path target) throws IOException {
		QpidDiskStore store = of(virtualHost);
		if (store != null) {
			store.state.copyFiles(target);
		}
	}

	/**
	 * The directory with the files.
	 */
	String location() {
		return this.location;
	}

	RecordTable bindings() {
		return this.bindings;
	}

	RecordTable deliveries() {
		return this.deliveries;
	}

	@Override
	public MessageStore getMessageStore() {
		return this.messageStore;
	}

	/**
	 * Whether whoever had the store before us ended without closing it.
	 */
	boolean wasKilled() {
		return this.killed;
	}

	@Override
	public boolean openConfigurationStore(ConfiguredObjectRecordHandler handler,
			ConfiguredObjectRecord... initialRecords) {
		this.killed = !this.state.contains(CLOSED);
		if (!this.killed) {
			this.state.remove(List.of(CLOSED), true);
		}
		putUnreadableAside();
		return super.openConfigurationStore(handler, initialRecords);
	}

	/**
	 * Qpid would read all definitions or none.
	 */
	private void putUnreadableAside() {
		Map<byte[], byte[]> found = new LinkedHashMap<>();
		Set<String> types = new HashSet<>();
		this.definitions.forEach(ALL, (key, value) -> {
			try {
				ConfiguredObjectRecord definition = new ConfiguredObjectBinding(id(key))
					.entryToObject(new DatabaseEntry(value));
				check(definition);
				types.add(definition.getType());
			}
			catch (RuntimeException ex) {
				logger.error(
						"Definition {} of the store at {} cannot be read: {}. It is kept there, in table {}; "
								+ "if it is a queue's, so are its messages.",
						id(key), this.location, reason(ex), this.unreadable.name());
				found.put(key, value);
			}
		});
		if (!found.isEmpty() && !types.contains(VirtualHost.class.getSimpleName())) {
			throw new StoreException("The definition of the virtual host itself cannot be read");
		}
		this.definitions.moveSafely(found, this.unreadable);
	}

	private static void check(ConfiguredObjectRecord definition) {
		Object type = definition.getAttributes().get(ConfiguredObject.TYPE);
		if (QpidQueue.TYPE.equals(type) && definition.getType().equals(Queue.class.getSimpleName())) {
			QpidQueue.definition(definition.getAttributes());
		}
		if (QpidExchange.TYPE.equals(type) && definition.getType().equals(Exchange.class.getSimpleName())) {
			QpidExchange.definition(definition.getAttributes());
		}
	}

	/**
	 * The queues and exchanges whose definitions could not be read, now or earlier.
	 */
	Set<UUID> unreadableIds() {
		Set<UUID> ids = new HashSet<>();
		this.unreadable.forEach(ALL, (key, value) -> ids.add(id(key)));
		return ids;
	}

	private static UUID id(byte[] key) {
		return UUIDTupleBinding.getInstance().entryToObject(new DatabaseEntry(key));
	}

	/**
	 * Why something cannot be read, without the bytes that Qpid adds.
	 */
	static String reason(Throwable failure) {
		Throwable cause = failure;
		while (cause.getCause() != null) {
			cause = cause.getCause();
		}
		String text = cause.toString();
		return (text.length() > LONGEST_REASON) ? text.substring(0, LONGEST_REASON) + "…" : text;
	}

	@Override
	public void closeConfigurationStore() {
		if (isOpen() && !this.failed.get()) {
			try {
				this.state.putSafely(CLOSED, new byte[0]);
			}
			catch (RuntimeException ex) {
				logger.warn("The next broker will take this one for killed: {}", reason(ex));
			}
		}
		super.closeConfigurationStore();
	}

}
