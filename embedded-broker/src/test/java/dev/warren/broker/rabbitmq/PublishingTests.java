package dev.warren.broker.rabbitmq;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmListener;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.Return;
import dev.warren.broker.RabbitMqVersion;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.warren.broker.rabbitmq.Refusals.assertClosesChannel;
import static dev.warren.broker.rabbitmq.Refusals.assertClosesChannelMatching;
import static dev.warren.broker.rabbitmq.Refusals.assertClosesConnection;
import static dev.warren.broker.rabbitmq.TestClient.text;
import static dev.warren.broker.rabbitmq.TestClient.unique;
import static org.assertj.core.api.Assertions.assertThat;

@CompatibilityTests
@DisplayName("Publishing")
class PublishingTests {

	private static final byte[] BODY = "body".getBytes(StandardCharsets.UTF_8);

	@Test
	@DisplayName("The default exchange routes by the queue's name")
	void theDefaultExchangeRoutesByTheQueuesName(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();

		client.send(queue, "hello");

		GetResponse response = client.take(queue);
		assertThat(text(response)).isEqualTo("hello");
		assertThat(response.getEnvelope().getExchange()).isEmpty();
		assertThat(response.getEnvelope().getRoutingKey()).isEqualTo(queue);
		assertThat(response.getEnvelope().isRedeliver()).isFalse();
	}

	@Test
	@DisplayName("An unroutable `mandatory` message comes back with 312 NO_ROUTE, whole")
	void unroutableMandatoryMessagesAreReturned(TestClient client) throws Exception {
		Channel channel = client.channel();
		BlockingQueue<Return> returns = new LinkedBlockingQueue<>();
		channel.addReturnListener(returns::add);
		String key = unique("nowhere");
		BasicProperties properties = new BasicProperties.Builder().messageId("m1").headers(Map.of("a", 1)).build();

		channel.basicPublish("amq.direct", key, true, properties, BODY);

		Return returned = returns.poll(15, TimeUnit.SECONDS);
		assertThat(returned).as("a basic.return").isNotNull();
		assertThat(returned.getReplyCode()).isEqualTo(312);
		assertThat(returned.getReplyText()).isEqualTo("NO_ROUTE");
		assertThat(returned.getExchange()).isEqualTo("amq.direct");
		assertThat(returned.getRoutingKey()).isEqualTo(key);
		assertThat(returned.getProperties().getMessageId()).isEqualTo("m1");
		assertThat(returned.getProperties().getHeaders()).containsEntry("a", 1);
		assertThat(returned.getBody()).isEqualTo(BODY);
	}

	@Test
	@DisplayName("A returned message is confirmed after its return, and with an ack")
	void returnsComeBeforeTheirConfirms(TestClient client) throws Exception {
		Channel channel = client.channel();
		BlockingQueue<String> events = new LinkedBlockingQueue<>();
		channel.addReturnListener((returned) -> events.add("return"));
		channel.addConfirmListener((tag, multiple) -> events.add("ack"), (tag, multiple) -> events.add("nack"));
		channel.confirmSelect();

		channel.basicPublish("", unique("nowhere"), true, null, BODY);

		assertThat(events.poll(15, TimeUnit.SECONDS)).isEqualTo("return");
		assertThat(events.poll(15, TimeUnit.SECONDS)).isEqualTo("ack");
	}

	@Test
	@DisplayName("A `mandatory` message that reaches a queue does not come back")
	void routedMandatoryMessagesAreNotReturned(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		BlockingQueue<String> returns = new LinkedBlockingQueue<>();
		channel.addReturnListener((returned) -> returns.add(returned.getRoutingKey()));
		String nowhere = unique("nowhere");

		channel.basicPublish("", queue, true, null, BODY);
		channel.basicPublish("", nowhere, true, null, BODY);

		assertThat(returns.poll(15, TimeUnit.SECONDS)).isEqualTo(nowhere);
		assertThat(client.ready(queue)).isOne();
	}

	@Test
	void anUnroutableMessageIsDroppedAndConfirmed(TestClient client) throws Exception {
		Channel channel = client.channel();
		channel.confirmSelect();

		channel.basicPublish("", unique("nowhere"), null, BODY);

		assertThat(channel.waitForConfirms(15_000)).isTrue();
	}

	@Test
	void aReturnLeavesTheChannelOpen(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.confirmSelect();

		channel.basicPublish("", unique("nowhere"), true, null, BODY);
		channel.basicPublish("", queue, true, null, BODY);

		channel.waitForConfirmsOrDie(15_000);
		assertThat(client.ready(queue)).isOne();
	}

	@Test
	@DisplayName("Publishing to a missing exchange closes the channel with 404 NOT_FOUND")
	void aMissingExchangeClosesTheChannel(TestClient client) throws Exception {
		String exchange = unique("missing");
		Channel channel = client.channel();

		assertClosesChannel(channel, 404, DeclaringTests.noExchange(exchange),
				() -> channel.basicPublish(exchange, "key", null, BODY));
	}

	@Test
	@DisplayName("Publishing to an internal exchange closes the channel with 403 ACCESS_REFUSED")
	void anInternalExchangeTakesNoMessages(TestClient client) throws Exception {
		String exchange = unique("internal");
		Channel channel = client.channel();
		channel.exchangeDeclare(exchange, "fanout", false, true, true, null);

		assertClosesChannel(channel, 403,
				"ACCESS_REFUSED - cannot publish to internal exchange '" + exchange + "' in vhost '/'",
				() -> channel.basicPublish(exchange, "key", null, BODY));
	}

	@ParameterizedTest(name = "A `delivery_mode` of {0} closes the channel with 406 PRECONDITION_FAILED")
	@ValueSource(ints = { 0, 3, 9 })
	@Until(RabbitMqVersion.V3_10)
	void unknownDeliveryModesAreRefused(int deliveryMode, TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesChannel(channel, 406,
				"PRECONDITION_FAILED - invalid message: {delivery_mode_unknown," + deliveryMode + "}", () -> channel
					.basicPublish("", "key", new BasicProperties.Builder().deliveryMode(deliveryMode).build(), BODY));
	}

	@ParameterizedTest(name = "A `delivery_mode` of {0} is taken as it is")
	@ValueSource(ints = { 0, 3, 9 })
	@From(RabbitMqVersion.V4_0)
	void unknownDeliveryModesAreTaken(int deliveryMode, TestClient client) throws Exception {
		String queue = client.exclusiveQueue();

		client.send("", queue, new BasicProperties.Builder().deliveryMode(deliveryMode).build(), "x");

		assertThat(client.await(queue).getProps().getDeliveryMode()).isEqualTo(deliveryMode);
	}

	@Test
	@DisplayName("A message may have 16 MiB, and one byte more is 406 PRECONDITION_FAILED")
	@From(RabbitMqVersion.V4_0)
	void theLargestMessage(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.confirmSelect();
		channel.basicPublish("", queue, null, new byte[16 * 1024 * 1024]);
		assertThat(channel.waitForConfirms(30_000)).isTrue();

		assertClosesChannel(channel, 406,
				"PRECONDITION_FAILED - message size 16777217 is larger than configured max size 16777216",
				() -> channel.basicPublish("", queue, null, new byte[16 * 1024 * 1024 + 1]));
	}

	@Test
	@DisplayName("A message of 17 MiB is taken")
	@Until(RabbitMqVersion.V3_10)
	void aLargeMessage(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.confirmSelect();

		channel.basicPublish("", queue, null, new byte[17 * 1024 * 1024]);

		assertThat(channel.waitForConfirms(30_000)).isTrue();
	}

	@Test
	@DisplayName("`immediate` closes the connection with 540 NOT_IMPLEMENTED")
	void immediateIsNotImplemented(TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesConnection(client.connection(), 540, "NOT_IMPLEMENTED - immediate=true",
				() -> channel.basicPublish("", "key", false, true, null, BODY));
	}

	@Test
	void confirmsComeInOrderAndCoverEveryMessageOnce(TestClient client) throws Exception {
		int messages = 500;
		String queue = client.durableQueue(Map.of());
		Channel channel = client.channel();
		Confirms confirms = new Confirms();
		channel.addConfirmListener(confirms);
		channel.confirmSelect();

		for (int i = 0; i < messages; i++) {
			channel.basicPublish("", queue, MessageProperties.MINIMAL_PERSISTENT_BASIC, BODY);
		}

		assertThat(channel.waitForConfirms(30_000)).isTrue();
		assertThat(confirms.acked)
			.containsExactlyElementsOf(IntStream.rangeClosed(1, messages).mapToObj((tag) -> (long) tag).toList());
		assertThat(client.ready(queue)).isEqualTo(messages);
	}

	@Test
	@DisplayName("Confirms are numbered from 1 after `confirm.select`, on each channel")
	void confirmsCountFromTheSelect(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.basicPublish("", queue, null, BODY);
		Confirms confirms = new Confirms();
		channel.addConfirmListener(confirms);

		channel.confirmSelect();
		channel.basicPublish("", queue, null, BODY);

		channel.waitForConfirmsOrDie(15_000);
		assertThat(confirms.acked).containsExactly(1L);
	}

	@Test
	@DisplayName("`confirm.select` may be repeated")
	void confirmMayBeSelectedTwice(TestClient client) throws Exception {
		Channel channel = client.channel();
		channel.confirmSelect();
		channel.confirmSelect();

		channel.basicPublish("", client.exclusiveQueue(), null, BODY);

		assertThat(channel.waitForConfirms(15_000)).isTrue();
	}

	@Test
	void whatATransactionPublishesIsThereAfterTheCommit(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.txSelect();

		channel.basicPublish("", queue, null, BODY);
		// An answer from the broker says that it has seen the message.
		channel.basicQos(0);
		int before = client.ready(queue);
		channel.txCommit();

		assertThat(before).isZero();
		assertThat(client.ready(queue)).isOne();
	}

	@Test
	void aRollbackForgetsWhatWasPublished(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.txSelect();

		channel.basicPublish("", queue, null, "rolled back".getBytes(StandardCharsets.UTF_8));
		channel.txRollback();
		channel.basicPublish("", queue, null, "committed".getBytes(StandardCharsets.UTF_8));
		channel.txCommit();

		assertThat(client.ready(queue)).isOne();
		assertThat(text(client.take(queue))).isEqualTo("committed");
	}

	@Test
	void closingTheChannelRollsItsTransactionBack(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.txSelect();

		channel.basicPublish("", queue, null, BODY);
		channel.close();

		assertThat(client.ready(queue)).isZero();
	}

	@Test
	void anAcknowledgementCountsAfterTheCommit(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "one", "two");
		Channel channel = client.channel();
		channel.txSelect();

		channel.basicAck(channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), false);
		channel.txCommit();
		channel.basicAck(channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), false);
		channel.close();

		assertThat(text(client.await(queue))).isEqualTo("two");
		assertThat(client.ready(queue)).isZero();
	}

	@Test
	void aRollbackTakesAcknowledgementsBack(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "one");
		Channel channel = client.channel();
		channel.txSelect();
		long tag = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();

		channel.basicAck(tag, false);
		channel.txRollback();
		// Not requeued: still this channel's, which can settle it again.
		assertThat(client.ready(queue)).isZero();
		channel.basicNack(tag, false, true);
		channel.txCommit();

		assertThat(text(client.await(queue))).isEqualTo("one");
	}

	@Test
	void anUnroutableMandatoryMessageComesBackAtTheCommit(TestClient client) throws Exception {
		Channel channel = client.channel();
		BlockingQueue<Return> returns = new LinkedBlockingQueue<>();
		channel.addReturnListener(returns::add);
		channel.txSelect();

		channel.basicPublish("", unique("nowhere"), true, null, BODY);
		channel.txCommit();

		assertThat(returns.poll(15, TimeUnit.SECONDS)).as("a basic.return").isNotNull();
	}

	@ParameterizedTest(quoteTextArguments = false, name = "`{0}` without `tx.select` is 406 PRECONDITION_FAILED")
	@ValueSource(strings = { "tx.commit", "tx.rollback" })
	void thereIsNoTransactionWithoutASelect(String method, TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - channel is not transactional", () -> {
			if (method.equals("tx.commit")) {
				channel.txCommit();
			}
			else {
				channel.txRollback();
			}
		});
	}

	@Test
	@DisplayName("`confirm.select` on a transactional channel is 406 PRECONDITION_FAILED")
	void aTransactionalChannelDoesNotConfirm(TestClient client) throws Exception {
		Channel channel = client.channel();
		channel.txSelect();

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - cannot switch from tx to confirm mode",
				channel::confirmSelect);
	}

	@Test
	@DisplayName("`tx.select` on a channel with confirms is 406 PRECONDITION_FAILED")
	void aConfirmingChannelHasNoTransactions(TestClient client) throws Exception {
		Channel channel = client.channel();
		channel.confirmSelect();

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - cannot switch from confirm to tx mode",
				channel::txSelect);
	}

	@Test
	@DisplayName("The headers `CC` and `BCC` name more routing keys; `BCC` is taken out")
	void carbonCopies(TestClient client) throws Exception {
		String to = client.exclusiveQueue();
		String cc = client.exclusiveQueue();
		String bcc = client.exclusiveQueue();
		BasicProperties properties = new BasicProperties.Builder()
			.headers(Map.of("CC", List.of(cc), "BCC", List.of(bcc), "other", 1))
			.build();

		client.send("", to, properties, "copied");

		for (String queue : List.of(to, cc, bcc)) {
			GetResponse copy = client.take(queue);
			assertThat(copy.getProps().getHeaders()).containsOnlyKeys("CC", "other");
			assertThat(copy.getEnvelope().getRoutingKey()).isEqualTo(to);
		}
	}

	@Test
	@DisplayName("A queue that is reached by its key and by `CC` gets the message once")
	void carbonCopiesAreNotDuplicates(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		BasicProperties properties = new BasicProperties.Builder().headers(Map.of("CC", List.of(queue))).build();

		client.send("", queue, properties, "once");

		assertThat(client.ready(queue)).isOne();
	}

	@ParameterizedTest(quoteTextArguments = false,
			name = "A `{0}` header that is not an array is 406 PRECONDITION_FAILED")
	@ValueSource(strings = { "CC", "BCC" })
	void carbonCopiesMustBeAnArray(String header, TestClient client) throws Exception {
		Channel channel = client.channel();
		BasicProperties properties = new BasicProperties.Builder().headers(Map.of(header, "queue")).build();

		assertClosesChannelMatching(channel, 406, ".*" + header + ".*",
				() -> channel.basicPublish("", "key", properties, BODY));
	}

	@ParameterizedTest(quoteTextArguments = false, name = "`expiration` \"{0}\" is 406 PRECONDITION_FAILED")
	@CsvSource(delimiter = '|', textBlock = """
			soon  | PRECONDITION_FAILED - invalid expiration 'soon': no_integer
			''    | PRECONDITION_FAILED - invalid expiration '': no_integer
			10s   | PRECONDITION_FAILED - invalid expiration '10s': {leftover_string,"s"}
			-1    | PRECONDITION_FAILED - invalid expiration '-1': {value_negative,-1}
			""")
	void nonsenseIsNoExpiration(String expiration, String text, TestClient client) throws Exception {
		Channel channel = client.channel();
		BasicProperties properties = new BasicProperties.Builder().expiration(expiration).build();

		assertClosesChannel(channel, 406, text, () -> channel.basicPublish("", "key", properties, BODY));
	}

	@Test
	@DisplayName("A `user-id` that is the user's own is passed on")
	void theUsersOwnNameIsPassedOn(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();

		client.send("", queue, new BasicProperties.Builder().userId("guest").build(), "mine");

		assertThat(client.take(queue).getProps().getUserId()).isEqualTo("guest");
	}

	@Test
	@DisplayName("A `user-id` that is not the user's is 406 PRECONDITION_FAILED")
	void anotherUsersNameIsRefused(TestClient client) throws Exception {
		Channel channel = client.channel();
		BasicProperties properties = new BasicProperties.Builder().userId("somebody").build();

		assertClosesChannel(channel, 406,
				"PRECONDITION_FAILED - user_id property set to 'somebody'" + " but authenticated user was 'guest'",
				() -> channel.basicPublish("", "key", properties, BODY));
	}

	@Test
	void allFourteenPropertiesArrive(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		BasicProperties properties = new BasicProperties.Builder().contentType("text/plain")
			.contentEncoding("UTF-8")
			.headers(Map.of("k", 1))
			.deliveryMode(2)
			.priority(3)
			.correlationId("correlation")
			.replyTo("reply")
			.expiration("60000")
			.messageId("message")
			.timestamp(new Date(1_700_000_000_000L))
			.type("type")
			.userId("guest")
			.appId("app")
			.clusterId("cluster")
			.build();

		client.send("", queue, properties, "all");

		assertThat(client.take(queue).getProps()).isEqualTo(properties);
	}

	@Test
	void aMessageWithoutPropertiesHasNone(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();

		client.send("", queue, new BasicProperties(), "bare");

		assertThat(client.take(queue).getProps()).isEqualTo(new BasicProperties());
	}

	@Test
	void headersOfEveryTypeArrive(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Map<String, Object> headers = new HashMap<>();
		headers.put("boolean", true);
		headers.put("byte", (byte) -1);
		headers.put("short", (short) -300);
		headers.put("int", Integer.MIN_VALUE);
		headers.put("long", Long.MAX_VALUE);
		headers.put("float", 1.5f);
		headers.put("double", -2.5d);
		headers.put("decimal", new BigDecimal("12.34"));
		headers.put("date", new Date(1_700_000_000_000L));
		headers.put("nothing", null);
		headers.put("list", Arrays.asList(1, true, null));
		headers.put("table", Map.of("nested", 7L));
		headers.put("text", "täxt");
		headers.put("bytes", new byte[] { 0, -1 });

		client.send("", queue, new BasicProperties.Builder().headers(headers).build(), "typed");

		Map<String, Object> arrived = new HashMap<>(client.take(queue).getProps().getHeaders());
		assertThat((byte[]) arrived.remove("bytes")).isEqualTo(headers.remove("bytes"));
		assertThat(arrived.remove("text")).isInstanceOf(LongString.class).hasToString((String) headers.remove("text"));
		assertThat(arrived).isEqualTo(headers);
	}

	@ParameterizedTest(quoteTextArguments = false, name = "A body of {0} bytes arrives unchanged")
	@ValueSource(ints = { 0, 1, 131_064, 131_065, 3_000_000 })
	void bodiesOfAnySizeArrive(int size, TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		byte[] body = new byte[size];
		for (int i = 0; i < size; i++) {
			body[i] = (byte) (i * 31);
		}
		Channel channel = client.channel();
		channel.confirmSelect();

		channel.basicPublish("", queue, null, body);

		channel.waitForConfirmsOrDie(30_000);
		assertThat(client.take(queue).getBody()).isEqualTo(body);
	}

	@Test
	void messagesOfAChannelKeepTheirOrder(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		List<String> sent = new ArrayList<>();

		for (int i = 0; i < 200; i++) {
			sent.add("message " + i);
			channel.basicPublish("", queue, null, sent.get(i).getBytes(StandardCharsets.UTF_8));
		}

		assertThat(Deliveries.autoAcknowledged(client.channel(), queue).nextTexts(200)).isEqualTo(sent);
	}

	/**
	 * Takes the flag multiple apart: the tags as they would have come one by one.
	 */
	private static final class Confirms implements ConfirmListener {

		private final List<Long> acked = Collections.synchronizedList(new ArrayList<>());

		private final NavigableSet<Long> nacked = new TreeSet<>();

		private long last;

		@Override
		public synchronized void handleAck(long tag, boolean multiple) {
			long first = multiple ? this.last + 1 : tag;
			for (long confirmed = first; confirmed <= tag; confirmed++) {
				this.acked.add(confirmed);
			}
			this.last = tag;
		}

		@Override
		public synchronized void handleNack(long tag, boolean multiple) {
			this.nacked.add(tag);
		}

	}

	@Test
	@DisplayName("A message whose headers are malformed is 541 INTERNAL_ERROR when it is published")
	void malformedHeadersAreRefused(TestClient client) throws Exception {
		String queue = client.queue();
		RawConnection raw = client.raw().openChannel();
		raw.send(1, new AMQP.Confirm.Select.Builder().build());
		raw.expect(AMQP.Confirm.SelectOk.class);

		raw.send(1, new AMQP.Basic.Publish.Builder().exchange("").routingKey(queue).build());
		// Headers of one entry, "a", of a type that there is not.
		raw.frame(AMQP.FRAME_HEADER, 1, 0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 3, 1, 'a', '?');

		raw.expectClose(541, "INTERNAL_ERROR.*");
		assertThat(client.ready(queue)).isZero();
	}

	@Test
	@DisplayName("Headers may be nested 200 deep")
	void headersMayBeNestedDeep(TestClient client) throws Exception {
		String letters = client.exclusiveQueue();
		String queue = client.exclusiveQueue(
				Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", letters, "x-message-ttl", 0));
		Map<String, Object> headers = new HashMap<>(Map.of("level", 0));
		for (int level = 1; level <= 200; level++) {
			headers = new HashMap<>(Map.of("level", level, "nested", headers));
		}

		client.send("", queue, new BasicProperties.Builder().headers(headers).build(), "deep");

		Map<String, Object> received = client.await(letters).getProps().getHeaders();
		assertThat(received.get("nested")).isEqualTo(headers.get("nested"));
	}

	@Test
	@DisplayName("A commit that a full queue refuses is 406 PRECONDITION_FAILED")
	void aCommitThatIsRefusedInPart(TestClient client) throws Exception {
		String queue = client.exclusiveQueue(Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
		Channel channel = client.channel();
		channel.txSelect();
		channel.basicPublish("", queue, null, BODY);
		channel.txCommit();
		channel.basicPublish("", queue, null, BODY);

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - partial tx completion", channel::txCommit);
		assertThat(client.ready(queue)).isOne();
	}

	@Test
	@DisplayName("A commit of more than fits into a queue that rejects is 406 PRECONDITION_FAILED, and what fits is in the queue")
	void aCommitOfMoreThanFits(TestClient client) throws Exception {
		String queue = client.exclusiveQueue(Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
		Channel channel = client.channel();
		channel.txSelect();
		channel.basicPublish("", queue, null, BODY);
		channel.basicPublish("", queue, null, BODY);

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - partial tx completion", channel::txCommit);
		assertThat(client.ready(queue)).isOne();
	}

	@Test
	@NotOnRabbitMq("a quorum queue of RabbitMQ takes some more than fits")
	void aCommitOfMoreThanFitsIntoAQuorumQueue(TestClient client) throws Exception {
		String queue = client
			.durableQueue(Map.of("x-queue-type", "quorum", "x-max-length", 1, "x-overflow", "reject-publish"));
		Channel channel = client.channel();
		channel.txSelect();
		channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, BODY);
		channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, BODY);

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - partial tx completion", channel::txCommit);
		assertThat(client.ready(queue)).isOne();
	}

}
