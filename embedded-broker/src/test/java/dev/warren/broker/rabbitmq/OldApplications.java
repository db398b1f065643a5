package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import org.awaitility.Awaitility;

import org.springframework.amqp.AmqpRejectAndDontRequeueException;
import org.springframework.amqp.core.AcknowledgeMode;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.rabbit.config.RetryInterceptorBuilder;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.api.ChannelAwareMessageListener;
import org.springframework.amqp.rabbit.retry.RejectAndDontRequeueRecoverer;

import static dev.warren.broker.rabbitmq.TestClient.unique;

/**
 * Applications as there are many, written for the RabbitMQ of some years ago. Each says
 * what came of it.
 */
final class OldApplications implements AutoCloseable {

	/** When a message has come back so often, it would for ever. */
	private static final int FOR_EVER = 30;

	private final CachingConnectionFactory connections;

	private final RabbitAdmin admin;

	private final RabbitTemplate template;

	OldApplications(String host, int port) {
		this.connections = new CachingConnectionFactory(host, port);
		this.connections.setUsername("guest");
		this.connections.setPassword("guest");
		this.connections.setConnectionNameStrategy((factory) -> "old application");
		this.admin = new RabbitAdmin(this.connections);
		this.template = new RabbitTemplate(this.connections);
	}

	@Override
	public void close() {
		this.connections.destroy();
	}

	/**
	 * Spring's listener container tries three times and then rejects for good.
	 * @return how often it tried, and whether the dead letter is a redelivered one
	 */
	String springRetryThenReject() {
		AtomicInteger attempts = new AtomicInteger();
		String queue = quorumQueue(10);
		Message dead = consume(queue, (container) -> {
			container.setAdviceChain(RetryInterceptorBuilder.stateless()
				.maxRetries(2)
				.backOffOptions(1, 1, 1)
				.recoverer(new RejectAndDontRequeueRecoverer())
				.build());
		}, (message, channel) -> {
			attempts.incrementAndGet();
			throw new IllegalStateException("a message that cannot be processed");
		});
		return attempts + " attempts, redelivered " + dead.getMessageProperties().isRedelivered();
	}

	/**
	 * A listener that fails, with the delivery limit of a quorum queue to end it.
	 * @return how often the message came
	 */
	String springRequeueWithDeliveryLimit() {
		AtomicInteger attempts = new AtomicInteger();
		consume(quorumQueue(2), (container) -> {
		}, (message, channel) -> {
			throw (attempts.incrementAndGet() < FOR_EVER)
					? new IllegalStateException("a message that cannot be processed")
					: new AmqpRejectAndDontRequeueException("enough");
		});
		return comings(attempts);
	}

	/**
	 * A listener that acknowledges by itself and gives back what it cannot do.
	 * @param nack with {@code basic.nack}, else with {@code basic.reject}
	 * @return how often the message came
	 */
	String springGivesBackByItself(boolean nack) {
		AtomicInteger attempts = new AtomicInteger();
		consume(quorumQueue(2), (container) -> container.setAcknowledgeMode(AcknowledgeMode.MANUAL),
				(message, itsChannel) -> {
					Channel channel = Objects.requireNonNull(itsChannel);
					long tag = message.getMessageProperties().getDeliveryTag();
					boolean again = attempts.incrementAndGet() < FOR_EVER;
					if (nack && again) {
						channel.basicNack(tag, false, true);
					}
					else {
						channel.basicReject(tag, again);
					}
				});
		return comings(attempts);
	}

	/**
	 * A listener that acknowledges by itself and rejects what it cannot do.
	 * @return whether the dead letter is a redelivered one
	 */
	String springDropsByItself() {
		Message dead = consume(quorumQueue(2), (container) -> container.setAcknowledgeMode(AcknowledgeMode.MANUAL),
				(message, channel) -> Objects.requireNonNull(channel)
					.basicReject(message.getMessageProperties().getDeliveryTag(), false));
		return "redelivered " + dead.getMessageProperties().isRedelivered();
	}

	private static String comings(AtomicInteger attempts) {
		return (attempts.get() < FOR_EVER) ? attempts.toString() : "for ever";
	}

	private String quorumQueue(int deliveryLimit) {
		String queue = unique("tasks");
		this.admin.declareQueue(QueueBuilder.durable(queue + ".dead").build());
		this.admin.declareQueue(QueueBuilder.durable(queue)
			.quorum()
			.deliveryLimit(deliveryLimit)
			.deadLetterExchange("")
			.deadLetterRoutingKey(queue + ".dead")
			.build());
		return queue;
	}

	private Message consume(String queue, Consumer<SimpleMessageListenerContainer> settings,
			ChannelAwareMessageListener listener) {
		SimpleMessageListenerContainer container = new SimpleMessageListenerContainer(this.connections);
		container.setQueueNames(queue);
		container.setReceiveTimeout(100);
		container.setMessageListener(listener);
		settings.accept(container);
		container.start();
		try {
			this.template.convertAndSend(queue, "task");
			return Awaitility.await().until(() -> this.template.receive(queue + ".dead"), (dead) -> dead != null);
		}
		finally {
			container.stop();
			this.admin.deleteQueue(queue);
			this.admin.deleteQueue(queue + ".dead");
		}
	}

	/**
	 * Workers as Celery's: one channel, several queues, and a prefetch for all of them.
	 * @return how many of many messages they hold at a time
	 */
	String celeryWithGlobalPrefetch() throws Exception {
		AtomicInteger held = new AtomicInteger();
		try (Connection connection = connect(); Channel channel = connection.createChannel()) {
			channel.basicQos(0, 2, true);
			List<String> queues = List.of(channel.queueDeclare().getQueue(), channel.queueDeclare().getQueue());
			for (String queue : queues) {
				channel.basicConsume(queue, false, (tag, delivery) -> held.incrementAndGet(), (tag) -> {
				});
				for (int i = 0; i < 5; i++) {
					channel.basicPublish("", queue, new BasicProperties(), new byte[0]);
				}
			}
			Awaitility.await().until(() -> {
				long left = 0;
				for (String queue : queues) {
					left += channel.messageCount(queue);
				}
				return held.get() + left == 10;
			});
		}
		return held + " of 10";
	}

	/**
	 * A queue for whoever comes, gone with the broker.
	 * @return whether it can be used
	 */
	String transientQueue() throws Exception {
		try (Connection connection = connect(); Channel channel = connection.createChannel()) {
			String queue = unique("transient");
			channel.queueDeclare(queue, false, false, true, Map.of());
			channel.basicPublish("", queue, MessageProperties.TEXT_PLAIN, new byte[1]);
			return "used: " + (Awaitility.await()
				.until(() -> channel.basicGet(queue, true), (response) -> response != null)
				.getBody().length == 1);
		}
	}

	/**
	 * A document in a message of 20 MiB.
	 * @return whether it was confirmed, or the reply code of the refusal
	 */
	String largeMessage() throws Exception {
		try (Connection connection = connect()) {
			Channel channel = connection.createChannel();
			String queue = channel.queueDeclare().getQueue();
			channel.confirmSelect();
			channel.basicPublish("", queue, new BasicProperties(), new byte[20 * 1024 * 1024]);
			channel.waitForConfirmsOrDie(30_000);
			return "confirmed";
		}
		catch (ShutdownSignalException ex) {
			return refusal(ex);
		}
		catch (IOException ex) {
			return refusal((ShutdownSignalException) Objects.requireNonNull(ex.getCause()));
		}
	}

	private static String refusal(ShutdownSignalException ex) {
		return String.valueOf(((AMQP.Channel.Close) ex.getReason()).getReplyCode());
	}

	private Connection connect() throws Exception {
		return this.connections.getRabbitConnectionFactory().newConnection("old application");
	}

}
