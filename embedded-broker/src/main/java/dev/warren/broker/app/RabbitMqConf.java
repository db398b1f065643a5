package dev.warren.broker.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A {@code rabbitmq.conf}: a key and a value on each line.
 *
 * @see <a href="https://www.rabbitmq.com/docs/configure#config-file">Configuration
 * file</a>
 */
final class RabbitMqConf {

	private static final String EXTENSION = ".conf";

	private RabbitMqConf() {
	}

	/**
	 * Reads the file.
	 * @param name its name, with or without {@code .conf}
	 * @throws IllegalArgumentException if it cannot be read
	 */
	static Map<String, String> read(String name) {
		Path file = Path.of(name);
		if (Files.notExists(file) && !name.endsWith(EXTENSION)) {
			file = Path.of(name + EXTENSION);
		}
		try {
			Map<String, String> values = new LinkedHashMap<>();
			for (String line : Files.readAllLines(file)) {
				int equals = line.indexOf('=');
				if (!line.isBlank() && !line.stripLeading().startsWith("#") && equals > 0) {
					values.put(line.substring(0, equals).strip(), unquoted(line.substring(equals + 1).strip()));
				}
			}
			return values;
		}
		catch (IOException ex) {
			throw new IllegalArgumentException("'%s', of RABBITMQ_CONFIG_FILE, cannot be read".formatted(file), ex);
		}
	}

	private static String unquoted(String value) {
		return (value.length() > 1 && value.startsWith("'") && value.endsWith("'"))
				? value.substring(1, value.length() - 1) : value;
	}

}
