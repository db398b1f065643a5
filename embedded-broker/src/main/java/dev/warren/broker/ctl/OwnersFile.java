package dev.warren.broker.ctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.warren.broker.rabbitmq.definitions.OwnersOnly;

/**
 * A file with secrets in it, which only its owner may read.
 */
final class OwnersFile {

	private OwnersFile() {
	}

	static void write(Path file, byte[] content) throws IOException {
		Files.deleteIfExists(file);
		OwnersOnly.create(file);
		Files.write(file, content);
	}

}
