package dev.warren.broker;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.warren.broker.rabbitmq.definitions.DefinitionFile;
import dev.warren.broker.rabbitmq.definitions.OwnersOnly;
import org.jspecify.annotations.Nullable;

/**
 * The disk store's directory, held by a lock for as long as the broker runs: one
 * directory for each virtual host, the definitions, the number of their format, and the
 * lock file. The operating system drops the lock with the process, so a killed broker
 * leaves nothing to clean up.
 */
final class DataDirectory implements AutoCloseable {

	static final String LOCK_FILE = "broker.lock";

	static final String FORMAT_FILE = "format";

	/** To be raised when earlier code cannot read any more what is written. */
	private static final int FORMAT = 1;

	private static final String REMEDY = "Set 'warren.broker.data-dir' to a directory this process may write, "
			+ "or 'warren.broker.store' to 'memory'.";

	private static final String DEFINITIONS_FILE = "definitions.json";

	private final Path directory;

	private final FileChannel lock;

	private DataDirectory(Path directory, FileChannel lock) {
		this.directory = directory;
		this.lock = lock;
	}

	static DataDirectory open(Path path) {
		Path directory = path.toAbsolutePath().normalize();
		FileChannel channel = null;
		try {
			createDirectories(directory);
			channel = FileChannel.open(directory.resolve(LOCK_FILE),
					Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
					OwnersOnly.attributes(directory, OwnersOnly.FILE));
			if (!lock(channel)) {
				throw new BrokerStartException("The data directory '" + directory + "' is in use by another broker.",
						"Stop that broker, or set 'warren.broker.data-dir' to another directory.");
			}
			checkFormat(directory);
			return new DataDirectory(directory, channel);
		}
		catch (BrokerStartException ex) {
			closeQuietly(channel, ex);
			throw ex;
		}
		catch (IOException ex) {
			closeQuietly(channel, ex);
			throw new BrokerStartException("The data directory '" + directory + "' cannot be used: " + reason(ex) + ".",
					REMEDY, ex);
		}
	}

	/**
	 * Refuses what a later version has written. Directories from before there was this
	 * file are in the first format.
	 */
	private static void checkFormat(Path directory) throws IOException {
		Path file = directory.resolve(FORMAT_FILE);
		if (Files.exists(file)) {
			String format = Files.readString(file).strip();
			if (!format.matches("\\d{1,9}") || Integer.parseInt(format) > FORMAT) {
				throw new BrokerStartException(
						"The data directory '%s' is in the format '%s' of a later version; this one reads up to %d."
							.formatted(directory, format, FORMAT),
						"Start the version that has written it, or set 'warren.broker.data-dir' to another directory.");
			}
			return;
		}
		// Whole or not at all, whenever the process is killed.
		Path written = Files.createTempFile(directory, FORMAT_FILE, ".new");
		Files.writeString(written, FORMAT + "\n");
		Files.move(written, file);
	}

	private static boolean lock(FileChannel channel) throws IOException {
		try {
			FileLock lock = channel.tryLock();
			return lock != null;
		}
		catch (OverlappingFileLockException ex) {
			return false;
		}
	}

	/**
	 * The directory of a virtual host. Its name is encoded such that no name leaves the
	 * data directory, and no two share one.
	 */
	Path virtualHost(String name) {
		String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace(".", "%2E").replace("*", "%2A");
		Path path = this.directory.resolve("virtual-hosts").resolve(encoded);
		try {
			createDirectories(path);
			Path probe = Files.createTempFile(path, "write", ".probe");
			Files.delete(probe);
			return path;
		}
		catch (IOException ex) {
			throw new BrokerStartException("The data directory '" + path + "' cannot be used: " + reason(ex) + ".",
					REMEDY, ex);
		}
	}

	/**
	 * Where users, virtual hosts and the like are kept.
	 */
	DefinitionFile definitions() {
		return new DefinitionFile(this.directory.resolve(DEFINITIONS_FILE));
	}

	/**
	 * Begins a copy, which is no data directory until it is finished.
	 * @param target a directory that is not there yet, or is empty
	 */
	Copy copyTo(Path target) throws IOException {
		createDirectories(target);
		try (Stream<Path> files = Files.list(target)) {
			if (files.findAny().isPresent()) {
				throw new FileAlreadyExistsException(target.toString(), null, "there is something in it");
			}
		}
		return new Copy(target);
	}

	private static void createDirectories(Path path) throws IOException {
		if (Files.exists(path) && !Files.isDirectory(path)) {
			throw new NotDirectoryException(path.toString());
		}
		Path existing = path;
		while (Files.notExists(existing) && existing.getParent() != null) {
			existing = existing.getParent();
		}
		// Messages are nobody else's business.
		Files.createDirectories(path, OwnersOnly.attributes(existing, OwnersOnly.DIRECTORY));
	}

	/**
	 * Closes the files of a virtual host to others than their owner. Berkeley DB, which
	 * creates them, has no setting for it; files that it adds later are behind the
	 * directory, which is closed to others.
	 */
	void closeToOthers(String virtualHost) {
		Path path = virtualHost(virtualHost);
		try (Stream<Path> files = Files.list(path)) {
			if (OwnersOnly.isPosix(path)) {
				for (Path file : files.filter(Files::isRegularFile).toList()) {
					Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(OwnersOnly.FILE));
				}
			}
		}
		// Its files come and go.
		catch (NoSuchFileException ex) {
			return;
		}
		catch (IOException ex) {
			throw new BrokerStartException("The data directory '" + path + "' cannot be used: " + reason(ex) + ".",
					REMEDY, ex);
		}
	}

	private static String reason(IOException ex) {
		if (ex instanceof AccessDeniedException denied) {
			return "no permission to write '" + denied.getFile() + "'";
		}
		if (ex instanceof NoSuchFileException) {
			return "'" + ex.getMessage() + "' cannot be created";
		}
		if (ex instanceof NotDirectoryException || ex instanceof FileAlreadyExistsException) {
			return "'" + ex.getMessage() + "' is not a directory";
		}
		return (ex.getMessage() != null) ? ex.getMessage() : ex.toString();
	}

	private static void closeQuietly(@Nullable FileChannel channel, Exception failure) {
		if (channel != null) {
			try {
				channel.close();
			}
			catch (IOException ex) {
				failure.addSuppressed(ex);
			}
		}
	}

	/**
	 * Lets go of the lock. The lock file stays: deleting it would race with the next
	 * broker's locking it.
	 */
	@Override
	public void close() {
		try {
			this.lock.close();
		}
		catch (IOException ex) {
			throw new IllegalStateException("Cannot close the lock of " + this.directory, ex);
		}
	}

	/**
	 * A copy of this directory that is being made.
	 */
	final class Copy {

		private final Path target;

		private Copy(Path target) {
			this.target = target;
		}

		/**
		 * A new directory for the files of a virtual host.
		 */
		Path virtualHost(String name) throws IOException {
			Path path = this.target
				.resolve(DataDirectory.this.directory.relativize(DataDirectory.this.virtualHost(name)));
			createDirectories(path);
			return path;
		}

		/**
		 * Adds what makes it a data directory.
		 */
		void finish() throws IOException {
			for (String file : List.of(DEFINITIONS_FILE, FORMAT_FILE)) {
				Files.copy(DataDirectory.this.directory.resolve(file), this.target.resolve(file));
			}
		}

	}

}
