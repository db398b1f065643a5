package dev.warren.messaging.broker;

import java.util.Map;
import java.util.stream.Stream;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.test.BrokerUnderTest;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * What is read from the text of a 406: from the texts of RabbitMQ 3.10 and 4.3, and from
 * the broker under test itself.
 */
class InequivalenceTests {

	private static final String QUEUE = "inequivalent";

	@ParameterizedTest
	@MethodSource
	void theArgumentThatDiffersAndItsValueAreRead(String text, String argument, @Nullable Object current) {
		assertThat(Inequivalence.in(text)).hasValue(new Inequivalence(argument, current));
	}

	static Stream<Arguments> theArgumentThatDiffersAndItsValueAreRead() {
		String text = "PRECONDITION_FAILED - inequivalent arg '%s' for queue 'hello' in vhost '/': received %s but current is %s";
		return Stream.of(arguments(text.formatted("durable", "'false'", "'true'"), "durable", "true"),
				arguments(text.formatted("x-queue-type", "none", "the value 'quorum' of type 'longstr'"),
						"x-queue-type", "quorum"),
				arguments(text.formatted("x-queue-type", "the value 'quorum' of type 'longstr'", "none"),
						"x-queue-type", null),
				arguments(text.formatted("x-message-ttl", "the value '5' of type 'long'",
						"the value '60000' of type 'signedint'"), "x-message-ttl", 60000L),
				arguments(text.formatted("x-single-active-consumer", "none", "the value 'true' of type 'bool'"),
						"x-single-active-consumer", true),
				arguments(text.formatted("x-max-length", "none", "the value 'many' of type 'signedint'"),
						"x-max-length", "many"),
				arguments("PRECONDITION_FAILED - inequivalent arg 'type' for exchange 'logs' in vhost '/': "
						+ "received 'fanout' but current is 'direct'", "type", "direct"));
	}

	@Test
	void anotherTextIsNone() {
		assertThat(Inequivalence.in("ACCESS_REFUSED - access to queue 'hello' in vhost '/' refused for user 'warren'"))
			.isEmpty();
	}

	@ParameterizedTest
	@MethodSource
	void theBrokersOwnTextIsRead(Queue there, Queue declared, String argument, @Nullable Object current)
			throws Exception {
		try (BrokerUnderTest broker = BrokerUnderTest.start().withoutQueues(QUEUE)) {
			broker.withChannel((channel) -> declare(channel, there));

			String text = refusal(broker, (channel) -> declare(channel, declared));

			assertThat(Inequivalence.in(text)).as(text).hasValue(new Inequivalence(argument, current));
			broker.withoutQueues(QUEUE);
		}
	}

	static Stream<Arguments> theBrokersOwnTextIsRead() {
		Queue plain = QueueBuilder.durable(QUEUE).build();
		return Stream.of(arguments(QueueBuilder.nonDurable(QUEUE).build(), plain, "durable", "false"),
				arguments(QueueBuilder.durable(QUEUE).autoDelete().build(), plain, "auto_delete", "true"),
				arguments(QueueBuilder.durable(QUEUE).quorum().build(), plain, "x-queue-type", "quorum"),
				arguments(QueueBuilder.durable(QUEUE).ttl(60_000).build(), plain, "x-message-ttl", 60_000L),
				arguments(QueueBuilder.durable(QUEUE).singleActiveConsumer().build(), plain, "x-single-active-consumer",
						true),
				arguments(QueueBuilder.durable(QUEUE).maxLength(10).build(), plain, "x-max-length", 10L),
				arguments(plain, QueueBuilder.durable(QUEUE).withArgument("x-max-length", 5).build(), "x-max-length",
						null));
	}

	@Test
	void theBrokersOwnTextAboutAnExchangeIsRead() throws Exception {
		try (BrokerUnderTest broker = BrokerUnderTest.start().withoutExchanges(QUEUE)) {
			broker.withChannel((channel) -> channel.exchangeDeclare(QUEUE, "direct"));

			String text = refusal(broker, (channel) -> channel.exchangeDeclare(QUEUE, "fanout"));

			assertThat(Inequivalence.in(text)).as(text).hasValue(new Inequivalence("type", "direct"));
			broker.withoutExchanges(QUEUE);
		}
	}

	@Test
	void aQueueIsCorrectedOneArgumentAtATime() {
		Queue declared = QueueBuilder.durable(QUEUE).ttl(5).build();

		Queue corrected = new Inequivalence("x-message-ttl", 60_000L)
			.correct(new Inequivalence("x-queue-type", "quorum").correct(declared));
		Queue plain = new Inequivalence("durable", "false")
			.correct(new Inequivalence("x-message-ttl", null).correct(declared));

		assertThat(corrected.isDurable()).isTrue();
		assertThat(corrected.getArguments()).isEqualTo(Map.of("x-message-ttl", 60_000L, "x-queue-type", "quorum"));
		assertThat(plain.isDurable()).isFalse();
		assertThat(plain.getArguments()).isEmpty();
	}

	private static void declare(Channel channel, Queue queue) throws Exception {
		channel.queueDeclare(queue.getName(), queue.isDurable(), queue.isExclusive(), queue.isAutoDelete(),
				queue.getArguments());
	}

	private static String refusal(BrokerUnderTest broker, BrokerUnderTest.ChannelTask task) throws Exception {
		try (Connection connection = broker.connect()) {
			Channel channel = connection.createChannel();
			ThrowingCallable call = () -> task.run(channel);
			Throwable refused = catchThrowable(call);
			assertThat(refused).hasCauseInstanceOf(ShutdownSignalException.class);
			ShutdownSignalException signal = (ShutdownSignalException) refused.getCause();
			return (signal != null && signal.getReason() instanceof AMQP.Channel.Close close) ? close.getReplyText()
					: String.valueOf(signal);
		}
	}

}
