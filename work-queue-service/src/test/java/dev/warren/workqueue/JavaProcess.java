package dev.warren.workqueue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.warren.broker.app.EmbeddedBrokerApplication;
import org.awaitility.Awaitility;

/**
 * A service or a broker as a process of its own, to be killed.
 */
final class JavaProcess implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(90);

	private static final Pattern HTTP = Pattern.compile("Tomcat started on port (\\d+)");

	private static final Pattern AMQP = Pattern.compile("accepts AMQP connections at 127\\.0\\.0\\.1:(\\d+)");

	private static final Pattern DONE = Pattern.compile("worker-\\d+ has done (\\S+)");

	private final Process process;

	private final Path output;

	private JavaProcess(Class<?> application, Path directory, String... arguments) throws IOException {
		// Processes that live for seconds: the optimizing compiler would not pay off.
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-cp", System.getProperty("java.class.path"), application.getName(), "--server.port=0"));
		command.addAll(List.of(arguments));
		this.output = Files.createTempFile(directory, application.getSimpleName(), ".out");
		this.process = new ProcessBuilder(command).directory(directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(this.output.toFile())
			.start();
	}

	static JavaProcess service(Path directory, String brokerAddress, String... arguments) throws IOException {
		List<String> all = new ArrayList<>(
				List.of("--spring.rabbitmq.addresses=" + brokerAddress, "--warren.work.dot=10ms"));
		all.addAll(List.of(arguments));
		return new JavaProcess(WorkQueueServiceApplication.class, directory, all.toArray(String[]::new));
	}

	/**
	 * A broker with the disk store.
	 */
	static JavaProcess broker(Path directory, int port) throws IOException {
		return new JavaProcess(EmbeddedBrokerApplication.class, directory, "--warren.broker.port=" + port);
	}

	WorkClient awaitService() {
		return new WorkClient("http://127.0.0.1:" + await(HTTP));
	}

	int awaitBroker() {
		return Integer.parseInt(await(AMQP));
	}

	private String await(Pattern pattern) {
		return Awaitility.await().atMost(TIMEOUT).until(() -> {
			Matcher matcher = pattern.matcher(output());
			if (matcher.find()) {
				return matcher.group(1);
			}
			if (!this.process.isAlive()) {
				throw new IllegalStateException("The process has ended: " + output());
			}
			return "";
		}, (found) -> !found.isEmpty());
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
	 * The ids of the tasks that its workers did, if {@link Worker} logs at debug level.
	 */
	List<String> tasksDone() {
		return DONE.matcher(output()).results().map((match) -> match.group(1)).toList();
	}

	void kill() throws InterruptedException {
		this.process.destroyForcibly();
		awaitExit();
	}

	int terminate() throws InterruptedException {
		this.process.destroy();
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
