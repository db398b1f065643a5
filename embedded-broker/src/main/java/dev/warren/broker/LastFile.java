package dev.warren.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last file of a disk store, as it is before the store is opened. Berkeley DB cuts it
 * off at the first record that it cannot read, without a word: after a power cut that is
 * the record it was writing, but it may be any.
 */
final class LastFile {

	private static final Logger logger = LoggerFactory.getLogger(LastFile.class);

	private final Path file;

	private final Path copy;

	private LastFile(Path file, Path copy) {
		this.file = file;
		this.copy = copy;
	}

	/**
	 * Copies the file, if there is one.
	 * @param store the directory of the store
	 */
	static Optional<LastFile> copy(Path store) {
		try (Stream<Path> files = Files.list(store)) {
			Optional<Path> last = files.filter((file) -> file.toString().endsWith(".jdb"))
				.max(Comparator.naturalOrder());
			if (last.isEmpty()) {
				return Optional.empty();
			}
			Path file = last.get();
			Path copy = store.resolve("cut-off-" + UUID.randomUUID() + "-" + file.getFileName() + ".damaged");
			return Optional.of(new LastFile(file, Files.copy(file, copy)));
		}
		catch (IOException ex) {
			logger.warn("Should the end of the store at {} be damaged, there will be no copy of it: {}", store,
					ex.toString());
			return Optional.empty();
		}
	}

	/**
	 * To be called when the store is open. The copy stays if the file was cut off.
	 */
	void keepIfCutOff() {
		try {
			long same = Files.mismatch(this.copy, this.file);
			long length = Files.size(this.copy);
			if (same < 0 || same >= length) {
				Files.delete(this.copy);
			}
			else {
				logger.error(
						"The last {} bytes of {} cannot be read, from byte {} on, as after a power cut, and the broker "
								+ "goes on without them. The file as it was is now {}.",
						length - same, this.file, same, this.copy);
			}
		}
		catch (IOException ex) {
			logger.warn("The copy {} of the end of the store cannot be compared: {}", this.copy, ex.toString());
		}
	}

}
