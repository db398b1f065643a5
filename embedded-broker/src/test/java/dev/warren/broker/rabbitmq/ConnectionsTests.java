package dev.warren.broker.rabbitmq;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.LongStringHelper;
import com.rabbitmq.client.impl.ValueWriter;
import dev.warren.broker.RabbitMqVersion;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.warren.broker.rabbitmq.RawConnection.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@CompatibilityTests
@DisplayName("Connections")
class ConnectionsTests {

	private static final String REFUSED = "ACCESS_REFUSED - Login was refused using authentication mechanism %s."
			+ " For details see the broker logfile\\.";

	@Test
	@DisplayName("The server properties name product, version, platform and cluster")
	void serverProperties(TestClient client) throws Exception {
		Map<String, Object> properties = client.connection().getServerProperties();

		assertThat(properties).containsKeys("product", "version", "platform", "copyright", "information",
				"cluster_name", "capabilities");
		assertThat(String.valueOf(properties.get("product"))).isNotBlank();
		assertThat(String.valueOf(properties.get("version"))).matches("\\d+\\.\\d+.*");
	}

	@ParameterizedTest(quoteTextArguments = false, name = "The server has the capability `{0}`")
	@ValueSource(strings = { "publisher_confirms", "basic.nack", "consumer_cancel_notify", "exchange_exchange_bindings",
			"connection.blocked", "per_consumer_qos", "direct_reply_to", "authentication_failure_close",
			"consumer_priorities" })
	void capabilities(String capability, TestClient client) throws Exception {
		assertThat(client.connection().getServerProperties().get("capabilities"))
			.asInstanceOf(InstanceOfAssertFactories.MAP)
			.containsEntry(capability, true);
	}

	@Test
	@DisplayName("Without TLS the mechanisms are PLAIN and AMQPLAIN, and not EXTERNAL")
	@NotOnRabbitMq(value = "RabbitMQ 4 also offers ANONYMOUS, to be guest without a password",
			from = RabbitMqVersion.V4_0)
	void mechanisms(TestClient client) throws Exception {
		AMQP.Connection.Start start = client.raw().start();

		assertThat(start.getMechanisms().toString().split(" ")).containsExactlyInAnyOrder("PLAIN", "AMQPLAIN");
		assertThat(start.getLocales()).hasToString("en_US");
	}

	@Test
	@DisplayName("AMQPLAIN authenticates")
	void amqplain(TestClient client) throws Exception {
		assertThat(client.raw().authenticate("AMQPLAIN", amqplain("guest", "guest"))).isNotNull();
	}

	@Test
	@DisplayName("A wrong password with PLAIN is 403 ACCESS_REFUSED")
	void aWrongPasswordIsRefused(TestClient client) throws Exception {
		RawConnection raw = client.raw();
		raw.start();

		raw.sendStartOk("PLAIN", plain("guest", "wrong"));

		raw.expectClose(403, REFUSED.formatted("PLAIN"));
	}

	@Test
	@DisplayName("A wrong password with AMQPLAIN is 403 ACCESS_REFUSED")
	void aWrongAmqplainPasswordIsRefused(TestClient client) throws Exception {
		RawConnection raw = client.raw();
		raw.start();

		raw.sendStartOk("AMQPLAIN", amqplain("guest", "wrong"));

		raw.expectClose(403, REFUSED.formatted("AMQPLAIN"));
	}

	@Test
	@DisplayName("An unknown user is 403 ACCESS_REFUSED")
	void anUnknownUserIsRefused(TestClient client) throws Exception {
		assertThatExceptionOfType(AuthenticationFailureException.class)
			.isThrownBy(() -> client.connect((factory) -> factory.setUsername("nobody")))
			.withMessageContaining("ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN."
					+ " For details see the broker logfile.");
	}

	@Test
	@DisplayName("A client without the capability `authentication_failure_close` sees the socket close")
	void oldClientsSeeTheSocketClose(TestClient client) throws Exception {
		RawConnection raw = client.raw();
		raw.start();

		raw.send(0,
				new AMQP.Connection.StartOk.Builder().mechanism("PLAIN")
					.response(LongStringHelper.asLongString(plain("guest", "wrong")))
					.build());

		assertThat(raw.expectEnd()).isEmpty();
	}

	@ParameterizedTest(quoteTextArguments = false,
			name = "The authentication mechanism {0}, which was not offered, is refused")
	@ValueSource(strings = { "NONSENSE", "EXTERNAL" })
	void unknownMechanismsAreRefused(String mechanism, TestClient client) throws Exception {
		RawConnection raw = client.raw();
		raw.start();

		raw.sendStartOk(mechanism, new byte[0]);

		raw.expectRefusal();
	}

	@Test
	@DisplayName("The broker offers 2047 channels, frames of 131072 bytes and a heartbeat of 60 seconds")
	void limitsAreOffered(TestClient client) throws Exception {
		AMQP.Connection.Tune tune = client.raw().authenticate("PLAIN", plain("guest", "guest"));

		assertThat(tune.getChannelMax()).isEqualTo(2047);
		assertThat(tune.getFrameMax()).isEqualTo(131_072);
		assertThat(tune.getHeartbeat()).isEqualTo(60);
	}

	@Test
	void aClientMayTakeLowerLimits(TestClient client) throws Exception {
		Connection connection = client.connect((factory) -> {
			factory.setRequestedChannelMax(5);
			factory.setRequestedFrameMax(8192);
			factory.setRequestedHeartbeat(5);
		});
		Channel channel = connection.createChannel();
		String queue = channel.queueDeclare().getQueue();
		byte[] body = new byte[20_000];

		channel.basicPublish("", queue, null, body);

		assertThat(connection.getChannelMax()).isEqualTo(5);
		assertThat(connection.getFrameMax()).isEqualTo(8192);
		assertThat(connection.getHeartbeat()).isEqualTo(5);
		assertThat(channel.basicGet(queue, true).getBody()).isEqualTo(body);
	}

	@Test
	@DisplayName("A `frame_max` of 4,096 bytes is enough")
	@Until(RabbitMqVersion.V4_0)
	void theLeastFrames(TestClient client) throws Exception {
		assertThat(client.connect((factory) -> factory.setRequestedFrameMax(4096)).getFrameMax()).isEqualTo(4096);
	}

	@Test
	@DisplayName("A `frame_max` of less than 8,192 bytes is refused")
	@From(RabbitMqVersion.V4_3)
	void smallFramesAreRefused(TestClient client) throws Exception {
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> client.connect((factory) -> factory.setRequestedFrameMax(8191)));
		assertThat(client.connect((factory) -> factory.setRequestedFrameMax(8192)).getFrameMax()).isEqualTo(8192);
	}

	@ParameterizedTest(quoteTextArguments = false, name = "Taking a higher {0} than offered ends the connection")
	@CsvSource(delimiter = '|', textBlock = """
			channel-max | 4096 | 131072
			frame-max   | 2047 | 200000
			""")
	void limitsAreLimits(String limit, int channelMax, int frameMax, TestClient client) throws Exception {
		RawConnection raw = client.raw();
		raw.authenticate("PLAIN", plain("guest", "guest"));

		raw.send(0, new AMQP.Connection.TuneOk.Builder().channelMax(channelMax).frameMax(frameMax).build());

		raw.expectRefusal();
	}

	@Test
	@DisplayName("Taking a frame-max below 4096 ends the connection")
	void framesHaveALeastSize(TestClient client) throws Exception {
		RawConnection raw = client.raw();
		raw.authenticate("PLAIN", plain("guest", "guest"));

		raw.send(0, new AMQP.Connection.TuneOk.Builder().channelMax(1).frameMax(1000).build());

		raw.expectRefusal();
	}

	@Test
	@DisplayName("More channels than the negotiated channel-max are 530 NOT_ALLOWED")
	void channelsAreLimited(TestClient client) throws Exception {
		RawConnection raw = client.raw();
		raw.authenticate("PLAIN", plain("guest", "guest"));
		raw.send(0, new AMQP.Connection.TuneOk.Builder().channelMax(2).frameMax(131_072).build());
		raw.send(0, new AMQP.Connection.Open.Builder().virtualHost("/").build()).expect(AMQP.Connection.OpenOk.class);
		raw.send(1, new AMQP.Channel.Open.Builder().build()).expect(AMQP.Channel.OpenOk.class);
		raw.send(2, new AMQP.Channel.Open.Builder().build()).expect(AMQP.Channel.OpenOk.class);

		raw.send(3, new AMQP.Channel.Open.Builder().build());

		raw.expectClose(530,
				"NOT_ALLOWED - number of channels opened \\(2\\) has reached the negotiated channel_max" + " \\(2\\)");
	}

	@Test
	void channelsUpToTheLimitCanBeOpen(TestClient client) throws Exception {
		Connection connection = client.connect((factory) -> factory.setRequestedChannelMax(100));

		for (int i = 1; i <= 100; i++) {
			assertThat(connection.createChannel(i)).isNotNull();
		}

		assertThat(connection.createChannel()).isNull();
	}

	@Test
	void aChannelNumberCanBeUsedAgain(TestClient client) throws Exception {
		Connection connection = client.connection();
		connection.createChannel(7).close();

		assertThat(connection.createChannel(7).queueDeclare().getQueue()).isNotEmpty();
	}

	@Test
	@DisplayName("The broker sends heartbeats, and drops a connection that sends none")
	void heartbeats(TestClient client) throws Exception {
		RawConnection raw = client.raw().open(1);

		byte[] untilTheEnd = raw.expectEnd();

		byte[] heartbeat = { AMQP.FRAME_HEARTBEAT, 0, 0, 0, 0, 0, 0, (byte) AMQP.FRAME_END };
		assertThat(untilTheEnd).startsWith(heartbeat);
	}

	@Test
	@DisplayName("A connection that sends heartbeats stays")
	void heartbeatsKeepAConnection(TestClient client) throws Exception {
		Connection beating = client.connect((factory) -> factory.setRequestedHeartbeat(1));
		RawConnection silent = client.raw().open(1);

		silent.expectEnd();

		assertThat(beating.isOpen()).isTrue();
		assertThat(beating.createChannel().queueDeclare().getQueue()).isNotEmpty();
	}

	@Test
	@DisplayName("A wrong protocol header is answered with `AMQP 0-0-9-1` and the end")
	@NotOnRabbitMq(value = "RabbitMQ 4 answers with the header of AMQP 1.0, which is not spoken here",
			from = RabbitMqVersion.V4_0)
	void otherProtocolsAreAnswered(TestClient client) throws Exception {
		RawConnection raw = client.raw().write("GET / HT".getBytes(StandardCharsets.US_ASCII));

		assertThat(raw.expectEnd()).isEqualTo(RawConnection.HEADER_0_9_1);
	}

	@Test
	@DisplayName("An unknown protocol version is answered with `AMQP 0-0-9-1` and the end")
	@NotOnRabbitMq(value = "RabbitMQ 4 answers with the header of AMQP 1.0, which is not spoken here",
			from = RabbitMqVersion.V4_0)
	void otherVersionsAreAnswered(TestClient client) throws Exception {
		RawConnection raw = client.raw()
			.write((byte) 'A', (byte) 'M', (byte) 'Q', (byte) 'P', (byte) 0, (byte) 7, (byte) 7, (byte) 7);

		assertThat(raw.expectEnd()).isEqualTo(RawConnection.HEADER_0_9_1);
	}

	@ParameterizedTest(quoteTextArguments = false, name = "A client of AMQP {0} declares, publishes and gets")
	@CsvSource({ "0-8, 1, 1, 8, 0", "0-9, 1, 1, 0, 9" })
	@NotOnRabbitMq(value = "RabbitMQ 4 speaks 0-9-1 only; here the programs of older texts go on working",
			from = RabbitMqVersion.V4_0)
	void olderVersionsWork(String version, byte first, byte second, byte third, byte fourth, TestClient client)
			throws Exception {
		String queue = client.queue();
		RawConnection raw = client.raw()
			.write((byte) 'A', (byte) 'M', (byte) 'Q', (byte) 'P', first, second, third, fourth);
		assertThat(RawConnection.methodOf(raw.readFrame())).as("connection.start").isEqualTo("10.10");
		raw.sendStartOk("AMQPLAIN", amqplain("guest", "guest"));
		assertThat(RawConnection.methodOf(raw.readFrame())).as("connection.tune").isEqualTo("10.30");
		raw.send(0, new AMQP.Connection.TuneOk.Builder().channelMax(10).frameMax(131_072).build());
		raw.send(0, new AMQP.Connection.Open.Builder().virtualHost("/").build());
		assertThat(RawConnection.methodOf(raw.readFrame())).as("connection.open-ok").isEqualTo("10.41");
		raw.send(1, new AMQP.Channel.Open.Builder().build());
		assertThat(RawConnection.methodOf(raw.readFrame())).as("channel.open-ok").isEqualTo("20.11");
		raw.send(1, new AMQP.Access.Request.Builder().realm("/data").build());
		assertThat(RawConnection.methodOf(raw.readFrame())).as("access.request-ok").isEqualTo("30.11");
		raw.send(1, new AMQP.Queue.Declare.Builder().queue(queue).build());
		assertThat(RawConnection.methodOf(raw.readFrame())).as("queue.declare-ok").isEqualTo("50.11");

		raw.send(1, new AMQP.Basic.Publish.Builder().exchange("").routingKey(queue).build());
		publishContent(raw, "old");
		raw.send(1, new AMQP.Basic.Get.Builder().queue(queue).noAck(true).build());

		assertThat(RawConnection.methodOf(raw.readFrame())).as("basic.get-ok").isEqualTo("60.71");
		assertThat(raw.readFrame().type).isEqualTo(AMQP.FRAME_HEADER);
		assertThat(new String(raw.readFrame().getPayload(), StandardCharsets.UTF_8)).isEqualTo("old");
	}

	private static void publishContent(RawConnection raw, String text) throws IOException {
		byte[] body = text.getBytes(StandardCharsets.UTF_8);
		raw.send(new AMQP.BasicProperties().toFrame(1, body.length));
		raw.send(Frame.fromBodyFragment(1, body, 0, body.length));
	}

	@Test
	@DisplayName("`access.request` is answered, as in AMQP 0-8")
	void accessRequestsAreAnswered(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		raw.send(1, new AMQP.Access.Request.Builder().realm("/data").build());

		assertThat(raw.expect(AMQP.Access.RequestOk.class).getTicket()).isEqualTo(1);
	}

	@Test
	@DisplayName("A frame without its end octet is 501 FRAME_ERROR")
	void aFrameHasAnEnd(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		raw.write(frame(AMQP.FRAME_METHOD, 1, new byte[] { 0, 20, 0, 20, 1 }, 0));

		raw.expectClose(501, "FRAME_ERROR - .*");
	}

	@Test
	@DisplayName("A frame larger than the negotiated frame-max is 501 FRAME_ERROR")
	void aFrameHasALimit(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		raw.write(new byte[] { 3, 0, 1, 0, 2, 0, 1 });

		raw.expectClose(501, "FRAME_ERROR - .*");
	}

	@Test
	@DisplayName("An unknown frame type is 501 FRAME_ERROR")
	void aFrameHasAType(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		raw.frame(42, 1, 0, 0);

		raw.expectClose(501, "FRAME_ERROR - .*");
	}

	@Test
	@DisplayName("An unknown method ends the connection")
	void aMethodIsKnown(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		raw.frame(AMQP.FRAME_METHOD, 1, 0, 50, 0, 99);

		raw.expectRefusal();
	}

	@Test
	@DisplayName("A method cut short is 501 FRAME_ERROR")
	void aMethodIsWhole(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		raw.frame(AMQP.FRAME_METHOD, 1, 0, 50, 0, 10, 0, 0, 200, 'x');

		raw.expectClose(501, "FRAME_ERROR - cannot decode .*");
	}

	@Test
	@DisplayName("A header frame without a method is 505 UNEXPECTED_FRAME")
	void aHeaderFollowsAMethod(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		raw.send(new AMQP.BasicProperties().toFrame(1, 0));

		raw.expectClose(505, "UNEXPECTED_FRAME - expected method frame, got non method frame instead");
	}

	@Test
	@DisplayName("A body frame without a method is 505 UNEXPECTED_FRAME")
	void aBodyFollowsAHeader(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		raw.frame(AMQP.FRAME_BODY, 1, 'x');

		raw.expectClose(505, "UNEXPECTED_FRAME - expected method frame, got non method frame instead");
	}

	@Test
	@DisplayName("A method where a content header is due is 505 UNEXPECTED_FRAME")
	void aHeaderIsDue(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		raw.send(1, new AMQP.Basic.Publish.Builder().exchange("").routingKey("k").build());
		raw.send(1, new AMQP.Queue.Declare.Builder().build());

		raw.expectClose(505,
				"UNEXPECTED_FRAME - expected content header for class 60, got non content header frame" + " instead");
	}

	@Test
	@DisplayName("A method where a content body is due is 505 UNEXPECTED_FRAME")
	void aBodyIsDue(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		raw.send(1, new AMQP.Basic.Publish.Builder().exchange("").routingKey("k").build());
		raw.send(new AMQP.BasicProperties().toFrame(1, 10));
		raw.send(1, new AMQP.Queue.Declare.Builder().build());

		raw.expectClose(505, "UNEXPECTED_FRAME - expected content body, got non content body frame instead");
	}

	@Test
	@DisplayName("A content header of another class is 505 UNEXPECTED_FRAME")
	void aHeaderIsOfItsMethodsClass(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		raw.send(1, new AMQP.Basic.Publish.Builder().exchange("").routingKey("k").build());
		raw.frame(AMQP.FRAME_HEADER, 1, 0, 50, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

		raw.expectClose(505,
				"UNEXPECTED_FRAME - expected content header for class 60, got one for class 50" + " instead");
	}

	@Test
	@DisplayName("More body than announced is 501 FRAME_ERROR")
	@NotOnRabbitMq("RabbitMQ 3.10 waits for the end of the body that it has missed")
	void aBodyIsAsLongAsAnnounced(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		raw.send(1, new AMQP.Basic.Publish.Builder().exchange("").routingKey("k").build());
		raw.send(new AMQP.BasicProperties().toFrame(1, 2));
		raw.frame(AMQP.FRAME_BODY, 1, 'x', 'y', 'z');

		raw.expectClose(501, "FRAME_ERROR - .*");
	}

	@Test
	@DisplayName("A method on a channel that is not open is 504 CHANNEL_ERROR")
	void aChannelIsOpened(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		raw.send(2, new AMQP.Queue.Declare.Builder().build());

		raw.expectClose(504, "CHANNEL_ERROR - expected 'channel.open'");
	}

	@Test
	@DisplayName("Opening a channel that is open is 504 CHANNEL_ERROR")
	void aChannelIsOpenedOnce(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		raw.send(1, new AMQP.Channel.Open.Builder().build());

		raw.expectClose(504, "CHANNEL_ERROR - second 'channel.open' seen");
	}

	@Test
	@DisplayName("A channel's method on channel 0 is 504 CHANNEL_ERROR")
	void channelZeroIsTheConnections(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		raw.send(0, new AMQP.Queue.Declare.Builder().build());

		raw.expectClose(504, "CHANNEL_ERROR - unexpected method in connection state running");
	}

	@Test
	@DisplayName("A connection's method on another channel than 0 is 503 COMMAND_INVALID")
	void connectionMethodsAreForChannelZero(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		raw.send(1, new AMQP.Connection.Open.Builder().virtualHost("/").build());

		raw.expectClose(503, "COMMAND_INVALID - unimplemented method");
	}

	@Test
	@DisplayName("After the broker closed a channel, it waits for close-ok and drops everything else")
	void aClosedChannelIsDeaf(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();
		raw.send(1, new AMQP.Queue.Declare.Builder().queue("missing").passive(true).build());
		raw.send(1, new AMQP.Queue.Declare.Builder().build());
		raw.expect(AMQP.Channel.Close.class);
		raw.send(1, new AMQP.Queue.Declare.Builder().build());
		raw.send(1, new AMQP.Channel.CloseOk.Builder().build());

		raw.send(1, new AMQP.Channel.Open.Builder().build());

		raw.expect(AMQP.Channel.OpenOk.class);
	}

	@Test
	@DisplayName("A channel and a connection that the client closes are answered")
	void closingIsAnswered(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		raw.send(1, new AMQP.Channel.Close.Builder().replyCode(200).replyText("bye").build());
		raw.expect(AMQP.Channel.CloseOk.class);
		raw.send(0, new AMQP.Connection.Close.Builder().replyCode(200).replyText("bye").build());

		assertThat(raw.readMethod()).isInstanceOf(AMQP.Connection.CloseOk.class);
	}

	@Test
	@DisplayName("`channel.flow` active is answered")
	void flowIsAnswered(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		raw.send(1, new AMQP.Channel.Flow.Builder().active(true).build());

		assertThat(raw.expect(AMQP.Channel.FlowOk.class).getActive()).isTrue();
	}

	@Test
	void aConnectionThatIsBrokenHarmsNoOther(TestClient client) throws Exception {
		Channel channel = client.channel();
		String queue = channel.queueDeclare().getQueue();
		Deliveries deliveries = Deliveries.autoAcknowledged(channel, queue);
		RawConnection broken = client.raw().openChannel();

		broken.write(new byte[] { 1, 0, 1, 0, 0, 0, 4, -1, -1, -1, -1, 0 });
		broken.expectEnd();
		channel.basicPublish("", queue, null, "unharmed".getBytes(StandardCharsets.UTF_8));

		assertThat(deliveries.nextText()).isEqualTo("unharmed");
	}

	private static byte[] frame(int type, int channel, byte[] payload, int end) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		DataOutputStream out = new DataOutputStream(bytes);
		out.writeByte(type);
		out.writeShort(channel);
		out.writeInt(payload.length);
		out.write(payload);
		out.writeByte(end);
		return bytes.toByteArray();
	}

	/**
	 * AMQPLAIN's response is a table without the length in front.
	 */
	private static byte[] amqplain(String user, String password) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		ValueWriter writer = new ValueWriter(new DataOutputStream(bytes));
		writer.writeTable(Map.of("LOGIN", user, "PASSWORD", password));
		return Arrays.copyOfRange(bytes.toByteArray(), 4, bytes.size());
	}

	@Test
	@DisplayName("`connection.update-secret` is answered")
	void aSecretIsUpdated(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		raw.send(0,
				new AMQP.Connection.UpdateSecret.Builder().newSecret(LongStringHelper.asLongString("guest"))
					.reason("it expires")
					.build());

		raw.expect(AMQP.Connection.UpdateSecretOk.class);
	}

	@Test
	@DisplayName("A channel that both sides close at once leaves the connection open")
	void bothSidesCloseAChannel(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		raw.send(1, new AMQP.Queue.Declare.Builder().queue("missing").passive(true).build());
		raw.send(1, new AMQP.Channel.Close.Builder().replyCode(200).replyText("bye").build());
		raw.expect(AMQP.Channel.Close.class);
		raw.send(1, new AMQP.Channel.CloseOk.Builder().build());
		raw.expect(AMQP.Channel.CloseOk.class);

		raw.send(1, new AMQP.Channel.Open.Builder().build());
		raw.expect(AMQP.Channel.OpenOk.class);
	}

	@Test
	@DisplayName("`connection.close` is answered, whatever the client sent after it")
	void closingIsAnsweredWhateverFollows(TestClient client) throws Exception {
		for (int round = 0; round < 20; round++) {
			RawConnection raw = client.raw().openChannel();
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			DataOutputStream out = new DataOutputStream(bytes);
			new AMQImpl.Connection.Close(200, "bye", 0, 0).toFrame(0).writeTo(out);
			for (int i = 0; i < 20_000; i++) {
				new Frame(AMQP.FRAME_HEARTBEAT, 0, new byte[0]).writeTo(out);
			}

			raw.write(bytes.toByteArray());

			raw.expect(AMQP.Connection.CloseOk.class);
		}
	}

}
