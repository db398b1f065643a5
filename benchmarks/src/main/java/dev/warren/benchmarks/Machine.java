package dev.warren.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a benchmark runs on.
 */
final class Machine {

	private Machine() {
	}

	static String describe() throws IOException {
		String model = Files.readAllLines(Path.of("/proc/cpuinfo"))
			.stream()
			.filter((line) -> line.startsWith("model name"))
			.findFirst()
			.map((line) -> line.substring(line.indexOf(':') + 2))
			.orElse("unknown CPU");
		return "%s, %d cores; Java %s; %s %s".formatted(model, Runtime.getRuntime().availableProcessors(),
				Runtime.version(), System.getProperty("os.name"), System.getProperty("os.version"));
	}

}
