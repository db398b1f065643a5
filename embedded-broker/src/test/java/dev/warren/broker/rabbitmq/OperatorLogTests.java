package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.warren.broker.EmbeddedBroker;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
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
 * What the log says of clients: of those that are refused or closed, and of all where an
 * operator reads it.
 */
@ExtendWith(OutputCaptureExtension.class)
class OperatorLogTests {

	private static final String CLIENT = "Error on AMQP connection \\(127\\.0\\.0\\.1:\\d+ -> 127\\.0\\.0\\.1:\\d+";

	private static final String ENDS = "127\\.0\\.0\\.1:\\d+ -> 127\\.0\\.0\\.1:\\d+";

	private static final String WRONG_LOGIN = "- invalid credentials";

	private static final Pattern LINE = Pattern
		.compile(" (AMQP connection \\(|Channel error on connection |Consumer on channel |accepting AMQP connection |"
				+ "connection \\d+\\.)");

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
			.containsPattern(CLIENT)
			.endsWith(", state: starting): PLAIN login refused: user 'guest' " + WRONG_LOGIN)
			.doesNotContain("'wrong'");
	}

	@Test
	void aRefusedLoginOfAnOldClientIsLogged(CapturedOutput output) throws Exception {
		RawConnection raw = this.client.raw();
		raw.start();
		raw.send(0, new AMQP.Connection.StartOk.Builder().mechanism("PLAIN").response("\0nobody\0secret").build());
		raw.expectEnd();

		assertThat(lines(output)).singleElement()
			.asString()
			.endsWith(": PLAIN login refused: user 'nobody' " + WRONG_LOGIN);
		assertThat(output).doesNotContain("secret");
	}

	@Test
	void aResponseThatIsNoLoginIsNotShown(CapturedOutput output) throws Exception {
		RawConnection raw = this.client.raw();
		raw.start();
		raw.sendStartOk("PLAIN", "secret\0".getBytes());
		raw.expectRefusal();

		assertThat(lines(output)).singleElement().asString().endsWith(": PLAIN login refused: " + WRONG_LOGIN);
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
			.containsPattern("Error on AMQP connection \\((?!127\\.)[0-9.]+:")
			.endsWith(": PLAIN login refused: user 'guest' can only connect via localhost");
	}

	@Test
	void aVirtualHostThatIsNotThereIsLogged(CapturedOutput output) {
		assertThatIOException().isThrownBy(() -> this.client.connect((factory) -> factory.setVirtualHost("shop")));

		assertThat(lines(output)).singleElement()
			.asString()
			.endsWith(", user: 'guest', state: opening): vhost shop not found");
	}

	@Test
	void aVirtualHostThatIsForbiddenIsLogged(CapturedOutput output) {
		assertThatIOException().isThrownBy(() -> this.client.connect((factory) -> {
			factory.setUsername("outsider");
			factory.setPassword("outsider");
		}));

		assertThat(lines(output)).singleElement()
			.asString()
			.endsWith(", user: 'outsider', state: opening): access to vhost '/' refused for user 'outsider'");
	}

	@Test
	void aProtocolErrorIsLoggedOnce(CapturedOutput output) throws Exception {
		RawConnection raw = this.client.raw().openChannel();
		raw.frame(42, 1, 0, 0);
		raw.frame(42, 1, 0, 0);
		raw.expectClose(501, "FRAME_ERROR - .*");

		assertThat(lines(output)).singleElement()
			.asString()
			.endsWith(", vhost: '/', user: 'guest', state: running): "
					+ "operation none caused a connection exception frame_error: type 42: unknown frame type");
	}

	@Test
	void anInternalErrorThatTheClientIsToBlameForIsLogged(CapturedOutput output) throws Exception {
		Connection connection = this.client.connect();
		Map<String, Object> arguments = Map.of("hash-header", 1);

		assertThatIOException().isThrownBy(
				() -> connection.createChannel().exchangeDeclare("hash", "x-consistent-hash", false, false, arguments));

		assertThat(lines(output)).singleElement()
			.asString()
			.endsWith("operation exchange.declare caused a connection exception internal_error: "
					+ "'hash-header' is not a text");
	}

	@Test
	void aMethodOutOfOrderIsLogged(CapturedOutput output) throws Exception {
		RawConnection raw = this.client.raw();
		raw.start();
		raw.send(0, new AMQP.Connection.Open.Builder().virtualHost("/").build());
		raw.expectRefusal();

		assertThat(lines(output)).singleElement()
			.asString()
			.containsPattern(CLIENT)
			.endsWith(", state: starting): operation connection.open caused a connection exception command_invalid: "
					+ "unexpected method 40 of class connection");
	}

	@Test
	void missedHeartbeatsAreLogged(CapturedOutput output) throws Exception {
		this.client.raw().open(1).expectEnd();

		assertThat(lines(output)).singleElement()
			.asString()
			.containsPattern("closing AMQP connection \\(.*, vhost: '/', user: 'guest', duration: '\\d+s'\\): "
					+ "missed heartbeats from client$");
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
			.contains("PLAIN login refused: user 'x\\u000a2026-11-28 WARN forged \\u001b[2J\\u202e\\u2028%s{}yyy")
			.endsWith("yyy\u2026' " + WRONG_LOGIN)
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

	/**
	 * What a server logs.
	 */
	@Nested
	class OfAServer {

		@BeforeEach
		void startServer() throws Exception {
			stopBroker();
			OperatorLogTests.this.broker = BrokerUnderTest.embedded().operatorLog(true).start();
			OperatorLogTests.this.client = new TestClient(OperatorLogTests.this.broker.host(),
					OperatorLogTests.this.broker.port());
		}

		@Test
		void connectionsThatComeAndGoAreLogged(CapturedOutput output) throws Exception {
			connect("orders").close();

			List<String> lines = awaitLines(output, 4);
			assertThat(lines).allMatch((line) -> line.contains(" INFO "));
			assertThat(lines.get(0)).containsPattern("accepting AMQP connection " + ENDS + "$");
			assertThat(lines.get(1)).containsPattern(ENDS + " has a client-provided name: orders$");
			assertThat(lines.get(2))
				.containsPattern(ENDS + " - orders: user 'guest' authenticated and granted access to vhost '/'$");
			assertThat(lines.get(3)).containsPattern("closing AMQP connection \\(" + ENDS
					+ " - orders, vhost: '/', user: 'guest', duration: '\\d+m?s'\\)$");
		}

		@Test
		void aConnectionThatBreaksIsLogged(CapturedOutput output) throws Exception {
			OperatorLogTests.this.client.raw().open(0).close();

			assertThat(awaitLines(output, 3).get(2)).contains(" WARN ")
				.containsPattern(
						"closing AMQP connection \\(" + ENDS + ", vhost: '/', user: 'guest', duration: '\\d+m?s'\\): "
								+ "client unexpectedly closed TCP connection$");
		}

		@Test
		void aRefusedDeclarationIsLogged(CapturedOutput output) throws Exception {
			Connection connection = connect("orders");
			connection.createChannel().queueDeclare("hello", false, false, false, null);

			assertThatIOException()
				.isThrownBy(() -> connection.createChannel(7).queueDeclare("hello", true, false, false, null));

			assertThat(awaitLines(output, 4).get(3)).contains(" ERROR ")
				.containsPattern("Channel error on connection \\(" + ENDS
						+ " - orders, vhost: '/', user: 'guest'\\), channel 7: ")
				.endsWith("operation queue.declare caused a channel exception precondition_failed: inequivalent arg "
						+ "'durable' for queue 'hello' in vhost '/': received 'true' but current is 'false'");
		}

		@Test
		void aRefusedLoginIsAnError(CapturedOutput output) {
			assertThatExceptionOfType(AuthenticationFailureException.class)
				.isThrownBy(() -> OperatorLogTests.this.client.connect((factory) -> factory.setPassword("wrong")));

			assertThat(awaitLines(output, 2).get(1)).contains(" ERROR ")
				.endsWith(", state: starting): PLAIN login refused: user 'guest' " + WRONG_LOGIN);
		}

		@Test
		void aLateConsumerIsLogged(CapturedOutput output) throws Exception {
			Channel channel = connect("orders").createChannel();
			channel.queueDeclare("slow", true, false, false,
					Map.of("x-queue-type", "quorum", "x-consumer-timeout", 60_000));
			channel.basicPublish("", "slow", null, new byte[0]);
			CountDownLatch delivered = new CountDownLatch(1);
			channel.basicConsume("slow", (tag, delivery) -> delivered.countDown(), (tag) -> {
			});
			assertThat(delivered.await(10, TimeUnit.SECONDS)).isTrue();

			OperatorLogTests.this.broker.time().advance(Duration.ofMinutes(2));

			assertThat(awaitLines(output, 4).get(3)).contains(" WARN ")
				.containsPattern("Consumer on channel 1 of connection \\(" + ENDS
						+ " - orders, vhost: '/', user: 'guest'\\) "
						+ "and queue 'slow' has timed out waiting for consumer acknowledgements of 1 deliveries$");
		}

		@Test
		void theBrokersEndIsLogged(CapturedOutput output) throws Exception {
			connect("orders");

			OperatorLogTests.this.broker.close();

			assertThat(awaitLines(output, 4).get(3)).contains(" WARN ")
				.endsWith(": broker forced connection closure with reason 'shutdown'");
		}

		@Test
		void ofManyConnectionsSomeAreLoggedAndTheRestIsCounted(CapturedOutput output) throws Exception {
			for (int i = 0; i < 300; i++) {
				OperatorLogTests.this.client.raw().open(0).close();
			}

			Awaitility.await().untilAsserted(() -> assertThat(logged(output)).isEqualTo(900));
			assertThat(lines(output)).hasSizeLessThan(900);
		}

		private Connection connect(String name) throws Exception {
			return OperatorLogTests.this.client
				.connect((factory) -> factory.setClientProperties(Map.of("connection_name", name)));
		}

		private static List<String> awaitLines(CapturedOutput output, int count) {
			Awaitility.await().until(() -> lines(output).size() >= count);
			return lines(output);
		}

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
		return output.getAll().lines().filter((line) -> LINE.matcher(line).find()).toList();
	}

}
