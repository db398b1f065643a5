package dev.warren.broker.rabbitmq;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.warren.broker.EmbeddedBroker;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import org.springframework.amqp.AmqpIOException;
import org.springframework.amqp.AmqpRejectAndDontRequeueException;
import org.springframework.amqp.core.AnonymousQueue;
import org.springframework.amqp.core.BatchMessageListener;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.FanoutExchange;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageListener;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.core.QueueInformation;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.amqp.rabbit.AsyncRabbitTemplate;
import org.springframework.amqp.rabbit.batch.SimpleBatchingStrategy;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.BatchingRabbitTemplate;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.adapter.MessageListenerAdapter;
import org.springframework.amqp.rabbit.listener.adapter.ReplyingMessageListener;
import org.springframework.amqp.rabbit.transaction.RabbitTransactionManager;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.transaction.support.TransactionTemplate;

import static dev.warren.broker.rabbitmq.TestClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@CompatibilityTests
@DisplayName("Spring AMQP")
class SpringAmqpTests {

	private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

	private final List<AbstractMessageListenerContainer> containers = new ArrayList<>();

	private CachingConnectionFactory connections;

	private RabbitAdmin admin;

	private RabbitTemplate template;

	@BeforeEach
	void connect(TestClient client) {
		this.connections = connectionsTo(client.host(), client.port());
		this.admin = new RabbitAdmin(this.connections);
		this.template = new RabbitTemplate(this.connections);
	}

	private static CachingConnectionFactory connectionsTo(String host, int port) {
		CachingConnectionFactory factory = new CachingConnectionFactory(host, port);
		factory.setUsername("guest");
		factory.setPassword("guest");
		return factory;
	}

	@AfterEach
	void disconnect() {
		this.containers.forEach(AbstractMessageListenerContainer::stop);
		this.connections.destroy();
	}

	@Test
	@DisplayName("Hello: `RabbitTemplate` sends and receives")
	void hello() {
		String queue = temporaryQueue();

		this.template.convertAndSend(queue, "Hello World!");

		assertThat(this.template.receiveAndConvert(queue, 10_000)).isEqualTo("Hello World!");
		assertThat(this.template.receiveAndConvert(queue)).isNull();
	}

	@Test
	@DisplayName("Work queue: with prefetch 1, a free consumer gets what a busy one does not")
	void workQueue() throws Exception {
		String queue = temporaryQueue();
		CountDownLatch done = new CountDownLatch(10);
		CountDownLatch othersDone = new CountDownLatch(9);
		SimpleMessageListenerContainer container = new SimpleMessageListenerContainer(this.connections);
		container.setPrefetchCount(1);
		container.setConcurrentConsumers(2);
		start(container, queue, (message) -> {
			if (text(message).equals("task 0")) {
				await(othersDone);
			}
			othersDone.countDown();
			done.countDown();
		});

		IntStream.range(0, 10).forEach((i) -> this.template.convertAndSend(queue, "task " + i));

		assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await(20, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	@DisplayName("Logs: each subscriber of a fanout exchange gets a copy")
	void logs() {
		FanoutExchange exchange = new FanoutExchange(unique("logs"), false, true);
		this.admin.declareExchange(exchange);
		Queue first = new AnonymousQueue();
		Queue second = new AnonymousQueue();
		for (Queue queue : List.of(first, second)) {
			this.admin.declareQueue(queue);
			this.admin.declareBinding(BindingBuilder.bind(queue).to(exchange));
		}

		this.template.convertAndSend(exchange.getName(), "", "log");

		assertThat(this.template.receiveAndConvert(first.getName(), 10_000)).isEqualTo("log");
		assertThat(this.template.receiveAndConvert(second.getName(), 10_000)).isEqualTo("log");
	}

	@Test
	@DisplayName("Topics: a subscriber gets what its pattern matches")
	void topics() {
		TopicExchange exchange = new TopicExchange(unique("topics"), false, true);
		Queue queue = new AnonymousQueue();
		this.admin.declareExchange(exchange);
		this.admin.declareQueue(queue);
		this.admin.declareBinding(BindingBuilder.bind(queue).to(exchange).with("*.orange.#"));

		this.template.convertAndSend(exchange.getName(), "lazy.black.cat", "no");
		this.template.convertAndSend(exchange.getName(), "quick.orange.male.rabbit", "yes");

		assertThat(this.template.receiveAndConvert(queue.getName(), 10_000)).isEqualTo("yes");
	}

	@Test
	@DisplayName("RPC: `RabbitTemplate` asks by direct reply-to")
	void rpcByDirectReplyTo() {
		String queue = startServer();

		assertThat(this.template.convertSendAndReceive(queue, "question")).isEqualTo("QUESTION");
	}

	@Test
	@DisplayName("RPC: `RabbitTemplate` asks by a reply queue of its own")
	void rpcByReplyQueue() {
		String queue = startServer();
		String replies = temporaryQueue();
		this.template.setReplyAddress(replies);
		this.template.setReplyTimeout(20_000);
		SimpleMessageListenerContainer container = new SimpleMessageListenerContainer(this.connections);
		start(container, replies, this.template);

		assertThat(this.template.convertSendAndReceive(queue, "question")).isEqualTo("QUESTION");
	}

	@Test
	@DisplayName("RPC: `AsyncRabbitTemplate` has a hundred questions in flight")
	void asynchronousRpc() {
		String queue = startServer();
		AsyncRabbitTemplate async = new AsyncRabbitTemplate(this.template);
		async.setReceiveTimeout(20_000);
		async.start();
		try {
			var answers = IntStream.range(0, 100)
				.mapToObj((i) -> async.<String>convertSendAndReceive(queue, "question " + i))
				.toList();

			for (int i = 0; i < 100; i++) {
				assertThat(answers.get(i)).succeedsWithin(20, TimeUnit.SECONDS).isEqualTo("QUESTION " + i);
			}
		}
		finally {
			async.stop();
		}
	}

	private String startServer() {
		String queue = temporaryQueue();
		ReplyingMessageListener<String, String> server = String::toUpperCase;
		start(new SimpleMessageListenerContainer(this.connections), queue, new MessageListenerAdapter(server));
		return queue;
	}

	@Test
	@DisplayName("Correlated confirms tell what was accepted and what was returned")
	void correlatedConfirms() throws Exception {
		this.connections.setPublisherConfirmType(ConfirmType.CORRELATED);
		this.connections.setPublisherReturns(true);
		this.template.setMandatory(true);
		CorrelationData routed = new CorrelationData();
		CorrelationData unroutable = new CorrelationData();

		this.template.convertAndSend("", temporaryQueue(), "routed", routed);
		this.template.convertAndSend("", unique("nowhere"), "unroutable", unroutable);

		assertThat(routed.getFuture().get(20, TimeUnit.SECONDS).ack()).isTrue();
		assertThat(routed.getReturned()).isNull();
		assertThat(unroutable.getFuture().get(20, TimeUnit.SECONDS).ack()).isTrue();
		assertThat(unroutable.getReturned()).isNotNull()
			.satisfies((returned) -> assertThat(returned.getReplyText()).isEqualTo("NO_ROUTE"));
	}

	@Test
	@DisplayName("Simple confirms are waited for")
	void simpleConfirms() {
		this.connections.setPublisherConfirmType(ConfirmType.SIMPLE);
		String queue = temporaryQueue();

		Boolean confirmed = this.template.invoke((operations) -> {
			IntStream.range(0, 100).forEach((i) -> operations.convertAndSend(queue, "message " + i));
			return operations.waitForConfirms(20_000);
		});

		assertThat(confirmed).isTrue();
		assertThat(messagesIn(queue)).isEqualTo(100);
	}

	@Test
	@DisplayName("A publish to a missing exchange is a nack of the correlated confirm")
	void publishingToAMissingExchange() throws Exception {
		this.connections.setPublisherConfirmType(ConfirmType.CORRELATED);
		CorrelationData lost = new CorrelationData();

		this.template.convertAndSend(unique("missing"), "", "lost", lost);

		assertThat(lost.getFuture().get(20, TimeUnit.SECONDS).ack()).isFalse();
	}

	@Test
	@DisplayName("`RabbitAdmin` declares, redeclares, counts, purges and deletes")
	void admin() {
		String name = unique("administered");
		Queue queue = QueueBuilder.nonDurable(name).ttl(60_000).build();
		this.admin.declareQueue(queue);
		this.admin.declareQueue(queue);
		IntStream.range(0, 3).forEach((i) -> this.template.convertAndSend(name, "message " + i));

		Awaitility.await().until(() -> messagesIn(name) == 3);
		Properties properties = Objects.requireNonNull(this.admin.getQueueProperties(name));
		assertThat(properties.get(RabbitAdmin.QUEUE_MESSAGE_COUNT)).hasToString("3");
		assertThat(properties.get(RabbitAdmin.QUEUE_CONSUMER_COUNT)).hasToString("0");
		assertThat(this.admin.purgeQueue(name)).isEqualTo(3);
		assertThat(this.admin.deleteQueue(name)).isTrue();
		assertThat(this.admin.getQueueInfo(name)).isNull();
	}

	@Test
	@DisplayName("`RabbitAdmin` cannot redeclare with other arguments, and says why")
	void redeclaringOtherwise() {
		String name = unique("redeclared");
		this.admin.declareQueue(QueueBuilder.nonDurable(name).autoDelete().build());
		try {
			assertThatExceptionOfType(AmqpIOException.class)
				.isThrownBy(() -> this.admin.declareQueue(QueueBuilder.nonDurable(name).autoDelete().ttl(1).build()))
				.havingRootCause()
				.withMessageContaining("inequivalent arg 'x-message-ttl' for queue '" + name + "'");
		}
		finally {
			this.admin.deleteQueue(name);
		}
	}

	@Test
	@DisplayName("`SimpleMessageListenerContainer` sends a rejected message to the dead letters")
	void rejectedMessages() throws Exception {
		String dead = temporaryQueue();
		String queue = temporaryQueue(Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead));
		start(new SimpleMessageListenerContainer(this.connections), queue, (MessageListener) (message) -> {
			throw new AmqpRejectAndDontRequeueException("poison");
		});

		this.template.convertAndSend(queue, "poison");

		Message buried = Objects.requireNonNull(this.template.receive(dead, 20_000));
		assertThat(buried.getMessageProperties().getXDeathHeader()).singleElement().satisfies((death) -> {
			assertThat(death.get("reason")).isEqualTo("rejected");
			assertThat(death.get("queue")).isEqualTo(queue);
		});
	}

	@Test
	@DisplayName("`DirectMessageListenerContainer` takes on and gives up queues while it runs")
	void directContainer() throws Exception {
		String first = temporaryQueue();
		String second = temporaryQueue();
		DirectMessageListenerContainer container = new DirectMessageListenerContainer(this.connections);
		container.setConsumersPerQueue(2);
		start(container, first, (message) -> this.received.add(text(message)));

		container.addQueueNames(second);
		this.template.convertAndSend(first, "one");
		assertThat(this.received.poll(20, TimeUnit.SECONDS)).isEqualTo("one");
		this.template.convertAndSend(second, "two");
		assertThat(this.received.poll(20, TimeUnit.SECONDS)).isEqualTo("two");
		container.removeQueueNames(first);

		Awaitility.await().until(() -> information(first).getConsumerCount() == 0);
		assertThat(information(second).getConsumerCount()).isEqualTo(2);
	}

	@Test
	@DisplayName("A batch listener gets messages in batches that the consumer makes")
	void consumerBatches() {
		String queue = temporaryQueue();
		List<Integer> sizes = new ArrayList<>();
		SimpleMessageListenerContainer container = new SimpleMessageListenerContainer(this.connections);
		container.setConsumerBatchEnabled(true);
		container.setDeBatchingEnabled(true);
		container.setBatchSize(5);
		IntStream.range(0, 15).forEach((i) -> this.template.convertAndSend(queue, "message " + i));
		Awaitility.await().until(() -> messagesIn(queue) == 15);
		start(container, queue, (BatchMessageListener) (messages) -> {
			sizes.add(messages.size());
			messages.forEach((message) -> this.received.add(text(message)));
		});

		Awaitility.await().until(() -> this.received.size() == 15);
		assertThat(this.received)
			.containsExactlyElementsOf(IntStream.range(0, 15).mapToObj((i) -> "message " + i).toList());
		assertThat(sizes).allSatisfy((size) -> assertThat(size).isBetween(1, 5)).contains(5);
	}

	@Test
	@DisplayName("`BatchingRabbitTemplate` sends many messages as one, and the listener gets many")
	void producerBatches() throws Exception {
		String queue = temporaryQueue();
		try (SimpleAsyncTaskScheduler scheduler = new SimpleAsyncTaskScheduler()) {
			BatchingRabbitTemplate batching = new BatchingRabbitTemplate(this.connections,
					new SimpleBatchingStrategy(3, 10_000, 20_000), scheduler);
			IntStream.range(0, 3).forEach((i) -> batching.convertAndSend("", queue, "message " + i));
			Awaitility.await().until(() -> messagesIn(queue) == 1);
		}

		start(new SimpleMessageListenerContainer(this.connections), queue,
				(message) -> this.received.add(text(message)));

		for (int i = 0; i < 3; i++) {
			assertThat(this.received.poll(20, TimeUnit.SECONDS)).isEqualTo("message " + i);
		}
	}

	@Test
	@DisplayName("What is sent in a transaction is there after its commit, and not after its rollback")
	void transactions() {
		String queue = temporaryQueue();
		this.template.setChannelTransacted(true);
		TransactionTemplate transaction = new TransactionTemplate(new RabbitTransactionManager(this.connections));

		transaction.executeWithoutResult((status) -> {
			this.template.convertAndSend(queue, "rolled back");
			status.setRollbackOnly();
		});
		transaction.executeWithoutResult((status) -> this.template.convertAndSend(queue, "committed"));

		assertThat(messagesIn(queue)).isEqualTo(1);
		assertThat(this.template.receiveAndConvert(queue, 10_000)).isEqualTo("committed");
	}

	@Test
	@DisplayName("What is received in a transaction that is rolled back comes again")
	void receivingInATransaction() {
		String queue = temporaryQueue();
		this.template.convertAndSend(queue, "again");
		this.template.setChannelTransacted(true);
		TransactionTemplate transaction = new TransactionTemplate(new RabbitTransactionManager(this.connections));

		transaction.executeWithoutResult((status) -> {
			assertThat(this.template.receiveAndConvert(queue, 10_000)).isEqualTo("again");
			status.setRollbackOnly();
		});

		Message again = Objects.requireNonNull(this.template.receive(queue, 10_000));
		assertThat(again.getMessageProperties().getRedelivered()).isTrue();
	}

	@Test
	@NotOnRabbitMq("the RabbitMQ of the tests is not restarted")
	@DisplayName("Declarations and listeners come back after a restart that left no auto-delete queue")
	void aRestart() throws Exception {
		EmbeddedBroker before = EmbeddedBroker.builder().start();
		CachingConnectionFactory factory = connectionsTo(before.host(), before.port());
		try (GenericApplicationContext context = new GenericApplicationContext()) {
			context.registerBean("admin", RabbitAdmin.class, () -> new RabbitAdmin(factory));
			context.registerBean("queue", Queue.class, () -> QueueBuilder.nonDurable("fleeting").autoDelete().build());
			context.registerBean("container", SimpleMessageListenerContainer.class, () -> {
				SimpleMessageListenerContainer container = new SimpleMessageListenerContainer(factory);
				container.setQueueNames("fleeting");
				container.setRecoveryInterval(100);
				container.setMessageListener((message) -> this.received.add(text(message)));
				return container;
			});
			context.refresh();
			RabbitTemplate sender = new RabbitTemplate(factory);
			sender.convertAndSend("fleeting", "before");
			assertThat(this.received.poll(20, TimeUnit.SECONDS)).isEqualTo("before");

			before.close();
			try (EmbeddedBroker after = EmbeddedBroker.builder().port(before.port()).start()) {
				Awaitility.await().ignoreExceptions().until(() -> {
					new RabbitTemplate(factory).convertAndSend("fleeting", "after");
					return "after".equals(this.received.poll(100, TimeUnit.MILLISECONDS));
				});
				assertThat(after.isRunning()).isTrue();
				context.stop();
			}
		}
		finally {
			factory.destroy();
			before.close();
		}
	}

	private String temporaryQueue() {
		return temporaryQueue(Map.of());
	}

	/**
	 * A queue that goes with the connection.
	 */
	private String temporaryQueue(Map<String, Object> arguments) {
		String name = unique("spring");
		this.admin.declareQueue(new Queue(name, false, true, false, arguments));
		return name;
	}

	private void start(AbstractMessageListenerContainer container, String queue, MessageListener listener) {
		container.setQueueNames(queue);
		container.setMessageListener(listener);
		container.afterPropertiesSet();
		this.containers.add(container);
		container.start();
	}

	private QueueInformation information(String queue) {
		return Objects.requireNonNull(this.admin.getQueueInfo(queue));
	}

	private long messagesIn(String queue) {
		return information(queue).getMessageCount();
	}

	private static String text(Message message) {
		return new String(message.getBody());
	}

}
