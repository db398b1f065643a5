package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.warren.broker.EmbeddedBroker;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static dev.warren.broker.rabbitmq.RawConnection.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What the log says of clients that are refused or closed.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionLogTests {

	private static final String CLIENT = "Closing the connection of 127\\.0\\.0\\.1:\\d+";

	private static final String WRONG_LOGIN = "ACCESS_REFUSED - login refused using PLAIN: no such user, or not its password";

	private EmbeddedBroker broker;

	private TestClient client;

	@BeforeEach
	void startBroker() {
		this.broker = BrokerUnderTest.startEmbedded();
		this.client = new TestClient(this.broker.host(), this.broker.port());
	}

	@AfterEach
	void stopBroker() throws Exception {
		this.client.close();
		this.broker.close();
	}

	@Test
	void aRefusedLoginIsLogged(CapturedOutput output) {
		assertThatExceptionOfType(AuthenticationFailureException.class)
			.isThrownBy(() -> this.client.connect((factory) -> factory.setPassword("wrong")));

		assertThat(lines(output)).singleElement()
			.asString()
			.contains(" WARN ")
			.containsPattern(CLIENT + Pattern.quote(", user 'guest': " + WRONG_LOGIN) + "$")
			.doesNotContain("'wrong'");
	}

	@Test
	void aRefusedLoginOfAnOldClientIsLogged(CapturedOutput output) throws Exception {
		RawConnection raw = this.client.raw();
		raw.start();
		raw.send(0, new AMQP.Connection.StartOk.Builder().mechanism("PLAIN").response("\0nobody\0secret").build());
		raw.expectEnd();

		assertThat(lines(output)).singleElement().asString().endsWith(", user 'nobody': " + WRONG_LOGIN);
		assertThat(output).doesNotContain("secret");
	}

	@Test
	void aResponseThatIsNoLoginIsNotShown(CapturedOutput output) throws Exception {
		RawConnection raw = this.client.raw();
		raw.start();
		raw.sendStartOk("PLAIN", "secret\0".getBytes());
		raw.expectRefusal();

		assertThat(lines(output)).singleElement().asString().endsWith(": " + WRONG_LOGIN);
		assertThat(output).doesNotContain("secret");
	}

	@Test
	void guestFromAnotherMachineIsLogged(CapturedOutput output) throws IOException {
		Optional<String> address = NetworkInterface.networkInterfaces()
			.flatMap(NetworkInterface::inetAddresses)
			.filter((candidate) -> candidate instanceof Inet4Address && !candidate.isLoopbackAddress())
			.map(InetAddress::getHostAddress)
			.findFirst();
		assumeTrue(address.isPresent(), "there is no address that is not loopback");
		try (EmbeddedBroker open = EmbeddedBroker.builder().bindAddress("*").start()) {
			ConnectionFactory factory = new ConnectionFactory();
			factory.setHost(address.orElseThrow());
			factory.setPort(open.port());

			assertThatExceptionOfType(AuthenticationFailureException.class).isThrownBy(factory::newConnection);
		}

		assertThat(lines(output)).singleElement()
			.asString()
			// Where containers run, it may come from one of their addresses.
			.containsPattern("Closing the connection of (?!127\\.)[0-9.]+:")
			.endsWith(", user 'guest': ACCESS_REFUSED - login refused using PLAIN:"
					+ " this user may only come from the broker's own machine");
	}

	@Test
	void aVirtualHostThatIsNotThereIsLogged(CapturedOutput output) {
		assertThatIOException().isThrownBy(() -> this.client.connect((factory) -> factory.setVirtualHost("shop")));

		assertThat(lines(output)).singleElement()
			.asString()
			.endsWith(", user 'guest', virtual host 'shop': NOT_ALLOWED - vhost shop not found");
	}

	@Test
	void aVirtualHostThatIsForbiddenIsLogged(CapturedOutput output) {
		assertThatIOException().isThrownBy(() -> this.client.connect((factory) -> {
			factory.setUsername("outsider");
			factory.setPassword("outsider");
		}));

		assertThat(lines(output)).singleElement()
			.asString()
			.endsWith(", user 'outsider', virtual host '/':"
					+ " NOT_ALLOWED - access to vhost '/' refused for user 'outsider'");
	}

	@Test
	void aProtocolErrorIsLoggedOnce(CapturedOutput output) throws Exception {
		RawConnection raw = this.client.raw().openChannel();
		raw.frame(42, 1, 0, 0);
		raw.frame(42, 1, 0, 0);
		raw.expectClose(501, "FRAME_ERROR - .*");

		assertThat(lines(output)).singleElement()
			.asString()
			.endsWith(", user 'guest', virtual host '/': FRAME_ERROR - type 42: unknown frame type");
	}

	@Test
	void anInternalErrorThatTheClientIsToBlameForIsLogged(CapturedOutput output) throws Exception {
		Connection connection = this.client.connect();
		Map<String, Object> arguments = Map.of("hash-header", 1);

		assertThatIOException().isThrownBy(
				() -> connection.createChannel().exchangeDeclare("hash", "x-consistent-hash", false, false, arguments));

		assertThat(lines(output)).singleElement()
			.asString()
			.endsWith(", user 'guest', virtual host '/': INTERNAL_ERROR - 'hash-header' is not a text");
	}

	@Test
	void aMethodOutOfOrderIsLogged(CapturedOutput output) throws Exception {
		RawConnection raw = this.client.raw();
		raw.start();
		raw.send(0, new AMQP.Connection.Open.Builder().virtualHost("/").build());
		raw.expectRefusal();

		assertThat(lines(output)).singleElement()
			.asString()
			.containsPattern(CLIENT + ": COMMAND_INVALID - unexpected method 40 of class connection$");
	}

	@Test
	void missedHeartbeatsAreLogged(CapturedOutput output) throws Exception {
		this.client.raw().open(1).expectEnd();

		assertThat(lines(output)).singleElement()
			.asString()
			.endsWith(", user 'guest', virtual host '/': missed heartbeats from client");
	}

	@Test
	void neitherGoodClientsNorTheBrokersEndAreLogged(CapturedOutput output) throws Exception {
		this.client.connect().close();
		this.client.connect();

		this.broker.close();

		assertThat(lines(output)).isEmpty();
	}

	@Test
	void aNameStaysOnItsLineAndIsCut(CapturedOutput output) throws Exception {
		RawConnection raw = this.client.raw();
		raw.start();
		raw.sendStartOk("PLAIN",
				plain("x\n2026-11-28 WARN forged \u001b[2J\u202e\u2028%s{}" + "y".repeat(3000), "wrong"));
		raw.expectClose(403, "ACCESS_REFUSED - .*");

		assertThat(lines(output)).singleElement()
			.asString()
			.contains(", user 'x\\u000a2026-11-28 WARN forged \\u001b[2J\\u202e\\u2028%s{}yyy")
			.endsWith("yyy\u2026': " + WRONG_LOGIN)
			.hasSizeLessThan(600);
		assertThat(output.getAll().lines()).noneMatch((line) -> line.startsWith("2026-11-28 WARN forged"));
	}

	@Test
	void ofAThousandRefusedLoginsFewAreLoggedAndTheRestIsCounted(CapturedOutput output) throws Exception {
		for (int i = 0; i < 1000; i++) {
			try (RawConnection raw = new RawConnection(this.client.host(), this.client.port())) {
				raw.start();
				raw.sendStartOk("PLAIN", plain("stranger", "wrong"));
				raw.expectClose(403, "ACCESS_REFUSED - .*");
			}
		}

		Awaitility.await().untilAsserted(() -> assertThat(logged(output)).isEqualTo(1000));
		assertThat(lines(output)).hasSizeLessThan(1000 / 2);
	}

	/** How many lines there are, and how many these say there would have been more. */
	private static int logged(CapturedOutput output) {
		int counted = Pattern.compile("and (\\d+) more within a second")
			.matcher(output.getAll())
			.results()
			.mapToInt((rest) -> Integer.parseInt(rest.group(1)))
			.sum();
		return counted + lines(output).size();
	}

	private static List<String> lines(CapturedOutput output) {
		return output.getAll().lines().filter((line) -> line.contains("Closing the connection of")).toList();
	}

}
