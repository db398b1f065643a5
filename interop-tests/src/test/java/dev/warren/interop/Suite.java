package dev.warren.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.warren.test.JavaProcess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The suite as it is packaged, a process of its own on free ports: on its own broker, or
 * on the one that the environment variable {@code WARREN_TEST_AMQP_URI} points to.
 */
final class Suite implements AutoCloseable {

	private static final Path JAR = Path.of("..", "suite", "target", "suite.jar").toAbsolutePath().normalize();

	private static final Pattern READY = Pattern.compile("(  curl )");

	private final Optional<String> broker;

	private final JavaProcess process;

	/**
	 * Starts it. A task with a dot lasts until its worker is crashed, and a reply may
	 * take as long as its server takes to start.
	 */
	Suite() {
		this(Optional.ofNullable(System.getenv("WARREN_TEST_AMQP_URI"))
			.map((uri) -> URI.create(uri).getAuthority().replaceFirst("^.*@", "")),
				"--work-queue-service.warren.work.dot=1m");
	}

	/**
	 * Starts it on a broker.
	 * @param broker host, port and virtual host
	 * @param properties of the suite
	 */
	Suite(String broker, String... properties) {
		this(Optional.of(broker), properties);
	}

	private Suite(Optional<String> broker, String... properties) {
		assertThat(JAR).as("made by ./mvnw package").isRegularFile();
		List<String> arguments = new ArrayList<>(List.of("--server.port=0", "--rpc-service.warren.rpc.timeout=1m"));
		arguments.addAll(List.of(properties));
		arguments.addAll(broker
			.map((address) -> List.of("--warren.broker.enabled=false", "--spring.rabbitmq.addresses=" + address))
			.orElse(List.of("--warren.broker.port=0", "--warren.broker.store=memory")));
		this.broker = broker;
		try {
			this.process = JavaProcess.startJar(Path.of("target"), JAR, arguments.toArray(String[]::new));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void awaitReady() {
		this.process.await(READY);
	}

	Service service(String name) {
		return new Service(announced(name + " +(http://\\S+)"));
	}

	/**
	 * Starts a program of a client, with the address of the broker.
	 */
	Program start(Client client, String program, String... arguments) throws IOException {
		return Program.start(client, brokerAddress(), program, arguments);
	}

	/**
	 * Starts a program of a client that declares its queue as today's tutorials do.
	 */
	Program startCurrent(Client client, String program, String... arguments) throws IOException {
		return Program.startCurrent(client, brokerAddress(), program, arguments);
	}

	private String brokerAddress() {
		return this.broker.isPresent() ? this.broker.get() : announced("amqp://(\\S+)");
	}

	/**
	 * Runs a program of a client, which must end well.
	 * @return what it said
	 */
	String run(Client client, String program, String... arguments) throws IOException, InterruptedException {
		try (Program started = start(client, program, arguments)) {
			return started.awaitSuccess();
		}
	}

	/**
	 * The lines it has logged so far that have a text.
	 */
	List<String> logged(String text) {
		return this.process.output().lines().filter((line) -> line.contains(text)).toList();
	}

	/**
	 * Something from the table in which the suite tells what runs where.
	 */
	private String announced(String pattern) {
		return this.process.await(Pattern.compile("^ +" + pattern, Pattern.MULTILINE));
	}

	@Override
	public void close() {
		this.process.close();
	}

}
