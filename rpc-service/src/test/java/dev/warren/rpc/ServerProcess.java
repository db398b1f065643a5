package dev.warren.rpc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;

/**
 * The service as a process of its own, with the role of the server alone, to be killed.
 */
final class ServerProcess implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(90);

	private static final Pattern HTTP = Pattern.compile("Tomcat started on port (\\d+)");

	private final Process process;

	private final Path output;

	ServerProcess(Path directory, String brokerAddress, String algorithm) throws IOException {
		this.output = Files.createTempFile(directory, "server", ".out");
		// It lives for seconds: the optimizing compiler would not pay off.
		this.process = new ProcessBuilder(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-cp", System.getProperty("java.class.path"), RpcServiceApplication.class.getName(),
						"--server.port=0", "--spring.rabbitmq.addresses=" + brokerAddress, "--warren.rpc.roles=server",
						"--warren.rpc.algorithm=" + algorithm, "--warren.rpc.timeout=60s"))
			.directory(directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(this.output.toFile())
			.start();
	}

	/**
	 * Waits until it has started.
	 */
	RpcService await() {
		return RpcService.at(Awaitility.await().atMost(TIMEOUT).until(() -> {
			Matcher started = HTTP.matcher(output());
			if (!started.find() && !this.process.isAlive()) {
				throw new IllegalStateException("The process has ended: " + output());
			}
			return started.reset().find() ? Integer.parseInt(started.group(1)) : 0;
		}, (port) -> port > 0));
	}

	String output() {
		try {
			return Files.readString(this.output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * SIGKILL.
	 */
	void kill() throws InterruptedException {
		this.process.destroyForcibly();
		awaitExit();
	}

	/**
	 * SIGTERM.
	 */
	int terminate() throws InterruptedException {
		this.process.toHandle().destroy();
		return awaitExit();
	}

	private int awaitExit() throws InterruptedException {
		if (!this.process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
			throw new IllegalStateException("The process still runs: " + output());
		}
		return this.process.exitValue();
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
