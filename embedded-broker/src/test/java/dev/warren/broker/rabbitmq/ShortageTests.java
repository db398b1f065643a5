package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.impl.Frame;
import dev.warren.broker.AmqpClient;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.rabbitmq.transport.QpidResources;
import dev.warren.broker.rabbitmq.transport.VirtualHosts;
import org.apache.qpid.server.model.VirtualHost;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.awaitility.Awaitility.await;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * While the broker is short of memory or disk, publishers wait and consumers do not.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@ExtendWith(OutputCaptureExtension.class)
class ShortageTests {

	private static final String NO_DISK_IS_ENOUGH = Long.toString(Long.MAX_VALUE);

	private static final String REPLY_TO = "amq.rabbitmq.reply-to";

	private static final AMQP.BasicProperties REQUEST = new AMQP.BasicProperties.Builder().replyTo(REPLY_TO).build();

	@TempDir
	Path dataDir;

	private EmbeddedBroker broker;

	private QueueManagingVirtualHost<?> virtualHost;

	private TestClient client;

	private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

	@BeforeEach
	void start() throws Exception {
		Set<QueueManagingVirtualHost<?>> others = VirtualHosts.running();
		this.broker = EmbeddedBroker.builder().diskStore(this.dataDir).operatorLog(true).start();
		this.client = new TestClient(this.broker.host(), this.broker.port());
		this.client.connection();
		Set<QueueManagingVirtualHost<?>> ours = new HashSet<>(VirtualHosts.running());
		ours.removeAll(others);
		this.virtualHost = ours.iterator().next();
	}

	@AfterEach
	void stop() throws Exception {
		if (this.broker.isRunning()) {
			// A blocked connection could not be closed.
			set(QpidResources.DISK_FREE_LIMIT, null);
		}
		this.client.close();
		this.broker.close();
	}

	@ParameterizedTest
	@CsvSource({ QpidResources.DISK_FREE_LIMIT + ", 9223372036854775807, low on disk",
			QpidResources.MEMORY_WATERMARK + ", -1, low on memory" })
	void aPublisherIsBlockedUntilTheShortageIsOver(String variable, String value, String reason) throws Exception {
		Channel publisher = publisher();
		publisher.confirmSelect();
		String queue = this.client.queue();
		set(variable, value);
		publisher.basicPublish("", queue, null, new byte[0]);
		assertThat(nextEvent()).isEqualTo(reason);

		for (int i = 0; i < 1000; i++) {
			publisher.basicPublish("", queue, null, new byte[0]);
		}

		// Asked for by another connection, after all that the broker had read.
		int readyMeanwhile = this.client.ready(queue);
		assertThat(readyMeanwhile).isLessThan(1000);
		set(variable, null);
		assertThat(nextEvent()).isEqualTo("unblocked");
		publisher.waitForConfirmsOrDie(30_000);
		this.client.awaitReady(queue, 1001);
	}

	@ParameterizedTest
	@CsvSource({ QpidResources.DISK_FREE_LIMIT + ", 9223372036854775807, disk",
			QpidResources.MEMORY_WATERMARK + ", -1, memory" })
	void anAlarmIsLoggedAndItsEnd(String variable, String value, String resource, CapturedOutput output) {
		set(variable, value);
		await().until(() -> output.getOut()
			.contains(resource + " resource limit alarm set: publishers will be blocked until this alarm clears"));

		set(variable, null);

		await().until(() -> output.getOut().contains(resource + " resource limit alarm cleared"));
	}

	@Test
	void delayedMessagesCount() throws Exception {
		String exchange = this.client.exchange("x-delayed-message", Map.of("x-delayed-type", "fanout"));
		AMQP.BasicProperties delayed = new AMQP.BasicProperties.Builder().headers(Map.of("x-delay", 3_600_000)).build();
		Channel publisher = publisher();
		double share = 20_000_000.0 / Runtime.getRuntime().maxMemory();
		set(QpidResources.MEMORY_WATERMARK, BigDecimal.valueOf(share).toPlainString());

		// No more than are read before the broker is short: the rest could not be sent.
		for (int i = 0; i < 21; i++) {
			publisher.basicPublish(exchange, "", delayed, new byte[1_000_000]);
		}

		assertThat(nextEvent()).isEqualTo("low on memory");
		this.client.channel().exchangeDelete(exchange);
		assertThat(nextEvent()).isEqualTo("unblocked");
	}

	@Test
	void theMemoryOfABrokerThatWasClosedIsNotCounted() throws Exception {
		Set<QueueManagingVirtualHost<?>> before = VirtualHosts.running();
		try (EmbeddedBroker another = EmbeddedBroker.builder().start();
				AmqpClient clientOfAnother = AmqpClient.connect(another.uri())) {
			clientOfAnother.declare("hello");
			assertThat(VirtualHosts.running()).hasSize(before.size() + 1);
		}

		assertThat(VirtualHosts.running()).isEqualTo(before);
	}

	@Test
	void whoeverSendsTooManyHalfMessagesIsClosed() throws Exception {
		String queue = this.client.queue();
		set(QpidResources.HALF_SENT_LIMIT, "1000000");
		// Twice: what was sent by a connection that is gone is not counted.
		for (int round = 0; round < 2; round++) {
			RawConnection raw = this.client.raw().openChannel();
			startMessage(raw, 1, queue);
			raw.send(2, new AMQP.Channel.Open.Builder().build());
			raw.expect(AMQP.Channel.OpenOk.class);

			startMessage(raw, 2, queue);

			raw.expectClose(506, "RESOURCE_ERROR - .*");
		}
		for (int i = 0; i < 3; i++) {
			this.client.send(queue, "x".repeat(600_000));
		}
		assertThat(this.client.ready(queue)).isEqualTo(3);
	}

	private static void startMessage(RawConnection raw, int channel, String queue) throws IOException {
		raw.send(channel, new AMQP.Basic.Publish.Builder().exchange("").routingKey(queue).build());
		raw.send(new AMQP.BasicProperties().toFrame(channel, 10_000_000));
		for (int i = 0; i < 6; i++) {
			raw.send(Frame.fromBodyFragment(channel, new byte[100_000], 0, 100_000));
		}
	}

	@Test
	void whoeverDoesNotReadDirectRepliesIsClosedAndNobodyElse() throws Exception {
		String queue = this.client.queue();
		set(QpidResources.UNREAD_REPLIES_LIMIT, "5000000");
		Channel requester = this.client.channel();
		Deliveries replies = Deliveries.autoAcknowledged(requester, REPLY_TO);
		requester.basicPublish("", queue, REQUEST, new byte[0]);
		String address = this.client.await(queue).getProps().getReplyTo();
		Channel replier = publisher();
		replier.confirmSelect();
		long before = this.virtualHost.getInMemoryMessageSize();
		// Twice: what waited for a connection that is gone is not counted.
		for (int round = 0; round < 2; round++) {
			RawConnection raw = this.client.raw().openChannel();
			raw.send(1, new AMQP.Basic.Consume.Builder().queue(REPLY_TO).noAck(true).build());
			raw.expect(AMQP.Basic.ConsumeOk.class);
			raw.send(1, new AMQP.Basic.Publish.Builder().exchange("").routingKey(queue).build());
			raw.send(REQUEST.toFrame(1, 0));
			String silent = this.client.await(queue).getProps().getReplyTo();

			for (int i = 0; i < 200; i++) {
				replier.basicPublish("", silent, null, new byte[200_000]);
				replier.basicPublish("", address, null, new byte[0]);
			}

			replier.waitForConfirmsOrDie(30_000);
			replies.nextTexts(200);
			assertThat(this.virtualHost.getInMemoryMessageSize() - before).isLessThan(6_000_000);
			Frame frame = raw.readFrame();
			while (!RawConnection.methodOf(frame).equals("10.50")) {
				frame = raw.readFrame();
			}
			assertThat(new String(frame.getPayload(), StandardCharsets.UTF_8)).contains("RESOURCE_ERROR - ");
			Awaitility.await().until(() -> this.virtualHost.getInMemoryMessageSize() == before);
		}
		assertThat(this.events).isEmpty();
	}

	@Test
	void aConsumerGoesOn() throws Exception {
		String queue = this.client.queue();
		this.client.send(queue, "one", "two");
		Channel consumer = this.client.stranger();
		consumer.basicQos(1);
		set(QpidResources.DISK_FREE_LIMIT, NO_DISK_IS_ENOUGH);
		Channel publisher = publisher();
		publisher.basicPublish("", queue, null, new byte[0]);
		nextEvent();

		Deliveries deliveries = Deliveries.from(consumer, queue);

		assertThat(deliveries.nextText()).isEqualTo("one");
		consumer.basicAck(1, false);
		assertThat(deliveries.nextText()).isEqualTo("two");
	}

	@Test
	void aBlockedConnectionStillGetsItsDeliveriesAndHeartbeats() throws Exception {
		String queue = this.client.queue();
		this.client.send(queue, "comes back");
		Channel holder = this.client.stranger();
		assertThat(holder.basicGet(queue, false)).isNotNull();
		set(QpidResources.DISK_FREE_LIMIT, NO_DISK_IS_ENOUGH);
		publisher().basicPublish("", "nowhere", null, new byte[0]);
		nextEvent();
		// Last: until it publishes, and is blocked, it may be silent for two seconds
		// only.
		RawConnection raw = this.client.raw().open(1);
		raw.send(1, new AMQP.Channel.Open.Builder().build()).expect(AMQP.Channel.OpenOk.class);
		raw.send(1, new AMQP.Basic.Consume.Builder().queue(queue).noAck(true).build())
			.expect(AMQP.Basic.ConsumeOk.class);

		raw.send(1, new AMQP.Basic.Publish.Builder().exchange("amq.fanout").routingKey("").build());
		holder.close();

		raw.expect(AMQP.Basic.Deliver.class);
		raw.readFrame();
		raw.readFrame();
		// Two and a half seconds; a silent client is dropped after two.
		for (int i = 0; i < 5; i++) {
			raw.readHeartbeat();
		}
		raw.send(1, new AMQP.Channel.Close.Builder().replyCode(200).replyText("").classId(0).methodId(0).build());
		set(QpidResources.DISK_FREE_LIMIT, null);
		// The publish was still without its content.
		raw.expectClose(505, "UNEXPECTED_FRAME .*");
	}

	@Test
	void aBrokerWithBlockedConnectionsCloses() throws Exception {
		Channel publisher = publisher();
		set(QpidResources.DISK_FREE_LIMIT, NO_DISK_IS_ENOUGH);
		publisher.basicPublish("", "nowhere", null, new byte[0]);
		nextEvent();

		this.broker.close();

		Awaitility.await().until(() -> !publisher.isOpen());
		assertThat(publisher.getConnection().getCloseReason()).hasMessageContaining("CONNECTION_FORCED");
	}

	private Channel publisher() throws Exception {
		Connection connection = this.client.connect();
		connection.addBlockedListener(this.events::add, () -> this.events.add("unblocked"));
		return connection.createChannel();
	}

	private String nextEvent() throws InterruptedException {
		String event = this.events.poll(30, TimeUnit.SECONDS);
		assertThat(event).as("blocked or unblocked").isNotNull();
		return event;
	}

	private void set(String variable, @Nullable String value) {
		Map<String, String> context = new HashMap<>(this.virtualHost.getContext());
		if (value != null) {
			context.put(variable, value);
		}
		else {
			context.remove(variable);
		}
		this.virtualHost.setAttributes(Map.of(VirtualHost.CONTEXT, context));
	}

}
