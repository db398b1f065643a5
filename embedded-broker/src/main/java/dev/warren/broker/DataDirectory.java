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

import org.jspecify.annotations.Nullable;

/**
 * The disk store's directory, held by a lock for as long as the broker runs: one
 * directory for each virtual host, and the lock file. The operating system drops the lock
 * with the process, so a killed broker leaves nothing to clean up.
 */
final class DataDirectory implements AutoCloseable {

	static final String LOCK_FILE = "broker.lock";

	private static final String REMEDY = "Set 'warren.broker.data-dir' to a directory this process may write, "
			+ "or 'warren.broker.store' to 'memory'.";

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
			channel = FileChannel.open(directory.resolve(LOCK_FILE), StandardOpenOption.CREATE,
					StandardOpenOption.WRITE);
			if (!lock(channel)) {
				channel.close();
				throw new BrokerStartException("The data directory '" + directory + "' is in use by another broker.",
						"Stop that broker, or set 'warren.broker.data-dir' to another directory.");
			}
			return new DataDirectory(directory, channel);
		}
		catch (IOException ex) {
			closeQuietly(channel, ex);
			throw new BrokerStartException("The data directory '" + directory + "' cannot be used: " + reason(ex) + ".",
					REMEDY, ex);
		}
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

	private static void createDirectories(Path path) throws IOException {
		if (Files.exists(path) && !Files.isDirectory(path)) {
			throw new NotDirectoryException(path.toString());
		}
		Files.createDirectories(path);
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

	private static void closeQuietly(@Nullable FileChannel channel, IOException failure) {
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

}
