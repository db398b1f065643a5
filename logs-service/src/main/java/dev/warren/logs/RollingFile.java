package dev.warren.logs;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Writes lines to a file. When it is full, it becomes {@code name.1}, what was
 * {@code name.1} becomes {@code name.2}, and so on; the last one goes.
 */
final class RollingFile implements LineOutput {

	private final Path file;

	private final long maxSize;

	private final int files;

	private @Nullable OutputStream out;

	private long size;

	/**
	 * Creates an output that opens its file, and makes the directory, with the first
	 * line.
	 * @param file the file
	 * @param maxSize how large it may be, in bytes; a single longer line may exceed it
	 * @param files how many files there may be, at least 1
	 */
	RollingFile(Path file, long maxSize, int files) {
		this.file = file;
		this.maxSize = maxSize;
		this.files = files;
	}

	@Override
	public void write(LogLine line) throws IOException {
		append(line.receivedAt() + " " + PrintableLine.of(line));
	}

	@Override
	public void lost(long count) throws IOException {
		append(Instant.now() + " " + count + " lines lost here: they came faster than the file takes them");
	}

	private void append(String text) throws IOException {
		byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
		try {
			OutputStream current = open();
			if (this.size > 0 && this.size + bytes.length > this.maxSize) {
				close();
				roll();
				current = open();
			}
			current.write(bytes);
			this.size += bytes.length;
		}
		catch (IOException ex) {
			// The next line tries with the file opened again.
			close();
			throw ex;
		}
	}

	private OutputStream open() throws IOException {
		OutputStream current = this.out;
		if (current == null) {
			Files.createDirectories(this.file.toAbsolutePath().getParent());
			current = Files.newOutputStream(this.file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
			this.size = Files.size(this.file);
			this.out = current;
		}
		return current;
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

	@Override
	public void close() throws IOException {
		OutputStream current = this.out;
		this.out = null;
		if (current != null) {
			current.close();
		}
	}

}
