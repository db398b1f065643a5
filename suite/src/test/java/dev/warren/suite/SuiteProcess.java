package dev.warren.suite;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

import dev.warren.test.JavaProcess;

/**
 * The suite as a process of its own, on free ports and with the memory store unless told
 * otherwise.
 */
final class SuiteProcess implements AutoCloseable {

	private final JavaProcess process;

	private SuiteProcess(JavaProcess process) {
		this.process = process;
	}

	static SuiteProcess onFreePorts(Path directory, String... arguments) throws IOException {
		Map<String, String> properties = new LinkedHashMap<>(Map.of("--warren.broker.port", "0",
				"--warren.broker.store", "memory", "--embedded-broker.server.port", "0", "--console.server.port", "0"));
		Part.SERVICES.forEach((service) -> properties.put("--" + service.name() + ".server.port", "0"));
		for (String argument : arguments) {
			String[] property = argument.split("=", 2);
			properties.put(property[0], property[1]);
		}
		return new SuiteProcess(JavaProcess.start(directory, SuiteApplication.class,
				properties.entrySet()
					.stream()
					.map((property) -> property.getKey() + "=" + property.getValue())
					.toArray(String[]::new)));
	}

	SuiteProcess awaitReady() {
		this.process.await(Pattern.compile("(  curl )"));
		return this;
	}

	/**
	 * The URL a part announces in the table.
	 */
	String url(String part) {
		return this.process.await(Pattern.compile("^ +" + part + " +(http://\\S+)", Pattern.MULTILINE));
	}

	/**
	 * The broker's address.
	 */
	String amqp() {
		return this.process.await(Pattern.compile("(amqp://\\S+)"));
	}

	/**
	 * Asks it to stop, as Ctrl-C does, and waits until it has.
	 * @return its exit code
	 */
	int terminate() throws InterruptedException {
		return this.process.terminate();
	}

	int awaitExit() throws InterruptedException {
		return this.process.awaitExit();
	}

	String output() {
		return this.process.output();
	}

	@Override
	public void close() {
		this.process.close();
	}

}
