package dev.warren.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.warren.broker.EmbeddedBroker;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A user as whom a service under test logs in, whose login a test refuses and whose
 * permissions it takes away. Whenever something changes all connections are lost: an
 * embedded broker is replaced by another, empty one on the same port, and RabbitMQ closes
 * them, since it asks again what a user may do only when a channel opens.
 */
public final class BrokerUser implements AutoCloseable {

	private static final @Nullable String RABBITMQCTL = System.getenv("WARREN_TEST_RABBITMQCTL");

	private static final String NAME = "warren";

	private static final String PASSWORD = "right";

	private static final String EVERYTHING = ".*";

	private final int port;

	private @Nullable EmbeddedBroker embedded;

	private String password = PASSWORD;

	private String configure = EVERYTHING;

	private String write = EVERYTHING;

	private String read = EVERYTHING;

	private BrokerUser(int port) {
		this.port = port;
	}

	/**
	 * A user who may do everything, on an embedded broker of its own or on the one that
	 * {@code WARREN_TEST_AMQP_URI} names. There, the test is skipped unless
	 * {@code WARREN_TEST_RABBITMQCTL} is a program that controls it.
	 */
	public static BrokerUser create() {
		BrokerUnderTest broker = BrokerUnderTest.isExternal() ? BrokerUnderTest.start() : BrokerUnderTest.stopped();
		BrokerUser user = new BrokerUser(broker.port());
		if (BrokerUnderTest.isExternal()) {
			Assumptions.assumeTrue(RABBITMQCTL != null, "WARREN_TEST_RABBITMQCTL is not set");
			user.rabbitmqctl("add_user", NAME, PASSWORD);
		}
		user.change();
		return user;
	}

	/**
	 * Has the broker refuse the login, because of another password, and close the
	 * connections.
	 */
	public void refuseLogin() {
		this.password = "wrong";
		change();
	}

	/**
	 * Has the broker accept the login again.
	 */
	public void acceptLogin() {
		this.password = PASSWORD;
		change();
	}

	/**
	 * Has the broker permit something, in regular expressions on names, and close the
	 * connections.
	 */
	public void permit(String configure, String write, String read) {
		this.configure = configure;
		this.write = write;
		this.read = read;
		change();
	}

	/**
	 * Has the broker permit everything again.
	 */
	public void permitEverything() {
		permit(EVERYTHING, EVERYTHING, EVERYTHING);
	}

	private void change() {
		if (BrokerUnderTest.isExternal()) {
			rabbitmqctl("change_password", NAME, this.password);
			rabbitmqctl("set_permissions", "-p", "/", NAME, this.configure, this.write, this.read);
			rabbitmqctl("close_all_connections", "changed");
			return;
		}
		close();
		this.embedded = EmbeddedBroker.builder()
			.port(this.port)
			.user("guest", "guest")
			.user(NAME, this.password)
			.permissions("/", "guest", EVERYTHING, EVERYTHING, EVERYTHING)
			.permissions("/", NAME, this.configure, this.write, this.read)
			.start();
	}

	private void rabbitmqctl(String... arguments) {
		List<String> command = new ArrayList<>(List.of(String.valueOf(RABBITMQCTL)));
		command.addAll(List.of(arguments));
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			if (process.onExit().orTimeout(1, TimeUnit.MINUTES).join().exitValue() != 0) {
				throw new AssertionError(command + " failed: " + output);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The broker, for another user who may do everything.
	 */
	public BrokerUnderTest broker() {
		return BrokerUnderTest.at("127.0.0.1", this.port);
	}

	/**
	 * The properties with which a service logs in as this user.
	 */
	public String[] login() {
		return new String[] { "--spring.rabbitmq.username=" + NAME, "--spring.rabbitmq.password=" + PASSWORD };
	}

	@Override
	public void close() {
		if (this.embedded != null) {
			this.embedded.close();
			this.embedded = null;
		}
		else if (BrokerUnderTest.isExternal()) {
			rabbitmqctl("delete_user", NAME);
		}
	}

}
