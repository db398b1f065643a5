package dev.warren.broker.rabbitmq.definitions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Definitions in a file, in the JSON in which RabbitMQ exports them. It is replaced as a
 * whole, so that it is whole whenever the process or the machine stops.
 */
public final class DefinitionFile {

	private static final JsonMapper mapper = new JsonMapper();

	private static final ObjectWriter writer = mapper.writerWithDefaultPrettyPrinter();

	private final Path path;

	public DefinitionFile(Path path) {
		this.path = path;
	}

	/**
	 * What the file says, or null if there is none.
	 * @throws IllegalStateException if it cannot be understood
	 */
	@Nullable Definitions read() {
		if (Files.notExists(this.path)) {
			return null;
		}
		try {
			return DefinitionFormat.read(mapper.readTree(this.path.toFile()));
		}
		catch (JacksonException | IllegalArgumentException ex) {
			throw new IllegalStateException("'%s' cannot be understood: %s".formatted(this.path, ex.getMessage()), ex);
		}
	}

	void write(Definitions definitions) {
		byte[] json = writer.writeValueAsBytes(DefinitionFormat.toMap(definitions));
		Path written = this.path.resolveSibling(this.path.getFileName() + ".new");
		try {
			// Hashes of passwords are in it.
			Files.deleteIfExists(written);
			OwnersOnly.create(written);
			try (FileChannel channel = FileChannel.open(written, Set.of(StandardOpenOption.WRITE))) {
				ByteBuffer buffer = ByteBuffer.wrap(json);
				while (buffer.hasRemaining()) {
					channel.write(buffer);
				}
				channel.force(true);
			}
			replace(written);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("'%s' cannot be written".formatted(this.path), ex);
		}
	}

	private void replace(Path written) throws IOException {
		try {
			Files.move(written, this.path, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (AtomicMoveNotSupportedException ex) {
			Files.move(written, this.path, StandardCopyOption.REPLACE_EXISTING);
		}
		try (FileChannel directory = FileChannel.open(this.path.toAbsolutePath().getParent(),
				Set.of(StandardOpenOption.READ))) {
			directory.force(true);
		}
		catch (IOException ex) {
			// Windows opens no directories, and needs not be told.
			return;
		}
	}

}
