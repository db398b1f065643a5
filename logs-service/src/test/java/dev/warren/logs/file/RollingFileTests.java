package dev.warren.logs.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

class RollingFileTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@Test
	void aLineIsWrittenAtOnce() throws Exception {
		Path file = this.directory.resolve("logs/critical.log");

		new RollingFile(file, 1000, 3).append("A kernel error \u2713");

		assertThat(Files.readString(file)).isEqualTo("A kernel error \u2713\n");
	}

	@Test
	void aFullFileMakesRoomAndTheOldestGoes() throws Exception {
		Path file = this.directory.resolve("critical.log");
		RollingFile output = new RollingFile(file, 1000, 3);
		for (int i = 0; i < 100; i++) {
			output.append("2026-11-27T21:58:26.565Z kern.critical: line " + i);
		}

		try (Stream<Path> files = Files.list(this.directory)) {
			assertThat(files.map((each) -> each.getFileName().toString())).containsExactlyInAnyOrder("critical.log",
					"critical.log.1", "critical.log.2");
		}
		String kept = Files.readString(this.directory.resolve("critical.log.2"))
				+ Files.readString(this.directory.resolve("critical.log.1")) + Files.readString(file);
		List<String> lines = kept.lines().map((line) -> line.replaceFirst(".*line ", "")).toList();
		assertThat(lines).hasSizeGreaterThan(30).last().isEqualTo("99");
		for (int i = 0; i < lines.size(); i++) {
			assertThat(lines.get(i)).isEqualTo(String.valueOf(100 - lines.size() + i));
		}
		for (String name : List.of("critical.log", "critical.log.1", "critical.log.2")) {
			assertThat(Files.size(this.directory.resolve(name))).isPositive().isLessThanOrEqualTo(1000);
		}
	}

	@Test
	void withOneFileTheOldLinesGo() throws Exception {
		Path file = this.directory.resolve("critical.log");
		RollingFile output = new RollingFile(file, 100, 1);
		output.append("x".repeat(60));
		output.append("y".repeat(60));

		assertThat(Files.readString(file)).contains("yyy").doesNotContain("xxx");
		try (Stream<Path> files = Files.list(this.directory)) {
			assertThat(files).hasSize(1);
		}
	}

	@Test
	void aFileThatExistsIsContinued() throws Exception {
		Path file = this.directory.resolve("critical.log");
		Files.writeString(file, "before\n");
		RollingFile output = new RollingFile(file, 1000, 3);
		output.append("after");

		assertThat(Files.readAllLines(file)).hasSize(2).first().isEqualTo("before");
	}

	@Test
	void whatCannotBeWrittenIsToldAndTriedAgainWithTheNext() throws Exception {
		Path file = this.directory.resolve("critical.log");
		Files.createDirectory(file);
		RollingFile output = new RollingFile(file, 1000, 3);
		assertThatIOException().isThrownBy(() -> output.append("lost"));
		Files.delete(file);

		output.append("written");

		assertThat(Files.readString(file)).contains("written");
	}

}
