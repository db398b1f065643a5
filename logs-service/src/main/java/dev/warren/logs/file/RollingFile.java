package dev.warren.logs.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that lines are added to. When it is full, it becomes {@code name.1}, what was
 * {@code name.1} becomes {@code name.2}, and so on; the last one goes.
 */
final class RollingFile {

	private final Path file;

	private final long maxSize;

	private final int files;

	/**
	 * Creates a file that is made, and its directory, with the first line.
	 * @param file the file
	 * @param maxSize how large it may be, in bytes; a single longer line may exceed it
	 * @param files how many files there may be, at least 1
	 */
	RollingFile(Path file, long maxSize, int files) {
		this.file = file.toAbsolutePath();
		this.maxSize = maxSize;
		this.files = files;
	}

	void append(String line) throws IOException {
		byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
		Files.createDirectories(this.file.getParent());
		long size = Files.isRegularFile(this.file) ? Files.size(this.file) : 0;
		if (size > 0 && size + bytes.length > this.maxSize) {
			roll();
		}
		Files.write(this.file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
	}

	private void roll() throws IOException {
		if (this.files == 1) {
			Files.delete(this.file);
		}
		for (int number = this.files - 1; number >= 1; number--) {
			Path from = numbered(number - 1);
			if (Files.exists(from)) {
				Files.move(from, numbered(number), StandardCopyOption.REPLACE_EXISTING);
			}
		}
	}

	private Path numbered(int number) {
		return (number == 0) ? this.file : this.file.resolveSibling(this.file.getFileName() + "." + number);
	}

}
