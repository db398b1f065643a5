package dev.warren.broker.rabbitmq;

import java.util.HashMap;
import java.util.Map;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.warren.broker.RabbitMqVersion;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.warren.broker.rabbitmq.Refusals.assertClosesChannel;
import static dev.warren.broker.rabbitmq.Refusals.assertClosesConnection;
import static dev.warren.broker.rabbitmq.TestClient.text;
import static dev.warren.broker.rabbitmq.TestClient.unique;
import static org.assertj.core.api.Assertions.assertThat;

@CompatibilityTests
@DisplayName("Declaring")
class DeclaringTests {

	@Test
	void aNewQueueIsDeclaredEmpty(TestClient client) throws Exception {
		String queue = unique("new");

		AMQP.Queue.DeclareOk declared = client.channel().queueDeclare(queue, false, true, false, null);

		assertThat(declared.getQueue()).isEqualTo(queue);
		assertThat(declared.getMessageCount()).isZero();
		assertThat(declared.getConsumerCount()).isZero();
	}

	@Test
	void redeclaringAQueueAsItIsIsFine(TestClient client) throws Exception {
		Map<String, Object> arguments = Map.of("x-message-ttl", 60_000, "x-max-length", 5);
		String queue = client.durableQueue(arguments);
		client.send(queue, "kept");

		AMQP.Queue.DeclareOk again = client.channel().queueDeclare(queue, true, false, false, arguments);

		assertThat(again.getMessageCount()).isOne();
	}

	@Test
	@DisplayName("Declare-ok counts the messages that are ready, not those a consumer holds")
	void declareOkCountsReadyMessages(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "1", "2", "3");
		Channel channel = client.channel();
		channel.basicGet(queue, false);

		AMQP.Queue.DeclareOk declared = channel.queueDeclare(queue, false, true, false, null);

		assertThat(declared.getMessageCount()).isEqualTo(2);
	}

	@Test
	@DisplayName("Declare-ok counts the consumers")
	void declareOkCountsConsumers(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		Deliveries.from(channel, queue);
		Deliveries.from(channel, queue);

		assertThat(channel.queueDeclarePassive(queue).getConsumerCount()).isEqualTo(2);
	}

	@Test
	@DisplayName("Redeclaring a queue with another `durable` is 406 PRECONDITION_FAILED")
	void anotherDurableIsRefused(TestClient client) throws Exception {
		String queue = client.queue();
		Channel channel = client.channel();

		assertClosesChannel(channel, 406,
				"PRECONDITION_FAILED - inequivalent arg 'durable' for queue '" + queue
						+ "' in vhost '/': received 'true' but current is 'false'",
				() -> channel.queueDeclare(queue, true, false, false, null));
	}

	@Test
	@DisplayName("Redeclaring a queue with another `auto-delete` is 406 PRECONDITION_FAILED")
	void anotherAutoDeleteIsRefused(TestClient client) throws Exception {
		String queue = client.queue();
		Channel channel = client.channel();

		assertClosesChannel(channel, 406,
				"PRECONDITION_FAILED - inequivalent arg 'auto_delete' for queue '" + queue
						+ "' in vhost '/': received 'true' but current is 'false'",
				() -> channel.queueDeclare(queue, false, false, true, null));
	}

	@Test
	@DisplayName("Redeclaring a queue with another `exclusive` is 405 RESOURCE_LOCKED")
	void anotherExclusiveIsRefused(TestClient client) throws Exception {
		String queue = client.queue();
		Channel channel = client.channel();

		assertClosesChannel(channel, 405, locked(queue), () -> channel.queueDeclare(queue, false, true, false, null));
	}

	@Test
	@DisplayName("Redeclaring an exclusive queue as shared is 405 RESOURCE_LOCKED, for its owner too")
	void anExclusiveQueueDoesNotBecomeShared(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();

		assertClosesChannel(channel, 405, locked(queue), () -> channel.queueDeclare(queue, false, false, false, null));
	}

	@Test
	@DisplayName("Redeclaring a queue with another argument value is 406 PRECONDITION_FAILED")
	void anotherArgumentIsRefused(TestClient client) throws Exception {
		String queue = client.queue(Map.of("x-message-ttl", 60_000));
		Channel channel = client.channel();

		assertClosesChannel(channel, 406,
				"PRECONDITION_FAILED - inequivalent arg 'x-message-ttl' for queue '" + queue
						+ "' in vhost '/': received '1000' " + "but current is '60000'",
				() -> channel.queueDeclare(queue, false, false, false, Map.of("x-message-ttl", 1000)));
	}

	@Test
	@DisplayName("Redeclaring a queue without one of its arguments is 406 PRECONDITION_FAILED")
	void aMissingArgumentIsRefused(TestClient client) throws Exception {
		String queue = client.queue(Map.of("x-dead-letter-exchange", "dlx"));
		Channel channel = client.channel();

		assertClosesChannel(channel, 406,
				"PRECONDITION_FAILED - inequivalent arg 'x-dead-letter-exchange' for queue '" + queue
						+ "' in vhost '/': received none but current is the value 'dlx' of type 'longstr'",
				() -> channel.queueDeclare(queue, false, false, false, null));
	}

	@Test
	@DisplayName("Redeclaring a queue with an argument it has not is 406 PRECONDITION_FAILED")
	void anAddedArgumentIsRefused(TestClient client) throws Exception {
		String queue = client.queue();
		Channel channel = client.channel();

		assertClosesChannel(channel, 406,
				"PRECONDITION_FAILED - inequivalent arg 'x-max-length' for queue '" + queue
						+ "' in vhost '/': received the value '5' of type 'signedint' but current is none",
				() -> channel.queueDeclare(queue, false, false, false, Map.of("x-max-length", 5)));
	}

	@Test
	void anArgumentMayComeAsAnotherIntegerType(TestClient client) throws Exception {
		String queue = client.queue(Map.of("x-message-ttl", 60_000));

		AMQP.Queue.DeclareOk again = client.channel()
			.queueDeclare(queue, false, false, false, Map.of("x-message-ttl", 60_000L));

		assertThat(again.getQueue()).isEqualTo(queue);
	}

	@Test
	@DisplayName("Unknown arguments are accepted, and not compared when the queue is redeclared")
	void unknownArgumentsAreAccepted(TestClient client) throws Exception {
		String queue = client.queue(Map.of("x-warren-unknown", "one"));

		AMQP.Queue.DeclareOk again = client.channel()
			.queueDeclare(queue, false, false, false, Map.of("x-warren-unknown", "two", "application", "three"));

		assertThat(again.getQueue()).isEqualTo(queue);
	}

	@Test
	void anArgumentTableMayBeEmptyOrAbsent(TestClient client) throws Exception {
		String queue = client.queue(Map.of());

		assertThat(client.channel().queueDeclare(queue, false, false, false, null).getQueue()).isEqualTo(queue);
		assertThat(client.channel().queueDeclare(queue, false, false, false, new HashMap<>()).getQueue())
			.isEqualTo(queue);
	}

	@ParameterizedTest(quoteTextArguments = false,
			name = "Using somebody else''s exclusive queue is 405 RESOURCE_LOCKED: {0}")
	@ValueSource(strings = { "declare", "passive declare", "consume", "get", "bind", "purge", "delete" })
	void somebodyElsesExclusiveQueueIsLocked(String method, TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel stranger = client.stranger();

		assertClosesChannel(stranger, 405, locked(queue), () -> {
			switch (method) {
				case "declare" -> stranger.queueDeclare(queue, false, true, false, null);
				case "passive declare" -> stranger.queueDeclarePassive(queue);
				case "consume" -> Deliveries.from(stranger, queue);
				case "get" -> stranger.basicGet(queue, true);
				case "bind" -> stranger.queueBind(queue, "amq.direct", "key");
				case "purge" -> stranger.queuePurge(queue);
				default -> stranger.queueDelete(queue);
			}
		});
	}

	@Test
	void theErrorNamesALockedQueueThatTheServerNamed(TestClient client) throws Exception {
		String queue = client.channel().queueDeclare().getQueue();
		Channel stranger = client.stranger();

		assertClosesChannel(stranger, 405, locked(queue), () -> stranger.queueDeclarePassive(queue));
	}

	@Test
	void anExclusiveQueueTakesMessagesFromEverybody(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel stranger = client.stranger();

		stranger.basicPublish("", queue, null, "hello".getBytes());

		assertThat(text(client.await(queue))).isEqualTo("hello");
	}

	@Test
	void anExclusiveQueueGoesWithItsConnection(TestClient client) throws Exception {
		Connection owner = client.connect();
		String queue = owner.createChannel().queueDeclare().getQueue();

		owner.close();

		Awaitility.await("the queue is gone")
			.untilAsserted(() -> assertThat(client.channel().queueDelete(queue).getMessageCount()).isZero());
		Channel channel = client.channel();
		assertClosesChannel(channel, 404, noQueue(queue), () -> channel.queueDeclarePassive(queue));
	}

	@Test
	void anExclusiveQueueOutlivesTheChannelThatDeclaredIt(TestClient client) throws Exception {
		Channel declaring = client.channel();
		String queue = declaring.queueDeclare().getQueue();

		declaring.close();

		assertThat(client.channel().queueDeclarePassive(queue).getQueue()).isEqualTo(queue);
	}

	@Test
	@DisplayName("A passive declaration of a missing queue is 404 NOT_FOUND")
	void aMissingQueueIsNotFound(TestClient client) throws Exception {
		String queue = unique("missing");
		Channel channel = client.channel();

		assertClosesChannel(channel, 404, noQueue(queue), () -> channel.queueDeclarePassive(queue));
	}

	@Test
	void aPassiveDeclarationAsksForTheNameOnly(TestClient client) throws Exception {
		String queue = client.durableQueue(Map.of("x-message-ttl", 60_000));
		client.send(queue, "one");

		AMQP.Queue.DeclareOk declared = client.channel().queueDeclarePassive(queue);

		assertThat(declared.getQueue()).isEqualTo(queue);
		assertThat(declared.getMessageCount()).isOne();
	}

	@Test
	@DisplayName("Declaring a queue `amq.…` is 403 ACCESS_REFUSED")
	void reservedQueueNamesAreRefused(TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesChannel(channel, 403, "ACCESS_REFUSED - queue name 'amq.warren' contains reserved prefix 'amq.*'",
				() -> channel.queueDeclare("amq.warren", false, true, false, null));
	}

	@Test
	@DisplayName("Declaring an exchange `amq.…` is 403 ACCESS_REFUSED")
	void reservedExchangeNamesAreRefused(TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesChannel(channel, 403,
				"ACCESS_REFUSED - exchange name 'amq.warren' contains reserved prefix 'amq.*'",
				() -> channel.exchangeDeclare("amq.warren", "direct"));
	}

	@Test
	void deletingAMissingQueueIsFine(TestClient client) throws Exception {
		assertThat(client.channel().queueDelete(unique("missing")).getMessageCount()).isZero();
	}

	@Test
	void deletingAMissingExchangeIsFine(TestClient client) throws Exception {
		assertThat(client.channel().exchangeDelete(unique("missing"))).isNotNull();
	}

	@Test
	void deletingAQueueTellsHowManyMessagesWereReady(TestClient client) throws Exception {
		String queue = client.queue();
		client.send(queue, "1", "2");

		assertThat(client.channel().queueDelete(queue).getMessageCount()).isEqualTo(2);

		Channel channel = client.channel();
		assertClosesChannel(channel, 404, noQueue(queue), () -> channel.queueDeclarePassive(queue));
	}

	@Test
	@DisplayName("Deleting a queue `if-unused` while it has consumers is 406 PRECONDITION_FAILED")
	void aQueueInUseIsNotDeleted(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Deliveries.from(client.channel(), queue);
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - queue '" + queue + "' in vhost '/' in use",
				() -> channel.queueDelete(queue, true, false));
	}

	@Test
	@DisplayName("Deleting a queue `if-empty` while it has messages is 406 PRECONDITION_FAILED")
	void aQueueWithMessagesIsNotDeleted(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "one");
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - queue '" + queue + "' in vhost '/' not empty",
				() -> channel.queueDelete(queue, false, true));
	}

	@Test
	@DisplayName("Deleting a queue `if-unused` and `if-empty` works when it is both")
	void anIdleQueueIsDeleted(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();

		channel.queueDelete(queue, true, true);

		assertClosesChannel(channel, 404, noQueue(queue), () -> channel.queueDeclarePassive(queue));
	}

	@Test
	@DisplayName("The broker names a queue declared without a name `amq.gen-…`")
	void theBrokerNamesQueues(TestClient client) throws Exception {
		Channel channel = client.channel();

		String first = channel.queueDeclare().getQueue();
		String second = channel.queueDeclare().getQueue();

		assertThat(first).startsWith("amq.gen-");
		assertThat(second).startsWith("amq.gen-").isNotEqualTo(first);
	}

	@Test
	void anEmptyQueueNameMeansTheLastOneDeclaredOnTheChannel(TestClient client) throws Exception {
		Channel channel = client.channel();
		channel.queueDeclare();
		String queue = channel.queueDeclare().getQueue();

		channel.queueBind("", "amq.direct", queue);
		client.send("amq.direct", queue, new AMQP.BasicProperties(), "bound");

		assertThat(text(channel.basicGet("", true))).isEqualTo("bound");
	}

	@Test
	@DisplayName("Binding with an empty key, right after the declaration, binds by the queue's name")
	void anEmptyKeyMeansTheQueuesName(TestClient client) throws Exception {
		Channel channel = client.channel();
		String queue = channel.queueDeclare().getQueue();

		channel.queueBind("", "amq.direct", "");
		client.send("amq.direct", queue, new AMQP.BasicProperties(), "bound");

		assertThat(text(channel.basicGet(queue, true))).isEqualTo("bound");
	}

	@Test
	@DisplayName("An empty queue name on a channel that declared none is 404 NOT_FOUND")
	void anEmptyQueueNameNeedsADeclaration(TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesChannel(channel, 404, "NOT_FOUND - no previously declared queue", () -> channel.basicGet("", true));
	}

	@Test
	@DisplayName("A `nowait` declaration has no answer, and works")
	void declaringWithoutAnAnswerWorks(TestClient client) throws Exception {
		String queue = unique("nowait");
		String exchange = unique("nowait");
		Channel channel = client.channel();

		channel.queueDeclareNoWait(queue, false, true, false, null);
		channel.exchangeDeclareNoWait(exchange, "fanout", false, true, false, null);
		channel.queueBindNoWait(queue, exchange, "", null);

		// The next answer belongs to the next question.
		assertThat(channel.queueDeclarePassive(queue).getQueue()).isEqualTo(queue);
		client.send(exchange, "", new AMQP.BasicProperties(), "through");
		assertThat(text(client.take(queue))).isEqualTo("through");
	}

	@Test
	@DisplayName("A `nowait` declaration that is refused closes the channel")
	void declaringWithoutAnAnswerMayFail(TestClient client) throws Exception {
		String queue = client.queue();
		Channel channel = client.channel();

		assertClosesChannel(channel, 406,
				"PRECONDITION_FAILED - inequivalent arg 'durable' for queue '" + queue
						+ "' in vhost '/': received 'true' but current is 'false'",
				() -> channel.queueDeclareNoWait(queue, true, false, false, null));
	}

	@Test
	@DisplayName("A `nowait` delete has no answer, and works")
	void deletingWithoutAnAnswerWorks(TestClient client) throws Exception {
		String queue = client.queue();
		String exchange = client.exchange("fanout");
		Channel channel = client.channel();

		channel.exchangeDeleteNoWait(exchange, false);
		channel.queueDeleteNoWait(queue, false, false);

		assertClosesChannel(channel, 404, noQueue(queue), () -> channel.queueDeclarePassive(queue));
		Channel other = client.channel();
		assertClosesChannel(other, 404, noExchange(exchange), () -> other.exchangeDeclarePassive(exchange));
	}

	@Test
	@DisplayName("An auto-delete queue goes with its last consumer")
	void anAutoDeleteQueueGoesWithItsLastConsumer(TestClient client) throws Exception {
		String queue = unique("auto-delete");
		Channel channel = client.channel();
		channel.queueDeclare(queue, false, false, true, null);
		Deliveries first = Deliveries.from(channel, queue);
		Deliveries second = Deliveries.from(channel, queue);

		channel.basicCancel(first.getConsumerTag());
		assertThat(channel.queueDeclarePassive(queue).getConsumerCount()).isOne();
		channel.basicCancel(second.getConsumerTag());

		assertClosesChannel(channel, 404, noQueue(queue), () -> channel.queueDeclarePassive(queue));
	}

	@Test
	@DisplayName("An auto-delete queue without a consumer yet stays")
	void anAutoDeleteQueueWithoutAConsumerYetStays(TestClient client) throws Exception {
		String queue = unique("auto-delete");
		Connection declaring = client.connect();
		declaring.createChannel().queueDeclare(queue, false, false, true, null);

		declaring.close();

		assertThat(client.channel().queueDelete(queue)).isNotNull();
	}

	@Test
	void purgingRemovesWhatIsReadyAndCountsIt(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send(queue, "held", "ready", "ready too");
		Channel channel = client.channel();
		long held = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();

		assertThat(channel.queuePurge(queue).getMessageCount()).isEqualTo(2);

		channel.basicNack(held, false, true);
		assertThat(text(client.await(queue))).isEqualTo("held");
	}

	@Test
	@DisplayName("Purging a missing queue is 404 NOT_FOUND")
	void aMissingQueueIsNotPurged(TestClient client) throws Exception {
		String queue = unique("missing");
		Channel channel = client.channel();

		assertClosesChannel(channel, 404, noQueue(queue), () -> channel.queuePurge(queue));
	}

	@Test
	void redeclaringAnExchangeAsItIsIsFine(TestClient client) throws Exception {
		Map<String, Object> arguments = Map.of("alternate-exchange", "amq.fanout");
		String exchange = client.exchange("direct", arguments);

		assertThat(client.channel().exchangeDeclare(exchange, "direct", false, false, arguments)).isNotNull();
	}

	@Test
	@DisplayName("Redeclaring an exchange with another type is 406 PRECONDITION_FAILED")
	void anotherExchangeTypeIsRefused(TestClient client) throws Exception {
		String exchange = client.exchange("direct");
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, inequivalent("type", exchange, "'fanout'", "'direct'"),
				() -> channel.exchangeDeclare(exchange, "fanout"));
	}

	@Test
	@DisplayName("Redeclaring an exchange with another `durable` is 406 PRECONDITION_FAILED")
	void anotherExchangeDurableIsRefused(TestClient client) throws Exception {
		String exchange = client.exchange("direct");
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, inequivalent("durable", exchange, "'true'", "'false'"),
				() -> channel.exchangeDeclare(exchange, "direct", true));
	}

	@Test
	@DisplayName("Redeclaring an exchange with another `auto-delete` is 406 PRECONDITION_FAILED")
	void anotherExchangeAutoDeleteIsRefused(TestClient client) throws Exception {
		String exchange = client.exchange("direct");
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, inequivalent("auto_delete", exchange, "'true'", "'false'"),
				() -> channel.exchangeDeclare(exchange, "direct", false, true, null));
	}

	@Test
	@DisplayName("Redeclaring an exchange with another `internal` is 406 PRECONDITION_FAILED")
	void anotherExchangeInternalIsRefused(TestClient client) throws Exception {
		String exchange = client.exchange("direct");
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, inequivalent("internal", exchange, "'true'", "'false'"),
				() -> channel.exchangeDeclare(exchange, "direct", false, false, true, null));
	}

	@Test
	@DisplayName("Redeclaring an exchange with another `alternate-exchange` is 406 PRECONDITION_FAILED")
	void anotherAlternateExchangeIsRefused(TestClient client) throws Exception {
		String exchange = client.exchange("direct", Map.of("alternate-exchange", "one"));
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, inequivalent("alternate-exchange", exchange, "'two'", "'one'"),
				() -> channel.exchangeDeclare(exchange, "direct", false, false, Map.of("alternate-exchange", "two")));
	}

	@Test
	@DisplayName("A passive declaration of a missing exchange is 404 NOT_FOUND")
	void aMissingExchangeIsNotFound(TestClient client) throws Exception {
		String exchange = unique("missing");
		Channel channel = client.channel();

		assertClosesChannel(channel, 404, noExchange(exchange), () -> channel.exchangeDeclarePassive(exchange));
	}

	@Test
	@DisplayName("An unknown exchange type is 503 COMMAND_INVALID and closes the connection")
	@Until(RabbitMqVersion.V3_10)
	void unknownExchangeTypesAreRefused(TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesConnection(client.connection(), 503, "COMMAND_INVALID - unknown exchange type 'x-nonsense'",
				() -> channel.exchangeDeclare(unique("nonsense"), "x-nonsense"));
	}

	@Test
	@DisplayName("An unknown exchange type is 406 PRECONDITION_FAILED and closes the channel")
	@From(RabbitMqVersion.V4_0)
	void unknownExchangeTypesCloseTheChannel(TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - unknown exchange type 'x-nonsense'",
				() -> channel.exchangeDeclare(unique("nonsense"), "x-nonsense"));
	}

	@Test
	@DisplayName("Deleting an exchange `if-unused` while a queue is bound is 406 PRECONDITION_FAILED")
	void anExchangeInUseIsNotDeleted(TestClient client) throws Exception {
		String exchange = client.exchange("direct");
		Channel channel = client.channel();
		channel.queueBind(client.exclusiveQueue(), exchange, "key");

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - exchange '" + exchange + "' in vhost '/' in use",
				() -> channel.exchangeDelete(exchange, true));
	}

	@Test
	@DisplayName("Deleting an exchange `if-unused` works when nothing is bound")
	void anUnusedExchangeIsDeleted(TestClient client) throws Exception {
		String exchange = client.exchange("direct");
		Channel channel = client.channel();

		channel.exchangeDelete(exchange, true);

		assertClosesChannel(channel, 404, noExchange(exchange), () -> channel.exchangeDeclarePassive(exchange));
	}

	@Test
	@DisplayName("Binding a missing queue is 404 NOT_FOUND")
	void aMissingQueueIsNotBound(TestClient client) throws Exception {
		String queue = unique("missing");
		Channel channel = client.channel();

		assertClosesChannel(channel, 404, noQueue(queue), () -> channel.queueBind(queue, "amq.direct", "key"));
	}

	@Test
	@DisplayName("Binding to a missing exchange is 404 NOT_FOUND")
	void aMissingExchangeIsNotBoundTo(TestClient client) throws Exception {
		String exchange = unique("missing");
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();

		assertClosesChannel(channel, 404, noExchange(exchange), () -> channel.queueBind(queue, exchange, "key"));
	}

	@Test
	void unbindingWhatIsNotBoundIsFine(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();

		assertThat(client.channel().queueUnbind(queue, "amq.direct", unique("key"))).isNotNull();
	}

	@Test
	void bindingTwiceBindsOnce(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.queueBind(queue, "amq.direct", queue);
		channel.queueBind(queue, "amq.direct", queue);

		client.send("amq.direct", queue, new AMQP.BasicProperties(), "once");

		assertThat(client.ready(queue)).isOne();
	}

	@Test
	void oneUnbindEndsABindingThatWasMadeTwice(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.queueBind(queue, "amq.direct", queue);
		channel.queueBind(queue, "amq.direct", queue);

		channel.queueUnbind(queue, "amq.direct", queue);
		client.send("amq.direct", queue, new AMQP.BasicProperties(), "nowhere");

		assertThat(client.ready(queue)).isZero();
	}

	@Test
	void bindingsThatDifferInArgumentsAreTwo(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.queueBind(queue, "amq.direct", queue, Map.of("kind", "one"));
		channel.queueBind(queue, "amq.direct", queue, Map.of("kind", "two"));

		channel.queueUnbind(queue, "amq.direct", queue, Map.of("kind", "one"));
		client.send("amq.direct", queue, new AMQP.BasicProperties(), "by the other");

		assertThat(client.ready(queue)).isOne();
	}

	@Test
	void deletingAQueueEndsItsBindings(TestClient client) throws Exception {
		String queue = client.queue();
		Channel channel = client.channel();
		channel.queueBind(queue, "amq.direct", queue);

		channel.queueDelete(queue);
		channel.queueDeclare(queue, false, true, false, null);
		client.send("amq.direct", queue, new AMQP.BasicProperties(), "nowhere");

		assertThat(client.ready(queue)).isZero();
	}

	@Test
	@DisplayName("A reply text of more than 255 bytes ends in `...`")
	void longReplyTextsAreCut(TestClient client) throws Exception {
		String queue = "q".repeat(250);
		Channel channel = client.channel();

		assertClosesChannel(channel, 404, noQueue(queue).substring(0, 252) + "...",
				() -> channel.queueDeclarePassive(queue));
	}

	@Test
	@DisplayName("Carriage returns and line feeds in a queue's name are dropped")
	void lineFeedsInNamesAreDropped(TestClient client) throws Exception {
		String queue = unique("line");

		AMQP.Queue.DeclareOk declared = client.channel().queueDeclare(queue + "\r\n", false, true, false, null);

		assertThat(declared.getQueue()).isEqualTo(queue);
	}

	@Test
	@DisplayName("A name may have 255 bytes of UTF-8")
	void aNameMayHave255BytesOfUtf8(TestClient client) throws Exception {
		String suffix = unique("");
		String queue = "ü".repeat((255 - suffix.length()) / 2) + suffix;

		client.channel().queueDeclare(queue, false, true, false, null);
		client.send(queue, "long name");

		assertThat(text(client.take(queue))).isEqualTo("long name");
	}

	static String noQueue(String queue) {
		return "NOT_FOUND - no queue '" + queue + "' in vhost '/'";
	}

	static String noExchange(String exchange) {
		return "NOT_FOUND - no exchange '" + exchange + "' in vhost '/'";
	}

	private static String locked(String queue) {
		return "RESOURCE_LOCKED - cannot obtain exclusive access to locked queue '" + queue
				+ "' in vhost '/'. It could be originally declared on another connection or the exclusive "
				+ "property value does not match that of the original declaration.";
	}

	private static String inequivalent(String argument, String exchange, String received, String current) {
		return "PRECONDITION_FAILED - inequivalent arg '" + argument + "' for exchange '" + exchange
				+ "' in vhost '/': received " + received + " but current is " + current;
	}

	@Test
	@DisplayName("A name that is not UTF-8 is 501 FRAME_ERROR")
	void aNameIsUtf8(TestClient client) throws Exception {
		RawConnection raw = client.raw().openChannel();

		// queue.declare of a queue whose name is the byte 0xff.
		raw.frame(AMQP.FRAME_METHOD, 1, 0, 50, 0, 10, 0, 0, 1, 0xff, 0, 0, 0, 0, 0);

		raw.expectClose(501, "FRAME_ERROR.*");
	}

}
