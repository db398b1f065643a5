package dev.warren.messaging.publish;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import dev.warren.messaging.broker.BrokerContexts;
import dev.warren.test.AmqpProxy;
import dev.warren.test.BrokerUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * What a broker's word, or the lack of it, comes to, with the template that services
 * have.
 */
class ConfirmationTests {

	private static final String QUEUE = "confirmation_tests";

	private final BrokerUnderTest broker = BrokerUnderTest.start();

	@BeforeEach
	void declareQueue() throws Exception {
		this.broker.withoutQueues(QUEUE)
			.withChannel((channel) -> channel.queueDeclare(QUEUE, true, false, false, null));
	}

	@AfterEach
	void deleteQueue() throws Exception {
		this.broker.withoutQueues(QUEUE).close();
	}

	@Test
	void aMessageInAQueueIsRouted() throws Exception {
		run((template, proxy) -> assertThat(get(send(template, QUEUE)).requireRouted().routed()).isTrue());
	}

	@Test
	void aMessageThatNoQueueTakesIsConfirmedAndNotRouted() throws Exception {
		run((template, proxy) -> {
			Confirmation confirmation = get(send(template, "no such queue"));

			assertThat(confirmation.routed()).isFalse();
			assertThatExceptionOfType(NotRoutedException.class).isThrownBy(confirmation::requireRouted);
		});
	}

	@Test
	void aMessageToAMissingExchangeIsNotRoutedAndTheReasonIsTold() throws Exception {
		run((template, proxy) -> {
			CorrelationData correlation = new CorrelationData();
			template.convertAndSend("no such exchange", "", "text", correlation);

			assertFails(Confirmation.of(correlation), NotRoutedException.class, "NOT_FOUND - no exchange");
			assertThat(get(send(template, QUEUE)).routed()).isTrue();
		});
	}

	@Test
	void aMessageThatTheBrokerRefusesIsNotConfirmed() throws Exception {
		run((template, proxy) -> {
			get(send(template, QUEUE));
			proxy.turnAcksIntoNacks();

			assertUnconfirmed(send(template, QUEUE), "The broker did not take the message");

			proxy.leaveAcksAlone();
			assertThat(get(send(template, QUEUE)).routed()).isTrue();
		});
	}

	@Test
	void aMessageThatIsNotConfirmedInTimeIsNotConfirmed() throws Exception {
		run((template, proxy) -> {
			get(send(template, QUEUE));
			awaitIdleChannel(template);
			proxy.freezeAnswers();

			assertUnconfirmed(send(template, QUEUE), "The broker did not confirm the message within 5 s");

			proxy.thaw();
			assertThat(get(send(template, QUEUE)).routed()).isTrue();
		});
	}

	@Test
	void aMessageWhoseConnectionIsLostIsNotConfirmed() throws Exception {
		run((template, proxy) -> {
			get(send(template, QUEUE));
			awaitIdleChannel(template);
			proxy.freezeAnswers();
			CompletableFuture<Confirmation> confirmation = send(template, QUEUE);

			proxy.cut();

			assertUnconfirmed(confirmation, "");
		});
	}

	@Test
	void withoutABrokerNothingIsSent() throws Exception {
		run((template, proxy) -> {
			proxy.refuse();

			assertThat(catchThrowable(() -> send(template, QUEUE))).isInstanceOf(AmqpException.class);
		});
	}

	// Without one, sending would begin with opening one, which waits for an answer.
	private static void awaitIdleChannel(RabbitTemplate template) {
		await().until(() -> template.getConnectionFactory()
			.getPublisherConnectionFactory() instanceof CachingConnectionFactory publisher
				&& !"0".equals(publisher.getCacheProperties().getProperty("idleChannelsNotTx")));
	}

	private static CompletableFuture<Confirmation> send(RabbitTemplate template, String queue) {
		CorrelationData correlation = new CorrelationData();
		template.convertAndSend("", queue, "text", correlation);
		return Confirmation.of(correlation);
	}

	private static Confirmation get(CompletableFuture<Confirmation> confirmation) throws Exception {
		return confirmation.get(30, TimeUnit.SECONDS);
	}

	private static void assertUnconfirmed(CompletableFuture<Confirmation> confirmation, String reason) {
		assertFails(confirmation, UnconfirmedException.class, reason);
	}

	private static void assertFails(CompletableFuture<Confirmation> confirmation, Class<? extends Exception> type,
			String reason) {
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(confirmation))
			.withCauseInstanceOf(type)
			.withMessageContaining(reason);
	}

	private void run(Sending test) throws Exception {
		try (AmqpProxy proxy = new AmqpProxy(this.broker)) {
			BrokerContexts.at(proxy.address()).run((context) -> {
				assertThat(context).hasNotFailed();
				test.with(context.getBean(RabbitTemplate.class), proxy);
				proxy.thaw();
			});
		}
	}

	@FunctionalInterface
	private interface Sending {

		void with(RabbitTemplate template, AmqpProxy proxy) throws Exception;

	}

}
