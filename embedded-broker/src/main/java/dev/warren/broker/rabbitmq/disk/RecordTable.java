package dev.warren.broker.rabbitmq.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;

import com.sleepycat.je.Cursor;
import com.sleepycat.je.Database;
import com.sleepycat.je.DatabaseConfig;
import com.sleepycat.je.DatabaseEntry;
import com.sleepycat.je.Environment;
import com.sleepycat.je.LockMode;
import com.sleepycat.je.OperationStatus;
import com.sleepycat.je.Transaction;
import com.sleepycat.je.util.DbBackup;
import org.apache.qpid.server.store.StoreException;
import org.apache.qpid.server.store.berkeleydb.BDBConfigurationStore;
import org.apache.qpid.server.store.berkeleydb.BDBUtils;
import org.apache.qpid.server.store.berkeleydb.EnvironmentFacade;

/**
 * Records in the order of their keys, in the files of Qpid's disk store. All is written
 * in the order of the calls, together with what Qpid writes, so that something is safe
 * when anything later is.
 */
public final class RecordTable {

	private static final DatabaseConfig CONFIG = new DatabaseConfig().setTransactional(true).setAllowCreate(true);

	private final BDBConfigurationStore store;

	private final String name;

	public RecordTable(BDBConfigurationStore store, String name) {
		this.store = store;
		this.name = name;
	}

	public String name() {
		return this.name;
	}

	/**
	 * What the keys of all records of an owner start with.
	 */
	public static byte[] key(UUID owner) {
		return ByteBuffer.allocate(2 * Long.BYTES)
			.putLong(owner.getMostSignificantBits())
			.putLong(owner.getLeastSignificantBits())
			.array();
	}

	/**
	 * The key of one of an owner's records, which are in the order of their numbers.
	 */
	public static byte[] key(UUID owner, long number) {
		return ByteBuffer.allocate(3 * Long.BYTES).put(key(owner)).putLong(number).array();
	}

	/**
	 * The number in a key of one of an owner's records.
	 */
	public static long number(byte[] key) {
		return ByteBuffer.wrap(key).getLong(2 * Long.BYTES);
	}

	public boolean contains(byte[] key) {
		DatabaseEntry nothing = new DatabaseEntry();
		nothing.setPartial(0, 0, true);
		return database(facade()).get(null, new DatabaseEntry(key), nothing,
				LockMode.READ_UNCOMMITTED) == OperationStatus.SUCCESS;
	}

	/**
	 * Keeps a record, and waits until it is safe.
	 */
	public void putSafely(byte[] key, byte[] value) {
		put(key, value, EnvironmentFacade::commit);
	}

	/**
	 * Keeps a record, which is safe when anything later is.
	 */
	public void put(byte[] key, byte[] value) {
		put(key, value, EnvironmentFacade::commitNoSync);
	}

	/**
	 * Keeps a record such that it outlives this process, if perhaps not the machine.
	 */
	public void putPastProcess(byte[] key, byte[] value) {
		put(key, value, (facade, transaction) -> transaction.commitWriteNoSync());
	}

	private void put(byte[] key, byte[] value, BiConsumer<EnvironmentFacade, Transaction> commit) {
		change((database, transaction) -> database.put(transaction, new DatabaseEntry(key), new DatabaseEntry(value)),
				commit);
	}

	/**
	 * Forgets records.
	 * @param safely whether to wait until that is safe, or only until it will be when
	 * anything later is
	 */
	public void remove(Collection<byte[]> keys, boolean safely) {
		if (!keys.isEmpty()) {
			change((database,
					transaction) -> keys.forEach((key) -> database.delete(transaction, new DatabaseEntry(key))),
					safely ? EnvironmentFacade::commit : EnvironmentFacade::commitNoSync);
		}
	}

	/**
	 * Forgets all records whose keys start so, which is safe when anything later is.
	 */
	public void removeAll(byte[] prefix) {
		List<byte[]> keys = new ArrayList<>();
		forEach(prefix, (key, value) -> keys.add(key));
		remove(keys, false);
	}

	/**
	 * Moves records to another table, and waits until that is safe.
	 */
	public void moveSafely(Map<byte[], byte[]> records, RecordTable target) {
		if (!records.isEmpty()) {
			change((database, transaction) -> records.forEach((key, value) -> {
				target.database(facade()).put(transaction, new DatabaseEntry(key), new DatabaseEntry(value));
				database.delete(transaction, new DatabaseEntry(key));
			}), EnvironmentFacade::commit);
		}
	}

	private void change(BiConsumer<Database, Transaction> change, BiConsumer<EnvironmentFacade, Transaction> commit) {
		EnvironmentFacade facade = facade();
		Transaction transaction = null;
		try {
			Database database = database(facade);
			transaction = facade.beginTransaction(null);
			change.accept(database, transaction);
			commit.accept(facade, transaction);
		}
		catch (RuntimeException ex) {
			BDBUtils.abortTransactionSafely(transaction, facade);
			throw facade.handleDatabaseException("Cannot write to " + this.name, ex);
		}
	}

	/**
	 * Goes through the records whose keys start so, in order.
	 */
	public void forEach(byte[] prefix, BiConsumer<byte[], byte[]> action) {
		DatabaseEntry key = new DatabaseEntry(prefix);
		DatabaseEntry value = new DatabaseEntry();
		try (Cursor cursor = database(facade()).openCursor(null, null)) {
			OperationStatus status = cursor.getSearchKeyRange(key, value, LockMode.READ_UNCOMMITTED);
			while (status == OperationStatus.SUCCESS && startsWith(key.getData(), prefix)) {
				action.accept(key.getData(), value.getData());
				status = cursor.getNext(key, value, LockMode.READ_UNCOMMITTED);
			}
		}
	}

	private static boolean startsWith(byte[] key, byte[] prefix) {
		return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
	}

	/**
	 * Copies the files that this table is in, with all others in them, as they are at one
	 * moment, while they are written to.
	 * @param target a directory that is there
	 */
	public void copyFiles(Path target) throws IOException {
		Environment environment = database(facade()).getEnvironment();
		DbBackup backup = new DbBackup(environment);
		backup.startBackup();
		try {
			for (String file : backup.getLogFilesInBackupSet()) {
				Path copy = Files.copy(environment.getHome().toPath().resolve(file), target.resolve(file));
				try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
					channel.force(true);
				}
			}
		}
		finally {
			backup.endBackup();
		}
	}

	private EnvironmentFacade facade() {
		EnvironmentFacade facade = this.store.getEnvironmentFacade();
		if (facade == null) {
			throw new StoreException("The store is closed");
		}
		return facade;
	}

	private Database database(EnvironmentFacade facade) {
		return facade.openDatabase(this.name, CONFIG);
	}

}
