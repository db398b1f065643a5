package dev.warren.broker.rabbitmq.definitions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Files that only their owner may read and write.
 */
public final class OwnersOnly {

	private OwnersOnly() {
	}

	/**
	 * Creates an empty file, closed to others from the beginning.
	 */
	public static void create(Path file) throws IOException {
		Path directory = file.toAbsolutePath().getParent();
		if (Files.getFileStore(directory).supportsFileAttributeView(PosixFileAttributeView.class)) {
			Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
		}
		else {
			Files.createFile(file);
		}
	}

}
