package dev.warren.broker.app;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of a data directory, whatever the store keeps in them. A store that only
 * appends loses, when the machine ends, some of what it wrote since it last waited for
 * the disk.
 */
final class DataFiles {

	private final Path directory;

	DataFiles(Path directory) {
		this.directory = directory;
	}

	private List<Path> list() throws IOException {
		try (Stream<Path> files = Files.walk(this.directory)) {
			return files.filter(Files::isRegularFile).toList();
		}
	}

	/**
	 * How long the files are. What was confirmed before is within.
	 */
	Map<Path, Long> lengths() throws IOException {
		Map<Path, Long> lengths = new TreeMap<>();
		for (Path file : list()) {
			lengths.put(file, Files.size(file));
		}
		return lengths;
	}

	/**
	 * Drops what was written since.
	 */
	void cut(Map<Path, Long> lengths) throws IOException {
		for (Path file : list()) {
			if (lengths.containsKey(file)) {
				resize(file, lengths.get(file));
			}
			else {
				Files.delete(file);
			}
		}
	}

	/**
	 * Keeps a part of what was written since, in which the last record is torn.
	 */
	void tear(Map<Path, Long> lengths, Random random) throws IOException {
		boolean cut = false;
		for (Path file : grown(lengths)) {
			long from = lengths.getOrDefault(file, 0L);
			if (cut) {
				resize(file, from);
			}
			else {
				resize(file, from + 1 + random.nextLong(Files.size(file) - from));
				cut = true;
			}
		}
	}

	/**
	 * Replaces what was written since, and what was to come, by what happened to be
	 * there.
	 */
	void garble(Map<Path, Long> lengths, Random random) throws IOException {
		for (Path file : grown(lengths)) {
			long from = lengths.getOrDefault(file, 0L);
			byte[] noise = new byte[(int) (Files.size(file) - from) + random.nextInt(500)];
			random.nextBytes(noise);
			try (RandomAccessFile target = new RandomAccessFile(file.toFile(), "rw")) {
				target.seek(from);
				target.write(noise);
			}
		}
	}

	/**
	 * The files that have grown, in the order of their names.
	 */
	private List<Path> grown(Map<Path, Long> lengths) throws IOException {
		List<Path> grown = new ArrayList<>();
		for (Path file : list()) {
			if (Files.size(file) > lengths.getOrDefault(file, 0L)) {
				grown.add(file);
			}
		}
		grown.sort(Comparator.naturalOrder());
		return grown;
	}

	private static void resize(Path file, long length) throws IOException {
		try (RandomAccessFile target = new RandomAccessFile(file.toFile(), "rw")) {
			target.setLength(length);
		}
	}

	/**
	 * Fills the disk they are on.
	 * @return what is to be deleted when the disk is to have room again
	 */
	Path fillDisk() throws IOException {
		Path filler = Files.createFile(this.directory.resolve("filler"));
		byte[] block = new byte[64 * 1024];
		try (RandomAccessFile target = new RandomAccessFile(filler.toFile(), "rw")) {
			while (true) {
				target.write(block);
			}
		}
		catch (IOException ex) {
			return filler;
		}
	}

}
