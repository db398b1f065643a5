package dev.warren.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import dev.warren.broker.junit.EmbeddedBrokerTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What an application on Spring AMQP makes of faults.
 */
@EmbeddedBrokerTest
class SpringFaultsTests {

	private static final String QUEUE = "orders";

	private final EmbeddedBroker broker;

	private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();

	private CachingConnectionFactory connections;

	private RabbitTemplate template;

	private final List<AbstractMessageListenerContainer> containers = new ArrayList<>();

	SpringFaultsTests(EmbeddedBroker broker) {
		this.broker = broker;
	}

	@BeforeEach
	void connect() {
		this.connections = new CachingConnectionFactory(this.broker.host(), this.broker.port());
		this.connections.setVirtualHost(this.broker.virtualHost());
		this.connections.setPublisherConfirmType(ConfirmType.CORRELATED);
		this.connections.setPublisherReturns(true);
		this.template = new RabbitTemplate(this.connections);
		this.template.setMandatory(true);
		new RabbitAdmin(this.connections).declareQueue(new Queue(QUEUE));
	}

	@AfterEach
	void disconnect() {
		stopListening();
		this.connections.destroy();
	}

	private void stopListening() {
		this.containers.forEach(AbstractMessageListenerContainer::stop);
	}

	@Test
	void aNackedPublishCompletesItsCorrelationWithANack() throws Exception {
		this.broker.faults().nackPublishes(1);

		CorrelationData nacked = send("1");
		CorrelationData confirmed = send("2");

		assertThat(nacked.getFuture().get(10, TimeUnit.SECONDS).ack()).isFalse();
		assertThat(nacked.getReturned()).isNull();
		assertThat(confirmed.getFuture().get(10, TimeUnit.SECONDS).ack()).isTrue();
		assertThat(this.template.receiveAndConvert(QUEUE)).isEqualTo("2");
	}

	@Test
	void aLostConfirmBecomesANackWhenTheConnectionGoes() throws Exception {
		this.broker.faults().loseConfirms(1);
		CorrelationData lost = send("1");
		CorrelationData confirmed = send("2");
		assertThat(confirmed.getFuture().get(10, TimeUnit.SECONDS).ack()).isTrue();
		assertThatExceptionOfType(TimeoutException.class)
			.isThrownBy(() -> lost.getFuture().get(50, TimeUnit.MILLISECONDS));

		this.broker.faults().dropConnections();

		CorrelationData.Confirm confirm = lost.getFuture().get(10, TimeUnit.SECONDS);
		assertThat(confirm.ack()).isFalse();
		assertThat(confirm.reason()).isEqualTo("connection error");
		assertThat(this.template.receiveAndConvert(QUEUE)).isEqualTo("1");
	}

	@Test
	void anUnroutableMessageOfANackedPublishIsNotReturned() throws Exception {
		this.broker.faults().nackPublishes(1);
		CorrelationData nacked = new CorrelationData();
		CorrelationData returned = new CorrelationData();

		this.template.convertAndSend("", "nowhere", "1", nacked);
		this.template.convertAndSend("", "nowhere", "2", returned);

		assertThat(returned.getFuture().get(10, TimeUnit.SECONDS).ack()).isTrue();
		assertThat(returned.getReturned()).isNotNull();
		assertThat(nacked.getFuture().get(10, TimeUnit.SECONDS).ack()).isFalse();
		assertThat(nacked.getReturned()).isNull();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aListenerContainerRecoversFromALostConnection(boolean direct) throws Exception {
		listen(direct);
		send("1");
		assertThat(body(next())).isEqualTo("1");

		this.broker.faults().dropConnections();

		awaitConfirmed("2");
		awaitMessage("2");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aListenerContainerRecoversFromAnOutage(boolean direct) throws Exception {
		listen(direct);
		try (BrokerFaults.Lasting outage = this.broker.faults().refuseConnections()) {
			assertThat(outage).isNotNull();
			this.broker.faults().dropConnections();
			// The client notices some time after the broker.
			Awaitility.await()
				.untilAsserted(() -> assertThatExceptionOfType(AmqpException.class).isThrownBy(() -> send("1")));
		}

		send("2");

		assertThat(body(next())).isEqualTo("2");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aListenerContainerConsumesAgainWhenItsConsumersAreCancelled(boolean direct) throws Exception {
		listen(direct);
		assertThat(awaitCancelled()).isEqualTo(1);

		send("1");

		assertThat(body(next())).isEqualTo("1");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aListenerContainerConsumesAgainWhenItsChannelsAreClosed(boolean direct) throws Exception {
		listen(direct);
		send("1");
		assertThat(body(next())).isEqualTo("1");

		assertThat(this.broker.faults().closeChannels(541, "the leader is gone")).isPositive();

		awaitConfirmed("2");
		awaitMessage("2");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aListenerGetsAMessageTwice(boolean direct) throws Exception {
		listen(direct);
		this.broker.faults().deliverTwice(QUEUE);

		send("1");

		Message first = next();
		Message second = next();
		assertThat(body(second)).isEqualTo(body(first));
		assertThat(first.getMessageProperties().isRedelivered()).isFalse();
		assertThat(second.getMessageProperties().isRedelivered()).isTrue();
		stopListening();
		assertThat(this.template.receive(QUEUE)).isNull();
	}

	@Test
	void aBlockedConnectionCannotBeToldFromASlowOneByItsConfirms() throws Exception {
		send("1").getFuture().get(10, TimeUnit.SECONDS);
		CompletableFuture<CorrelationData.Confirm> confirm;
		try (BrokerFaults.Lasting blocked = this.broker.faults().blockPublishers("low on memory")) {
			assertThat(blocked).isNotNull();
			// Where the last channel is not in the cache again yet, opening one waits,
			// too.
			confirm = CompletableFuture.supplyAsync(() -> send("2").getFuture()).thenCompose(Function.identity());
			assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> confirm.get(50, TimeUnit.MILLISECONDS));
		}

		assertThat(confirm.get(10, TimeUnit.SECONDS).ack()).isTrue();
	}

	@Test
	void delayedConfirmsOutlastAShortPatience() throws Exception {
		CompletableFuture<CorrelationData.Confirm> confirm;
		try (BrokerFaults.Lasting delay = this.broker.faults().delayConfirms(Duration.ofMinutes(1))) {
			assertThat(delay).isNotNull();
			confirm = send("1").getFuture();
			assertThat(this.template.receiveAndConvert(QUEUE, 10_000)).isEqualTo("1");
			assertThat(confirm).isNotDone();
		}

		assertThat(confirm.get(10, TimeUnit.SECONDS).ack()).isTrue();
	}

	private CorrelationData send(String text) {
		CorrelationData correlation = new CorrelationData();
		this.template.convertAndSend("", QUEUE, text, correlation);
		return correlation;
	}

	/**
	 * Sends until it is confirmed: the client notices some time after the broker that
	 * what it sends over is gone.
	 */
	private void awaitConfirmed(String text) {
		Awaitility.await().ignoreExceptions().until(() -> send(text).getFuture().get(1, TimeUnit.SECONDS).ack());
	}

	private void listen(boolean direct) {
		AbstractMessageListenerContainer container = direct ? new DirectMessageListenerContainer()
				: new SimpleMessageListenerContainer();
		if (container instanceof DirectMessageListenerContainer directContainer) {
			directContainer.setMonitorInterval(100);
			directContainer.setFailedDeclarationRetryInterval(50);
		}
		container.setConnectionFactory(this.connections);
		container.setQueueNames(QUEUE);
		container.setRecoveryInterval(50);
		container.setMessageListener(this.received::add);
		container.afterPropertiesSet();
		container.start();
		this.containers.add(container);
	}

	/** A consumer comes some time after its container has started. */
	private int awaitCancelled() {
		return Awaitility.await()
			.ignoreException(IllegalStateException.class)
			.until(() -> this.broker.faults().cancelConsumers(QUEUE), (count) -> count > 0);
	}

	private Message next() throws InterruptedException {
		Message next = this.received.poll(10, TimeUnit.SECONDS);
		assertThat(next).isNotNull();
		return next;
	}

	/** What was not acknowledged when the connection was lost comes again. */
	private void awaitMessage(String text) {
		Awaitility.await().until(() -> body(next()).equals(text));
	}

	private static String body(Message message) {
		return new String(message.getBody());
	}

}
