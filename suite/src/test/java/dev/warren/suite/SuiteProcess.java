package dev.warren.suite;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;

/**
 * The suite as a process of its own, on free ports and with the memory store unless told
 * otherwise.
 */
final class SuiteProcess implements AutoCloseable {

	private final Process process;

	private final List<String> output = new CopyOnWriteArrayList<>();

	private final Thread reader;

	SuiteProcess(Path directory, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-cp", System.getProperty("java.class.path"), SuiteApplication.class.getName()));
		command.addAll(List.of(arguments));
		this.process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
		this.reader = new Thread(this::read, "suite-output");
		this.reader.start();
	}

	static SuiteProcess onFreePorts(Path directory, String... arguments) throws IOException {
		Map<String, String> properties = new LinkedHashMap<>(Map.of("--warren.broker.port", "0",
				"--warren.broker.store", "memory", "--embedded-broker.server.port", "0"));
		Part.SERVICES.forEach((service) -> properties.put("--" + service.name() + ".server.port", "0"));
		for (String argument : arguments) {
			String[] property = argument.split("=", 2);
			properties.put(property[0], property[1]);
		}
		return new SuiteProcess(directory,
				properties.entrySet()
					.stream()
					.map((property) -> property.getKey() + "=" + property.getValue())
					.toArray(String[]::new));
	}

	private void read() {
		try (BufferedReader lines = this.process.inputReader()) {
			lines.lines().forEach(this.output::add);
		}
		catch (IOException ex) {
			this.output.add(ex.toString());
		}
	}

	SuiteProcess awaitReady() {
		Awaitility.await()
			.atMost(2, TimeUnit.MINUTES)
			.until(() -> !this.process.isAlive() || this.output.stream().anyMatch((line) -> line.contains("  curl ")));
		if (!this.process.isAlive()) {
			throw new AssertionError("the suite did not start:\n" + output());
		}
		return this;
	}

	/**
	 * The URL a part announces in the table.
	 */
	String url(String part) {
		Pattern pattern = Pattern.compile("^ +" + part + " +(http://\\S+)");
		return this.output.stream()
			.map(pattern::matcher)
			.filter(Matcher::find)
			.map((matcher) -> matcher.group(1))
			.findFirst()
			.orElseThrow(() -> new AssertionError("no URL for " + part + ":\n" + output()));
	}

	/**
	 * Asks it to stop, as Ctrl-C does, and waits until it has.
	 * @return its exit code
	 */
	int terminate() throws InterruptedException {
		// Not Process.destroy(), which closes the output as well.
		this.process.toHandle().destroy();
		return awaitExit();
	}

	int awaitExit() throws InterruptedException {
		if (!this.process.waitFor(2, TimeUnit.MINUTES)) {
			throw new AssertionError("the suite does not end:\n" + output());
		}
		this.reader.join();
		return this.process.exitValue();
	}

	String output() {
		return String.join("\n", this.output);
	}

	@Override
	public void close() {
		this.process.destroyForcibly().onExit().join();
	}

}
