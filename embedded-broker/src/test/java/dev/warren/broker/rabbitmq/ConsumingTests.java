package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.impl.Frame;
import dev.warren.broker.RabbitMqVersion;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static dev.warren.broker.rabbitmq.Deliveries.tag;
import static dev.warren.broker.rabbitmq.Deliveries.text;
import static dev.warren.broker.rabbitmq.Refusals.assertClosesChannel;
import static dev.warren.broker.rabbitmq.Refusals.assertClosesConnection;
import static dev.warren.broker.rabbitmq.TestClient.unique;
import static org.assertj.core.api.Assertions.assertThat;

@CompatibilityTests
@DisplayName("Consuming")
class ConsumingTests {

	private static final String UNKNOWN_TAG = "PRECONDITION_FAILED - unknown delivery tag ";

	@Test
	void anAcknowledgedMessageIsGone(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "acked", "kept");
		Channel channel = client.channel();
		Deliveries deliveries = Deliveries.from(channel, queue);

		channel.basicAck(tag(deliveries.next()), false);
		deliveries.next();
		channel.close();

		assertThat(TestClient.text(client.await(queue))).isEqualTo("kept");
		assertThat(client.ready(queue)).isZero();
	}

	@Test
	@DisplayName("An ack with `multiple` settles everything up to its tag")
	void acknowledgingSeveral(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "1", "2", "3", "4");
		Channel channel = client.channel();
		Deliveries deliveries = Deliveries.from(channel, queue);
		deliveries.nextTexts(2);
		long third = tag(deliveries.next());
		deliveries.next();

		channel.basicAck(third, true);
		channel.close();

		client.awaitReady(queue, 1);
		assertThat(TestClient.text(client.take(queue))).isEqualTo("4");
	}

	@Test
	@DisplayName("An ack of tag 0 with `multiple` settles everything")
	void acknowledgingEverything(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "1", "2", "3");
		Channel channel = client.channel();
		Deliveries.from(channel, queue).nextTexts(3);

		channel.basicAck(0, true);
		channel.close();
		client.send(queue, "sentinel");

		assertThat(TestClient.text(client.take(queue))).isEqualTo("sentinel");
	}

	@Test
	@DisplayName("A nack with `multiple` and `requeue` returns everything up to its tag")
	void requeueingSeveral(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "1", "2", "3");
		Channel channel = client.channel();
		channel.basicGet(queue, false);
		channel.basicGet(queue, false);
		long third = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();

		channel.basicNack(third, true, true);

		client.awaitReady(queue, 3);
		assertThat(Deliveries.from(channel, queue).nextTexts(3)).containsExactly("1", "2", "3");
	}

	@Test
	@DisplayName("A nack with `multiple` and without `requeue` drops everything up to its tag")
	void droppingSeveral(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "1", "2", "3");
		Channel channel = client.channel();
		channel.basicGet(queue, false);
		long second = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
		channel.basicGet(queue, false);

		channel.basicNack(second, true, false);
		channel.close();

		client.awaitReady(queue, 1);
		assertThat(TestClient.text(client.take(queue))).isEqualTo("3");
	}

	@Test
	@DisplayName("A nack of tag 0 with `multiple` settles everything")
	void droppingEverything(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "1", "2");
		Channel channel = client.channel();
		Deliveries.from(channel, queue).nextTexts(2);

		channel.basicNack(0, true, false);
		channel.close();
		client.send(queue, "sentinel");

		assertThat(TestClient.text(client.take(queue))).isEqualTo("sentinel");
	}

	@Test
	@DisplayName("A reject with `requeue` delivers again, marked redelivered")
	void rejectedMessagesComeAgain(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "again");
		Channel channel = client.channel();
		Deliveries deliveries = Deliveries.from(channel, queue);
		Delivery first = deliveries.next();

		channel.basicReject(tag(first), true);

		Delivery second = deliveries.next();
		assertThat(first.getEnvelope().isRedeliver()).isFalse();
		assertThat(second.getEnvelope().isRedeliver()).isTrue();
		assertThat(tag(second)).isEqualTo(tag(first) + 1);
		assertThat(text(second)).isEqualTo("again");
	}

	@Test
	@DisplayName("A reject without `requeue` drops the message")
	void rejectedMessagesAreDropped(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "dropped", "sentinel");
		Channel channel = client.channel();
		channel.basicQos(1);
		Deliveries deliveries = Deliveries.from(channel, queue);

		channel.basicReject(tag(deliveries.next()), false);

		Delivery sentinel = deliveries.next();
		assertThat(text(sentinel)).isEqualTo("sentinel");
		channel.basicAck(tag(sentinel), false);
		channel.close();
		assertThat(client.ready(queue)).isZero();
	}

	@Test
	@DisplayName("An ack of an unknown delivery tag is 406 PRECONDITION_FAILED")
	void unknownTagsAreRefused(TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, UNKNOWN_TAG + "99", () -> channel.basicAck(99, false));
	}

	@Test
	@DisplayName("An ack with `multiple` of an unknown delivery tag is 406 PRECONDITION_FAILED")
	void unknownMultipleTagsAreRefused(TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, UNKNOWN_TAG + "99", () -> channel.basicAck(99, true));
	}

	@Test
	@DisplayName("A nack of an unknown delivery tag is 406 PRECONDITION_FAILED")
	void unknownNackedTagsAreRefused(TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, UNKNOWN_TAG + "99", () -> channel.basicNack(99, false, true));
	}

	@Test
	@DisplayName("A reject of an unknown delivery tag is 406 PRECONDITION_FAILED")
	void unknownRejectedTagsAreRefused(TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, UNKNOWN_TAG + "99", () -> channel.basicReject(99, true));
	}

	@Test
	@DisplayName("A second ack of the same delivery tag is 406 PRECONDITION_FAILED")
	void aMessageIsAcknowledgedOnce(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "one");
		Channel channel = client.channel();
		long tag = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
		channel.basicAck(tag, false);

		assertClosesChannel(channel, 406, UNKNOWN_TAG + tag, () -> channel.basicAck(tag, false));
	}

	@Test
	@DisplayName("An ack of an automatically acknowledged message is 406 PRECONDITION_FAILED")
	void automaticAcknowledgementsAreFinal(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "one");
		Channel channel = client.channel();
		long tag = tag(Deliveries.autoAcknowledged(channel, queue).next());

		assertClosesChannel(channel, 406, UNKNOWN_TAG + tag, () -> channel.basicAck(tag, false));
	}

	@Test
	@DisplayName("Another channel's delivery tag is unknown")
	void anotherChannelsDeliveryTagIsUnknown(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "one");
		long tag = client.channel().basicGet(queue, false).getEnvelope().getDeliveryTag();
		Channel other = client.channel();

		assertClosesChannel(other, 406, UNKNOWN_TAG + tag, () -> other.basicAck(tag, false));
	}

	@Test
	void deliveryTagsCountFromOneOnEachChannel(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "1", "2", "3");
		Channel first = client.channel();
		Channel second = client.channel();

		assertThat(first.basicGet(queue, true).getEnvelope().getDeliveryTag()).isEqualTo(1);
		assertThat(first.basicGet(queue, true).getEnvelope().getDeliveryTag()).isEqualTo(2);
		assertThat(second.basicGet(queue, true).getEnvelope().getDeliveryTag()).isEqualTo(1);
	}

	@Test
	void aRequeuedMessageReturnsToItsPlace(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "1", "2", "3", "4");
		Channel channel = client.channel();
		channel.basicGet(queue, false);
		long second = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
		long third = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();

		channel.basicReject(third, true);
		channel.basicReject(second, true);

		client.awaitReady(queue, 3);
		assertThat(Deliveries.from(channel, queue).nextTexts(3)).containsExactly("2", "3", "4");
	}

	@Test
	void closingTheChannelRequeuesWhatItHeld(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "1", "2", "3");
		Channel channel = client.channel();
		Deliveries.from(channel, queue).nextTexts(3);

		channel.close();

		client.awaitReady(queue, 3);
		GetResponse first = client.take(queue);
		assertThat(TestClient.text(first)).isEqualTo("1");
		assertThat(first.getEnvelope().isRedeliver()).isTrue();
	}

	@Test
	void aConnectionThatBreaksRequeuesWhatItHeld(TestClient client) throws Exception {
		String queue = client.queue();
		client.send(queue, "held");
		RawConnection raw = client.raw().openChannel();
		raw.send(1, new AMQP.Basic.Get.Builder().queue(queue).build()).expect(AMQP.Basic.GetOk.class);

		raw.close();

		GetResponse again = client.await(queue);
		assertThat(TestClient.text(again)).isEqualTo("held");
		assertThat(again.getEnvelope().isRedeliver()).isTrue();
	}

	@Test
	@DisplayName("`basic.recover` with `requeue` requeues what the channel holds")
	void recoveringRequeues(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "1", "2");
		Channel channel = client.channel();
		channel.basicGet(queue, false);
		channel.basicGet(queue, false);

		assertThat(channel.basicRecover(true)).isNotNull();

		GetResponse first = client.await(queue);
		assertThat(TestClient.text(first)).isEqualTo("1");
		assertThat(first.getEnvelope().isRedeliver()).isTrue();
		assertThat(TestClient.text(client.await(queue))).isEqualTo("2");
	}

	@Test
	@DisplayName("`basic.recover` delivers again to the same consumer when it is the only one")
	void recoveringDeliversAgain(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "1", "2");
		Channel channel = client.channel();
		Deliveries deliveries = Deliveries.from(channel, queue);
		deliveries.nextTexts(2);

		channel.basicRecover();

		assertThat(deliveries.nextTexts(2)).containsExactly("1", "2");
	}

	@Test
	@DisplayName("`basic.get` on an empty queue answers get-empty")
	void anEmptyQueueHasNothingToGet(TestClient client) throws Exception {
		assertThat(client.channel().basicGet(client.exclusiveQueue(), true)).isNull();
	}

	@Test
	@DisplayName("`basic.get` tells how many messages are left")
	void gettingCountsWhatIsLeft(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "1", "2", "3");

		GetResponse response = client.channel().basicGet(queue, false);

		assertThat(response.getMessageCount()).isEqualTo(2);
	}

	@Test
	@DisplayName("`basic.get` on a missing queue is 404 NOT_FOUND")
	void aMissingQueueHasNothingToGet(TestClient client) throws Exception {
		String queue = unique("missing");
		Channel channel = client.channel();

		assertClosesChannel(channel, 404, DeclaringTests.noQueue(queue), () -> channel.basicGet(queue, true));
	}

	@Test
	@DisplayName("Consuming from a missing queue is 404 NOT_FOUND")
	void aMissingQueueIsNotConsumed(TestClient client) throws Exception {
		String queue = unique("missing");
		Channel channel = client.channel();

		assertClosesChannel(channel, 404, DeclaringTests.noQueue(queue), () -> Deliveries.from(channel, queue));
	}

	@Test
	@DisplayName("Prefetch with `global` false limits each consumer of the channel alone")
	void prefetchPerConsumer(TestClient client) throws Exception {
		String first = client.exclusiveQueue();
		String second = client.exclusiveQueue();
		client.send(first, "1", "2", "3");
		client.send(second, "a", "b", "c");
		Channel channel = client.channel();
		channel.basicQos(1);
		Deliveries numbers = Deliveries.from(channel, first);
		channel.basicQos(2);
		Deliveries letters = Deliveries.from(channel, second);

		Delivery one = numbers.next();
		assertThat(letters.nextTexts(2)).containsExactly("a", "b");
		assertThat(client.ready(first)).isEqualTo(2);
		assertThat(client.ready(second)).isOne();
		channel.basicAck(tag(one), false);

		assertThat(numbers.nextText()).isEqualTo("2");
		assertThat(client.ready(first)).isOne();
		numbers.assertNoMore();
		letters.assertNoMore();
	}

	@Test
	@DisplayName("Prefetch with `global` false does not change the consumers there are")
	void prefetchIsForNewConsumers(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.basicQos(1);
		Deliveries deliveries = Deliveries.from(channel, queue);

		channel.basicQos(10);
		client.send(queue, "1", "2", "3");

		assertThat(deliveries.nextText()).isEqualTo("1");
		assertThat(client.ready(queue)).isEqualTo(2);
	}

	@Test
	@DisplayName("Prefetch with `global` true limits all consumers of the channel together")
	@Until(RabbitMqVersion.V4_0)
	void prefetchPerChannel(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.basicQos(3, true);
		Deliveries first = Deliveries.from(channel, queue);
		Deliveries second = Deliveries.from(channel, queue);

		client.send(queue, "1", "2", "3", "4", "5");
		client.awaitReady(queue, 2);
		channel.basicAck(0, true);

		client.awaitReady(queue, 0);
		channel.close();
		assertThat(first.getChannel()).isSameAs(second.getChannel());
		client.awaitReady(queue, 2);
	}

	@Test
	@DisplayName("A channel's prefetch and its consumers' prefetch hold together")
	@Until(RabbitMqVersion.V4_0)
	void bothKindsOfPrefetch(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "1", "2", "3", "4", "5", "6", "7");
		Channel channel = client.channel();
		channel.basicQos(2, false);
		channel.basicQos(5, true);

		Deliveries.from(channel, queue).nextTexts(2);
		Deliveries.from(channel, queue).nextTexts(2);
		Deliveries third = Deliveries.from(channel, queue);

		third.next();
		assertThat(client.ready(queue)).isEqualTo(2);
		third.assertNoMore();
	}

	@Test
	@DisplayName("Prefetch with `global` true limits each consumer for itself")
	@From(RabbitMqVersion.V4_3)
	void globalPrefetchIsOneForEachConsumer(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "1", "2", "3", "4", "5", "6", "7");
		Channel channel = client.channel();
		channel.basicQos(2, true);

		Deliveries.from(channel, queue).nextTexts(2);
		Deliveries.from(channel, queue).nextTexts(2);

		assertThat(client.ready(queue)).isEqualTo(3);
	}

	@Test
	@DisplayName("`basic.get` ignores the prefetch")
	void gettingIgnoresThePrefetch(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "1", "2");
		Channel channel = client.channel();
		channel.basicQos(1);

		assertThat(channel.basicGet(queue, false)).isNotNull();
		assertThat(channel.basicGet(queue, false)).isNotNull();
	}

	@Test
	@DisplayName("The prefetch does not hold a consumer back that acknowledges automatically")
	void automaticAcknowledgementsIgnoreThePrefetch(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "1", "2", "3");
		Channel channel = client.channel();
		channel.basicQos(1);

		assertThat(Deliveries.autoAcknowledged(channel, queue).nextTexts(3)).containsExactly("1", "2", "3");
	}

	@Test
	@DisplayName("A prefetch in bytes is 540 NOT_IMPLEMENTED")
	void prefetchInBytesIsNotImplemented(TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesConnection(client.connection(), 540, "NOT_IMPLEMENTED - prefetch_size!=0 (1000)",
				() -> channel.basicQos(1000, 1, false));
	}

	@Test
	void consumersTakeTurns(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Deliveries first = Deliveries.from(client.channel(), queue);
		Deliveries second = Deliveries.from(client.channel(), queue);

		client.send(queue, "1", "2", "3", "4");

		assertThat(first.nextTexts(2)).isIn(List.of("1", "3"), List.of("2", "4"));
		assertThat(second.nextTexts(2)).isIn(List.of("1", "3"), List.of("2", "4"));
	}

	@Test
	void aBusyConsumerWithAPrefetchOfOneIsPassedOver(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel busyChannel = client.channel();
		Channel freeChannel = client.channel();
		busyChannel.basicQos(1);
		freeChannel.basicQos(1);
		Deliveries busy = Deliveries.from(busyChannel, queue);
		client.send(queue, "long task");
		assertThat(busy.nextText()).isEqualTo("long task");

		Deliveries free = Deliveries.from(freeChannel, queue);
		client.send(queue, "1", "2", "3");

		for (String expected : List.of("1", "2", "3")) {
			Delivery delivery = free.next();
			assertThat(text(delivery)).isEqualTo(expected);
			freeChannel.basicAck(tag(delivery), false);
		}
		busy.assertNoMore();
	}

	@Test
	@DisplayName("A consumer gets `basic.cancel` when its queue is deleted")
	void consumersAreToldThatTheirQueueIsGone(TestClient client) throws Exception {
		String queue = client.queue();
		Channel channel = client.channel();
		Deliveries deliveries = Deliveries.from(channel, queue);

		client.stranger().queueDelete(queue);

		deliveries.awaitCancel();
		assertThat(channel.isOpen()).isTrue();
	}

	@Test
	@DisplayName("A client without the capability `consumer_cancel_notify` gets no `basic.cancel`")
	void consumersThatDidNotAskAreNotTold(TestClient client) throws Exception {
		String queue = client.queue();
		RawConnection raw = client.raw().openChannel();
		raw.send(1, new AMQP.Basic.Consume.Builder().queue(queue).consumerTag("c").build())
			.expect(AMQP.Basic.ConsumeOk.class);

		client.channel().queueDelete(queue);

		// The answer to the next question is the next frame.
		raw.send(1, new AMQP.Basic.Qos.Builder().prefetchCount(1).build()).expect(AMQP.Basic.QosOk.class);
	}

	@Test
	@DisplayName("An exclusive consumer keeps others out with 403 ACCESS_REFUSED")
	void anExclusiveConsumerIsAlone(TestClient client) throws Exception {
		String queue = client.queue();
		Channel owner = client.channel();
		Deliveries first = Deliveries.from(client.channel(), client.exclusiveQueue());
		owner.basicConsume(queue, false, "", false, true, null, first);
		Channel channel = client.stranger();

		assertClosesChannel(channel, 403, "ACCESS_REFUSED - queue '" + queue + "' in vhost '/' in exclusive use",
				() -> Deliveries.from(channel, queue));
	}

	@Test
	@DisplayName("An exclusive consumer of a queue that has consumers is 403 ACCESS_REFUSED")
	void anExclusiveConsumerMustBeTheFirst(TestClient client) throws Exception {
		String queue = client.queue();
		Deliveries first = Deliveries.from(client.channel(), queue);
		Channel channel = client.stranger();

		assertClosesChannel(channel, 403, "ACCESS_REFUSED - queue '" + queue + "' in vhost '/' in exclusive use",
				() -> channel.basicConsume(queue, false, "", false, true, null, first));
	}

	@Test
	void theQueueIsFreeAgainWhenItsExclusiveConsumerIsCancelled(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		Deliveries exclusive = Deliveries.from(channel, client.exclusiveQueue());
		String tag = channel.basicConsume(queue, false, "", false, true, null, exclusive);

		channel.basicCancel(tag);
		client.send(queue, "for the next");

		assertThat(Deliveries.from(client.channel(), queue).nextText()).isEqualTo("for the next");
	}

	@Test
	@DisplayName("The consumer with the higher `x-priority` is served first, while it takes messages")
	void consumerPriorities(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel lowChannel = client.channel();
		Channel highChannel = client.channel();
		highChannel.basicQos(2);
		Deliveries low = Deliveries.from(lowChannel, queue);
		Deliveries high = Deliveries.from(highChannel, queue, Map.of("x-priority", 10));

		client.send(queue, "1", "2", "3");

		assertThat(high.nextTexts(2)).containsExactly("1", "2");
		assertThat(low.nextText()).isEqualTo("3");
	}

	@Test
	@DisplayName("An `x-priority` that is not a number is 406 PRECONDITION_FAILED")
	void aConsumerPriorityIsANumber(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();

		Refusals.assertClosesChannelMatching(channel, 406, "PRECONDITION_FAILED - invalid arg 'x-priority' for .*",
				() -> Deliveries.from(channel, queue, Map.of("x-priority", "high")));
	}

	@Test
	void anAutomaticallyAcknowledgedMessageIsGone(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "one");
		Channel channel = client.channel();
		Deliveries.autoAcknowledged(channel, queue).next();

		channel.close();
		client.send(queue, "sentinel");

		assertThat(TestClient.text(client.take(queue))).isEqualTo("sentinel");
	}

	@Test
	@DisplayName("A cancelled consumer's messages stay with the channel")
	void aCancelledConsumersMessagesStayWithTheChannel(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "held");
		Channel channel = client.channel();
		Deliveries deliveries = Deliveries.from(channel, queue);
		Delivery held = deliveries.next();

		channel.basicCancel(deliveries.getConsumerTag());

		assertThat(client.ready(queue)).isZero();
		channel.basicAck(tag(held), false);
		channel.close();
		client.send(queue, "sentinel");
		assertThat(TestClient.text(client.take(queue))).isEqualTo("sentinel");
	}

	@Test
	void aCancelledConsumerGetsNothingMore(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		Deliveries deliveries = Deliveries.autoAcknowledged(channel, queue);

		channel.basicCancel(deliveries.getConsumerTag());
		client.send(queue, "for nobody");

		assertThat(client.ready(queue)).isOne();
		deliveries.assertNoMore();
	}

	@Test
	void cancellingAnUnknownConsumerIsFine(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		AMQP.Basic.CancelOk cancelled = raw.send(1, new AMQP.Basic.Cancel.Builder().consumerTag("unknown").build())
			.expect(AMQP.Basic.CancelOk.class);

		assertThat(cancelled.getConsumerTag()).isEqualTo("unknown");
	}

	@Test
	@DisplayName("The broker names a consumer without a tag `amq.ctag-…`")
	void theBrokerNamesConsumers(TestClient client) throws Exception {
		Deliveries deliveries = Deliveries.from(client.channel(), client.exclusiveQueue());

		assertThat(deliveries.getConsumerTag()).startsWith("amq.ctag-");
	}

	@Test
	@DisplayName("Using a consumer tag twice on a channel closes the connection with 530 NOT_ALLOWED")
	void aConsumerTagIsUsedOnce(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		Deliveries deliveries = Deliveries.from(channel, client.exclusiveQueue());
		channel.basicConsume(queue, false, "taken", deliveries);

		assertClosesConnection(client.connection(), 530, "NOT_ALLOWED - attempt to reuse consumer tag 'taken'",
				() -> channel.basicConsume(queue, false, "taken", deliveries));
	}

	@Test
	void theSameConsumerTagMayBeUsedOnAnotherChannel(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel first = client.channel();
		Channel second = client.channel();
		first.basicConsume(queue, false, "same", Deliveries.from(first, client.exclusiveQueue()));

		assertThat(second.basicConsume(queue, false, "same", Deliveries.from(second, client.exclusiveQueue())))
			.isEqualTo("same");
	}

	@Test
	@DisplayName("`no-local` is ignored: a connection gets its own messages")
	void noLocalIsIgnored(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		Deliveries deliveries = Deliveries.from(channel, client.exclusiveQueue());
		channel.basicConsume(queue, true, "no-local", true, false, null, deliveries);

		channel.basicPublish("", queue, null, "mine".getBytes(StandardCharsets.UTF_8));

		assertThat(deliveries.nextText()).isEqualTo("mine");
	}

	@Test
	@DisplayName("A `nowait` consume and cancel have no answers, and work")
	void consumingWithoutAnAnswerWorks(TestClient client) throws Exception {
		String queue = client.queue();
		client.send(queue, "one");
		RawConnection raw = client.raw().openChannel();

		raw.send(1, new AMQP.Basic.Consume.Builder().queue(queue).consumerTag("c").noAck(true).nowait(true).build());
		assertThat(raw.expect(AMQP.Basic.Deliver.class).getConsumerTag()).isEqualTo("c");
		raw.readFrame();
		raw.readFrame();
		raw.send(1, new AMQP.Basic.Cancel.Builder().consumerTag("c").nowait(true).build());

		raw.send(1, new AMQP.Basic.Qos.Builder().prefetchCount(1).build()).expect(AMQP.Basic.QosOk.class);
		assertThat(client.channel().queueDeclarePassive(queue).getConsumerCount()).isZero();
	}

	@Test
	@DisplayName("With `x-single-active-consumer` one consumer gets everything, and the next takes over")
	void singleActiveConsumer(TestClient client) throws Exception {
		String queue = client.queue(Map.of("x-single-active-consumer", true));
		Channel first = client.channel();
		Deliveries active = Deliveries.from(first, queue);
		Deliveries waiting = Deliveries.from(client.channel(), queue);

		client.send(queue, "1", "2", "3");
		assertThat(active.nextTexts(3)).containsExactly("1", "2", "3");
		waiting.assertNoMore();
		first.close();

		assertThat(waiting.nextTexts(3)).containsExactly("1", "2", "3");
	}

	@Test
	@DisplayName("Cancelling the single active consumer hands over to the next")
	void cancellingTheSingleActiveConsumer(TestClient client) throws Exception {
		String queue = client.queue(Map.of("x-single-active-consumer", true));
		Channel channel = client.channel();
		Deliveries active = Deliveries.from(channel, queue);
		Deliveries waiting = Deliveries.from(client.channel(), queue);

		channel.basicCancel(active.getConsumerTag());
		client.send(queue, "for the next");

		assertThat(waiting.nextText()).isEqualTo("for the next");
		active.assertNoMore();
	}

	@Test
	@DisplayName("An exclusive consumer of a queue with `x-single-active-consumer` is 403 ACCESS_REFUSED")
	void aSingleActiveConsumerIsNotExclusive(TestClient client) throws Exception {
		String queue = client.queue(Map.of("x-single-active-consumer", true));
		Channel channel = client.channel();
		Deliveries deliveries = Deliveries.from(client.channel(), client.exclusiveQueue());

		assertClosesChannel(channel, 403, "ACCESS_REFUSED - queue '" + queue + "' in vhost '/' in exclusive use",
				() -> channel.basicConsume(queue, false, "", false, true, null, deliveries));
	}

	@Test
	@DisplayName("A closed connection frees its consumers' queue at once")
	void aClosedConnectionHasNoConsumers(TestClient client) throws Exception {
		String queue = client.queue();
		Connection connection = client.connect();
		Deliveries.from(connection.createChannel(), queue);

		connection.close();

		Channel channel = client.channel();
		Awaitility.await("no consumers")
			.atMost(15, TimeUnit.SECONDS)
			.until(() -> channel.queueDeclarePassive(queue).getConsumerCount() == 0);
	}

	@Test
	@DisplayName("A consumer that goes gives back what it holds and what it was not sent, in order")
	void whatIsGivenBackKeepsItsOrder(TestClient client) throws Exception {
		String queue = client.queue();
		Channel publisher = client.channel();
		publisher.confirmSelect();
		List<String> texts = IntStream.range(0, 500).mapToObj(String::valueOf).toList();
		for (String text : texts) {
			publisher.basicPublish("", queue, null, text.getBytes(StandardCharsets.UTF_8));
		}
		publisher.waitForConfirmsOrDie(10_000);
		RawConnection raw = client.raw().openChannel();
		raw.send(1, new AMQP.Basic.Qos.Builder().prefetchCount(200).build());
		raw.expect(AMQP.Basic.QosOk.class);
		raw.send(1, new AMQP.Basic.Consume.Builder().queue(queue).build());
		raw.expect(AMQP.Basic.ConsumeOk.class);
		raw.expect(AMQP.Basic.Deliver.class);

		raw.close();

		client.awaitReady(queue, 500);
		assertThat(Deliveries.autoAcknowledged(client.channel(), queue).nextTexts(500)).isEqualTo(texts);
	}

	@Test
	@DisplayName("What is published before a `basic.cancel` is delivered before its answer")
	void whatCameBeforeACancelIsDelivered(TestClient client) throws Exception {
		String queue = client.queue();
		RawConnection raw = client.raw().openChannel();
		raw.send(1, new AMQP.Basic.Consume.Builder().queue(queue).consumerTag("c").noAck(true).build());
		raw.expect(AMQP.Basic.ConsumeOk.class);

		raw.sendTogether(1, 5, queue, new AMQP.Basic.Cancel.Builder().consumerTag("c").build());

		int delivered = 0;
		Frame frame = raw.readFrame();
		while (!RawConnection.methodOf(frame).equals("60.31")) {
			delivered += (frame.type == AMQP.FRAME_METHOD) ? 1 : 0;
			frame = raw.readFrame();
		}
		assertThat(delivered).isEqualTo(5);
	}

	@Test
	@DisplayName("Who consumes from a queue that is being deleted is refused, or cancelled")
	void aConsumerOfAQueueThatIsBeingDeletedIsRefusedOrCancelled(TestClient client) throws Exception {
		Channel deleting = client.stranger();
		Connection consuming = client.connect();
		for (int round = 0; round < 50; round++) {
			String queue = client.queue();
			CompletableFuture<Void> deleted = CompletableFuture.runAsync(() -> {
				try {
					deleting.queueDelete(queue);
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});

			Deliveries deliveries = null;
			try {
				deliveries = Deliveries.from(consuming.createChannel(), queue);
			}
			catch (IOException ex) {
				assertThat(ex).hasStackTraceContaining(DeclaringTests.noQueue(queue));
			}

			deleted.join();
			if (deliveries != null) {
				deliveries.awaitCancel();
			}
		}
	}

	@Test
	@DisplayName("A queue that is auto-delete and exclusive goes with its last consumer")
	void anExclusiveQueueMayBeAutoDelete(TestClient client) throws Exception {
		Channel channel = client.channel();
		String queue = unique("both");
		channel.queueDeclare(queue, false, true, true, null);
		Deliveries deliveries = Deliveries.from(channel, queue);

		channel.basicCancel(deliveries.getConsumerTag());

		Channel other = client.channel();
		assertClosesChannel(other, 404, DeclaringTests.noQueue(queue), () -> other.queueDeclarePassive(queue));
	}

}
