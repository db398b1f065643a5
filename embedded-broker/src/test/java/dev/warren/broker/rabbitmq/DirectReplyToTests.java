package dev.warren.broker.rabbitmq;

import java.nio.charset.StandardCharsets;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import dev.warren.broker.RabbitMqVersion;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static dev.warren.broker.rabbitmq.Refusals.assertClosesChannel;
import static dev.warren.broker.rabbitmq.TestClient.text;
import static org.assertj.core.api.Assertions.assertThat;

@CompatibilityTests
@DisplayName("Direct reply-to")
class DirectReplyToTests {

	private static final String REPLY_TO = "amq.rabbitmq.reply-to";

	private static final BasicProperties REQUEST = new BasicProperties.Builder().replyTo(REPLY_TO)
		.correlationId("request 1")
		.build();

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	@Test
	@DisplayName("A reply to `amq.rabbitmq.reply-to` comes to the requester's channel, without a queue")
	void repliesComeToTheChannel(TestClient client) throws Exception {
		String queue = client.queue();
		Channel requester = client.channel();
		Deliveries replies = Deliveries.autoAcknowledged(requester, REPLY_TO);
		Channel server = client.stranger();

		requester.basicPublish("", queue, REQUEST, bytes("21"));
		GetResponse request = client.await(queue);
		server.basicPublish("", request.getProps().getReplyTo(),
				new BasicProperties.Builder().correlationId(request.getProps().getCorrelationId()).build(),
				bytes("42"));

		Delivery reply = replies.next();
		assertThat(Deliveries.text(reply)).isEqualTo("42");
		assertThat(reply.getProperties().getCorrelationId()).isEqualTo("request 1");
		assertThat(reply.getEnvelope().getExchange()).isEmpty();
		assertThat(reply.getEnvelope().getRoutingKey()).isEqualTo(request.getProps().getReplyTo());
	}

	@Test
	@DisplayName("The server sees a `reply-to` of its own for each requesting channel")
	void theReplyToIsReplaced(TestClient client) throws Exception {
		String queue = client.queue();
		Channel first = client.channel();
		Channel second = client.channel();
		Deliveries.autoAcknowledged(first, REPLY_TO);
		Deliveries.autoAcknowledged(second, REPLY_TO);

		first.basicPublish("", queue, REQUEST, bytes("1"));
		String firstReplyTo = client.await(queue).getProps().getReplyTo();
		second.basicPublish("", queue, REQUEST, bytes("2"));
		String secondReplyTo = client.await(queue).getProps().getReplyTo();

		assertThat(firstReplyTo).startsWith(REPLY_TO + ".");
		assertThat(secondReplyTo).startsWith(REPLY_TO + ".").isNotEqualTo(firstReplyTo);
	}

	@Test
	void aRequesterMayAskMoreThanOnce(TestClient client) throws Exception {
		String queue = client.queue();
		Channel requester = client.channel();
		Deliveries replies = Deliveries.autoAcknowledged(requester, REPLY_TO);
		Channel server = client.stranger();

		for (int i = 0; i < 3; i++) {
			requester.basicPublish("", queue, REQUEST, bytes("question " + i));
			GetResponse request = client.await(queue);
			server.basicPublish("", request.getProps().getReplyTo(), null, bytes("answer to " + text(request)));
		}

		assertThat(replies.nextTexts(3)).containsExactly("answer to question 0", "answer to question 1",
				"answer to question 2");
	}

	@Test
	@DisplayName("Consuming replies with acknowledgements is 406 PRECONDITION_FAILED")
	void repliesAreNotAcknowledged(TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - reply consumer cannot acknowledge",
				() -> Deliveries.from(channel, REPLY_TO));
	}

	@Test
	@DisplayName("A second consumer of replies on a channel is 406 PRECONDITION_FAILED")
	void aChannelHasOneReplyConsumer(TestClient client) throws Exception {
		Channel channel = client.channel();
		Deliveries.autoAcknowledged(channel, REPLY_TO);

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - reply consumer already set",
				() -> Deliveries.autoAcknowledged(channel, REPLY_TO));
	}

	@Test
	@DisplayName("A request without a consumer of replies is 406 PRECONDITION_FAILED")
	void theConsumerComesFirst(TestClient client) throws Exception {
		String queue = client.queue();
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - fast reply consumer does not exist",
				() -> channel.basicPublish("", queue, REQUEST, bytes("too early")));
	}

	@Test
	@DisplayName("A server may ask by a passive declaration whether the requester is still there")
	void theServerMayAsk(TestClient client) throws Exception {
		String queue = client.queue();
		Channel requester = client.channel();
		Deliveries.autoAcknowledged(requester, REPLY_TO);
		requester.basicPublish("", queue, REQUEST, bytes("?"));
		String replyTo = client.await(queue).getProps().getReplyTo();
		Channel server = client.stranger();

		assertThat(server.queueDeclarePassive(replyTo).getQueue()).isEqualTo(replyTo);

		requester.close();
		assertClosesChannel(server, 404, DeclaringTests.noQueue(replyTo), () -> server.queueDeclarePassive(replyTo));
	}

	@Test
	void aReplyToARequesterThatIsGoneIsDropped(TestClient client) throws Exception {
		String queue = client.queue();
		Channel requester = client.channel();
		Deliveries.autoAcknowledged(requester, REPLY_TO);
		requester.basicPublish("", queue, REQUEST, bytes("?"));
		String replyTo = client.await(queue).getProps().getReplyTo();
		requester.close();
		Channel server = client.stranger();
		server.confirmSelect();

		server.basicPublish("", replyTo, null, bytes("late"));

		assertThat(server.waitForConfirms(15_000)).as("acked").isTrue();
	}

	@Test
	@DisplayName("A `mandatory` reply is delivered and comes back as well: the name is no queue")
	@Until(RabbitMqVersion.V4_0)
	void mandatoryReplies(TestClient client) throws Exception {
		assertMandatoryReplyIsDelivered(client, true);
	}

	@Test
	@DisplayName("A `mandatory` reply that its asker gets does not come back")
	@From(RabbitMqVersion.V4_3)
	void mandatoryRepliesAreRouted(TestClient client) throws Exception {
		assertMandatoryReplyIsDelivered(client, false);
	}

	private static void assertMandatoryReplyIsDelivered(TestClient client, boolean returned) throws Exception {
		String queue = client.queue();
		Channel requester = client.channel();
		Deliveries replies = Deliveries.autoAcknowledged(requester, REPLY_TO);
		requester.basicPublish("", queue, REQUEST, bytes("?"));
		String replyTo = client.await(queue).getProps().getReplyTo();

		assertThat(client.returned("", replyTo)).isEqualTo(returned);

		assertThat(replies.next().getBody()).isEmpty();
	}

	@Test
	@DisplayName("`amq.rabbitmq.reply-to` may be declared passively, and is never a queue")
	void theNameMayBeDeclaredPassively(TestClient client) throws Exception {
		Channel channel = client.channel();

		assertThat(channel.queueDeclarePassive(REPLY_TO).getQueue()).isEqualTo(REPLY_TO);
		assertThat(channel.queueDeclarePassive(REPLY_TO).getMessageCount()).isZero();
	}

	@Test
	@DisplayName("Cancelling the consumer of replies lets another follow")
	void theReplyConsumerMayBeCancelled(TestClient client) throws Exception {
		String queue = client.queue();
		Channel channel = client.channel();
		Deliveries first = Deliveries.autoAcknowledged(channel, REPLY_TO);

		channel.basicCancel(first.getConsumerTag());
		Deliveries second = Deliveries.autoAcknowledged(channel, REPLY_TO);
		channel.basicPublish("", queue, REQUEST, bytes("?"));
		client.send("", client.await(queue).getProps().getReplyTo(), new BasicProperties(), "to the second");

		assertThat(second.nextText()).isEqualTo("to the second");
		first.assertNoMore();
	}

	@Test
	@DisplayName("A reply that is requested with `reply-to` of another kind passes unchanged")
	void otherReplyTosPass(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();

		client.send("", queue, new BasicProperties.Builder().replyTo("my-replies").build(), "?");

		assertThat(client.take(queue).getProps().getReplyTo()).isEqualTo("my-replies");
	}

}
