package dev.warren.broker.rabbitmq.definitions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/**
 * Files and directories that only their owner may use, where the file system knows
 * owners.
 */
public final class OwnersOnly {

	/** The permissions of files. */
	public static final String FILE = "rw-------";

	/** The permissions of directories. */
	public static final String DIRECTORY = "rwx------";

	private OwnersOnly() {
	}

	/**
	 * Creates an empty file, closed to others from the beginning.
	 */
	public static void create(Path file) throws IOException {
		Files.createFile(file, attributes(Objects.requireNonNull(file.toAbsolutePath().getParent()), FILE));
	}

	/**
	 * What to create something with.
	 * @param existing a directory on the same file system
	 * @param permissions {@link #FILE} or {@link #DIRECTORY}
	 */
	public static FileAttribute<?>[] attributes(Path existing, String permissions) throws IOException {
		return isPosix(existing)
				? new FileAttribute<?>[] {
						PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)) }
				: new FileAttribute<?>[0];
	}

	public static boolean isPosix(Path existing) throws IOException {
		return Files.getFileStore(existing).supportsFileAttributeView(PosixFileAttributeView.class);
	}

}
