package dev.warren.broker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import dev.warren.broker.UpgradeReport.Effect;
import dev.warren.broker.UpgradeReport.Use;
import dev.warren.broker.rabbitmq.upgrade.Change;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * The report of a broker that plays the oldest version, to which all changes are still to
 * come, and of one that plays the newest.
 */
class UpgradeReportTests {

	private static final byte[] BODY = "message".getBytes(StandardCharsets.UTF_8);

	private static final BasicProperties NO_PROPERTIES = new BasicProperties();

	private static final String CONNECTION = "orders";

	private EmbeddedBroker broker;

	private Connection connection;

	private Channel channel;

	@BeforeEach
	void startTheOldest() throws Exception {
		start(RabbitMqVersion.V3_10);
	}

	private void start(RabbitMqVersion version) throws Exception {
		this.broker = EmbeddedBroker.builder()
			.version(version)
			.user("guest", "guest")
			.consumerTimeout(Duration.ofSeconds(3))
			.user("looker", "secret")
			.permissions("/", "guest", ".*", ".*", ".*")
			.permissions("/", "looker", "own", "own", "own")
			.start();
		this.connection = connect(factory("guest", "guest"), CONNECTION);
		this.channel = this.connection.createChannel();
	}

	private ConnectionFactory factory(String user, String password) {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setHost(this.broker.host());
		factory.setPort(this.broker.port());
		factory.setUsername(user);
		factory.setPassword(password);
		return factory;
	}

	private static Connection connect(ConnectionFactory factory, String name) throws Exception {
		return factory.newConnection(name);
	}

	@AfterEach
	void stop() {
		this.connection.abort();
		this.broker.close();
	}

	@Test
	void anApplicationThatMeetsNoChangeHasAnEmptyReport() throws Exception {
		this.channel.queueDeclare("tasks", true, false, false, Map.of("x-message-ttl", 60_000));
		this.channel.queueDeclare("mine", false, true, true, null);
		this.channel.queueDeclare("safe", true, false, false, Map.of("x-queue-type", "quorum", "x-delivery-limit", 5));
		this.channel.queueBind("tasks", "amq.topic", "#.a.#");
		this.channel.basicQos(10);
		this.channel.basicPublish("", "tasks", new BasicProperties.Builder().priority(1).build(), BODY);
		this.channel.basicReject(get("tasks").getEnvelope().getDeliveryTag(), false);

		assertThat(this.broker.upgradeReport())
			.hasToString("As RabbitMQ 3.10: nothing that later versions refuse or treat differently.");
	}

	@Test
	void everyChangeIsReportedWithWhoMetItOnWhat() throws Exception {
		meetAll();

		UpgradeReport report = this.broker.upgradeReport();
		assertThat(report.version()).isEqualTo(RabbitMqVersion.V3_10);
		assertThat(report.changes())
			.containsExactlyInAnyOrderElementsOf(Arrays.stream(Change.values()).map(Change::id).toList());
		assertThat(report.uses()).filteredOn((use) -> !use.change().equals("carbon-copies-of-dead-letter"))
			.extracting(Use::connection)
			.containsOnly(CONNECTION, "looker", "small");
		assertThat(report.uses()).filteredOn((use) -> use.change().equals("large-message"))
			.extracting(Use::subject, Use::since, Use::effect, Use::count)
			.containsExactly(tuple("exchange '' in vhost '/'", RabbitMqVersion.V4_0, Effect.REFUSED, 1L));
	}

	@Test
	void argumentsThatAreRefusedLaterAreReported() throws Exception {
		this.channel.queueDeclare("old", true, false, false, Map.of("x-queue-version", 1));
		this.channel.queueDeclare("new", true, false, false, Map.of("x-queue-version", 2));
		this.channel.queueDeclare("filtered", true, false, false, null);
		this.channel.basicConsume("filtered", false, Map.of("x-stream-filter", "a"), new DefaultConsumer(this.channel));

		assertThat(this.broker.upgradeReport().uses()).extracting(Use::change, Use::subject)
			.containsExactly(tuple("refused-argument", "queue 'old' in vhost '/'"),
					tuple("refused-argument", "queue 'filtered' in vhost '/'"));
	}

	/**
	 * On the newest version, what it refuses was refused; what remains is deprecated, or
	 * silently something else.
	 */
	@Test
	void theNewestVersionReportsWhatNothingElseTells() throws Exception {
		stop();
		start(RabbitMqVersion.V4_3);
		this.channel.queueDeclare("transient", false, false, false, null);
		this.channel.queueDeclare("safe", true, false, false, Map.of("x-queue-type", "quorum"));
		this.channel.basicQos(3, true);
		this.channel.basicPublish("", "safe", new BasicProperties.Builder().priority(9).build(), BODY);
		this.channel.basicNack(get("safe").getEnvelope().getDeliveryTag(), false, true);

		assertThat(this.broker.upgradeReport().changes()).containsExactly("transient-queue", "global-prefetch");
	}

	@Test
	void theTextNamesTheCureAndHowOften() throws Exception {
		this.channel.basicQos(3, true);
		this.channel.basicQos(5, true);

		assertThat(this.broker.upgradeReport().toString()).startsWith("As RabbitMQ 3.10: uses that later versions")
			.contains("\n- global-prefetch, different since 4.3. A global prefetch", "\n  Cure: Set the prefetch",
					"\n  by 'orders', 2 times");
	}

	@Test
	void manyNamesOfAClientAreOneLine() throws Exception {
		for (int i = 0; i < 300; i++) {
			this.channel.queueDeclare("transient-" + i, false, false, false, null);
		}

		List<Use> uses = this.broker.upgradeReport().uses();
		assertThat(uses).hasSize(101);
		assertThat(uses.get(100).connection()).isEqualTo("others");
		assertThat(uses.stream().mapToLong(Use::count).sum()).isEqualTo(300);
	}

	@Test
	void aNameCannotAddALineToTheReport() throws Exception {
		try (Connection evil = connect(factory("guest", "guest"), "a\nb\u2028c\u001b[31m\u202ed")) {
			evil.createChannel().basicQos(1, true);
		}

		assertThat(this.broker.upgradeReport().uses()).extracting(Use::connection)
			.containsExactly("a\\u000ab\\u2028c\\u001b[31m\\u202ed");
	}

	@Test
	void aConnectionWithoutANameHasNone() throws Exception {
		ConnectionFactory factory = factory("guest", "guest");
		factory.setClientProperties(Map.of());
		try (Connection anonymous = factory.newConnection()) {
			anonymous.createChannel().basicQos(1, true);
		}

		assertThat(this.broker.upgradeReport().uses()).extracting(Use::connection).containsExactly("");
	}

	@Test
	void aClosedBrokerStillHasItsReport() throws Exception {
		this.channel.basicQos(1, true);

		this.broker.close();

		assertThat(this.broker.upgradeReport().changes()).containsExactly("global-prefetch");
	}

	private void meetAll() throws Exception {
		this.channel.confirmSelect();
		this.channel.queueDeclare("letters", true, false, false, null);
		meetOfQueues();
		meetOfMessages();
		this.channel.basicQos(3, true);
		this.channel.queueBind("letters", "amq.topic", "#.a.#.b.#");
		this.channel.exchangeDeclare("later", "x-delayed-message", true, false, Map.of("x-delayed-type", "direct"));
		meetOfReplies();
		meetOfConsumers();
		ConnectionFactory small = factory("guest", "guest");
		small.setRequestedFrameMax(4096);
		connect(small, "small").close();
		try (Connection looker = connect(factory("looker", "secret"), "looker")) {
			looker.createChannel().queueDeclarePassive("letters");
		}
	}

	private void meetOfQueues() throws Exception {
		this.channel.queueDeclare("transient", false, false, false, Map.of("x-queue-mode", "lazy"));
		this.channel.queueDeclare("located", true, false, false, Map.of("x-queue-master-locator", "min-masters"));
		this.channel.queueDeclare("patient", true, false, false, Map.of("x-consumer-timeout", 60_000));
		this.channel.queueDeclare("safe", true, false, false,
				Map.of("x-queue-type", "quorum", "x-dead-letter-exchange", "", "x-dead-letter-routing-key", "letters"));
	}

	private void meetOfMessages() throws Exception {
		this.channel.basicPublish("", "letters", NO_PROPERTIES, new byte[17 * 1024 * 1024]);
		this.channel.basicPublish("", "safe",
				new BasicProperties.Builder().priority(5)
					.headers(Map.of("x-death", List.of(Map.of("count", 1L)), "CC", List.of("letters")))
					.build(),
				BODY);
		this.channel.waitForConfirmsOrDie(30_000);
		this.channel.basicNack(get("safe").getEnvelope().getDeliveryTag(), false, true);
		this.channel.basicReject(get("safe").getEnvelope().getDeliveryTag(), false);
		this.channel.queueBind("letters", "amq.headers", "", Map.of("at", new Date(1_000)));
		this.channel.basicPublish("amq.headers", "", new BasicProperties.Builder().headers(Map.of("at", 1)).build(),
				BODY);
		this.channel.waitForConfirmsOrDie(30_000);
	}

	private void meetOfReplies() throws Exception {
		BlockingQueue<Delivery> replies = new ArrayBlockingQueue<>(1);
		Channel asker = this.connection.createChannel();
		asker.basicConsume("amq.rabbitmq.reply-to", true, (tag, reply) -> replies.add(reply), (tag) -> {
		});
		asker.queueDeclare("requests", true, false, false, null);
		asker.basicPublish("", "requests", new BasicProperties.Builder().replyTo("amq.rabbitmq.reply-to").build(),
				BODY);
		String replyTo = get("requests").getProps().getReplyTo();
		this.channel.basicPublish("", replyTo, true, NO_PROPERTIES, BODY);
		assertThat(replies.poll(30, TimeUnit.SECONDS)).isNotNull();
	}

	private void meetOfConsumers() throws Exception {
		Channel late = this.connection.createChannel();
		late.queueDeclare("slow", true, false, false, null);
		late.basicPublish("", "slow", NO_PROPERTIES, BODY);
		late.basicConsume("slow", false, (tag, delivery) -> {
		}, (tag) -> {
		});
		Awaitility.await().until(() -> !late.isOpen());
	}

	private GetResponse get(String queue) {
		return Awaitility.await().until(() -> this.channel.basicGet(queue, false), (response) -> response != null);
	}

}
