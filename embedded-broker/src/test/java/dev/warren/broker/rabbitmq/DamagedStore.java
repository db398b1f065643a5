package dev.warren.broker.rabbitmq;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

import com.sleepycat.je.Cursor;
import com.sleepycat.je.Database;
import com.sleepycat.je.DatabaseConfig;
import com.sleepycat.je.DatabaseEntry;
import com.sleepycat.je.Environment;
import com.sleepycat.je.EnvironmentConfig;
import com.sleepycat.je.OperationStatus;

/**
 * Damages single records of the disk store of a broker that does not run, and repairs
 * them. What the tests of damage know of the store is here.
 */
final class DamagedStore {

	private static final DatabaseConfig CONFIG = new DatabaseConfig().setTransactional(true).setAllowCreate(true);

	private final Path directory;

	private final List<Damage> damages = new ArrayList<>();

	DamagedStore(Path dataDirectory) {
		this.directory = dataDirectory.resolve("virtual-hosts/%2F");
	}

	void damageDefinition(String name) {
		damage("CONFIGURED_OBJECTS", "\"name\":\"" + name + "\"");
	}

	void damageBinding(String key) {
		damage("RABBITMQ_BINDINGS", key);
	}

	void damageMessage(String routingKeyOrHeader) {
		damage("MESSAGE_METADATA", routingKeyOrHeader);
	}

	/**
	 * Leaves the message without its body.
	 */
	void removeBody(String body) {
		open("MESSAGE_CONTENT", (database) -> {
			Damage found = find(database, "MESSAGE_CONTENT", body);
			database.delete(null, new DatabaseEntry(found.key()));
		});
	}

	private void damage(String table, String text) {
		open(table, (database) -> {
			Damage found = find(database, table, text);
			byte[] damaged = found.value().clone();
			Arrays.fill(damaged, (byte) 0xc5);
			database.put(null, new DatabaseEntry(found.key()), new DatabaseEntry(damaged));
		});
	}

	private Damage find(Database database, String table, String text) {
		DatabaseEntry key = new DatabaseEntry();
		DatabaseEntry value = new DatabaseEntry();
		try (Cursor cursor = database.openCursor(null, null)) {
			while (cursor.getNext(key, value, null) == OperationStatus.SUCCESS) {
				if (new String(value.getData(), StandardCharsets.ISO_8859_1).contains(text)) {
					Damage found = new Damage(table, key.getData(), value.getData());
					this.damages.add(found);
					return found;
				}
			}
		}
		throw new AssertionError("No record of " + table + " has the text " + text);
	}

	/**
	 * Puts everything back where and as it was.
	 */
	void repair() {
		for (Damage damage : this.damages) {
			open(damage.table(), (database) -> database.put(null, new DatabaseEntry(damage.key()),
					new DatabaseEntry(damage.value())));
			open("RABBITMQ_UNREADABLE", (database) -> database.delete(null, new DatabaseEntry(damage.key())));
		}
		this.damages.clear();
	}

	private void open(String table, Consumer<Database> action) {
		try (Environment environment = new Environment(this.directory.toFile(),
				new EnvironmentConfig().setTransactional(true));
				Database database = environment.openDatabase(null, table, CONFIG)) {
			action.accept(database);
		}
	}

	private record Damage(String table, byte[] key, byte[] value) {

	}

}
