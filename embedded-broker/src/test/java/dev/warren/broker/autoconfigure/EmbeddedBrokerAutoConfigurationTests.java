package dev.warren.broker.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.warren.broker.AmqpClient;
import dev.warren.broker.BrokerStartException;
import dev.warren.broker.EmbeddedBroker;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.annotation.EnableRabbit;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@ExtendWith(OutputCaptureExtension.class)
class EmbeddedBrokerAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EmbeddedBrokerAutoConfiguration.class,
				EmbeddedBrokerHealthAutoConfiguration.class, RabbitAutoConfiguration.class));

	@Test
	void theApplicationsTemplateTalksToTheEmbeddedBroker() {
		this.runner.withUserConfiguration(HelloQueue.class).run((context) -> {
			RabbitTemplate template = context.getBean(RabbitTemplate.class);

			template.convertAndSend("hello", "Hello World!");

			assertThat(template.receiveAndConvert("hello", 10_000)).isEqualTo("Hello World!");
			assertThat(template.getConnectionFactory().getPort())
				.isEqualTo(context.getBean(EmbeddedBroker.class).port());
		});
	}

	@Test
	void itIsClosedAfterWhatIsConnectedToIt() {
		this.runner.withUserConfiguration(HelloQueue.class, LastWords.class).run((context) -> {
			EmbeddedBroker broker = context.getBean(EmbeddedBroker.class);
			LastWords lastWords = context.getBean(LastWords.class);
			context.getBean(RabbitTemplate.class).convertAndSend("hello", "Hello World!");
			assertThat(lastWords.received.await(10, TimeUnit.SECONDS)).isTrue();

			context.close();

			assertThat(lastWords.brokerWasRunning).isTrue();
			assertThat(broker.isRunning()).isFalse();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "warren.broker.enabled=false", "spring.rabbitmq.host=rabbit.invalid",
			"spring.rabbitmq.port=5673", "spring.rabbitmq.addresses=a.invalid:5672,b.invalid:5672",
			"spring.rabbitmq.addresses[0]=a.invalid:5672" })
	void itBacksOffWhenAnotherBrokerIsConfigured(String property) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(EmbeddedBroker.class)
				.hasSingleBean(RabbitConnectionDetails.class));
	}

	@ParameterizedTest
	@CsvSource({ "spring.rabbitmq.host=rabbit.invalid, spring.rabbitmq.host",
			"spring.rabbitmq.port=5673, spring.rabbitmq.port",
			"spring.rabbitmq.addresses[0]=a.invalid:5672, spring.rabbitmq.addresses" })
	void itSaysOnceWhyItBacksOff(String property, String named, CapturedOutput output) {
		this.runner.withPropertyValues(property).run((context) -> assertThat(context).hasNotFailed());

		assertThat(output.getOut()).containsOnlyOnce("No embedded broker is started")
			.contains("No embedded broker is started: " + named
					+ " names another. @EmbeddedBrokerTest starts one nevertheless.");
	}

	@Test
	void itSaysNothingWhereItIsDisabled(CapturedOutput output) {
		this.runner.withPropertyValues("warren.broker.enabled=false", "spring.rabbitmq.host=rabbit.invalid")
			.run((context) -> assertThat(context).hasNotFailed());

		assertThat(output).doesNotContain("No embedded broker");
	}

	@Test
	void itSaysNothingWhereTheApplicationHasItsBroker(CapturedOutput output) {
		RabbitConnectionDetails others = () -> List.of(new RabbitConnectionDetails.Address("container.invalid", 5672));

		this.runner.withPropertyValues("spring.rabbitmq.host=rabbit.invalid")
			.withBean("others", RabbitConnectionDetails.class, () -> others)
			.run((context) -> assertThat(context).hasNotFailed());
		try (EmbeddedBroker broker = EmbeddedBroker.builder().start()) {
			this.runner.withPropertyValues("spring.rabbitmq.addresses=" + broker.uri())
				.withInitializer((context) -> context.getBeanFactory().registerSingleton("embeddedBroker", broker))
				.run((context) -> assertThat(context).hasNotFailed());
		}

		assertThat(output).doesNotContain("No embedded broker");
	}

	@Test
	void itBacksOffWhenThereAreOtherConnectionDetails() {
		RabbitConnectionDetails others = () -> List.of(new RabbitConnectionDetails.Address("container.invalid", 5672));

		this.runner.withBean("others", RabbitConnectionDetails.class, () -> others)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(EmbeddedBroker.class)
				.getBean(RabbitConnectionDetails.class)
				.isSameAs(others));
	}

	@Test
	void itNeedsNoClient() {
		this.runner
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.amqp", "org.springframework.amqp",
					"com.rabbitmq"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(EmbeddedBroker.class));
	}

	@Test
	void itNeedsNoActuator() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(EmbeddedBroker.class));
	}

	@Test
	void itsPropertiesAreApplied(@TempDir Path directory) {
		this.runner
			.withPropertyValues("warren.broker.store=disk", "warren.broker.data-dir=" + directory,
					"warren.broker.bind-address=localhost", "warren.broker.users.jason=secret",
					"warren.broker.virtual-hosts=left,right", "spring.rabbitmq.virtual-host=right")
			.withUserConfiguration(HelloQueue.class)
			.run((context) -> {
				RabbitTemplate template = context.getBean(RabbitTemplate.class);
				template.convertAndSend("hello", "Hello World!");

				assertThat(context.getBean(EmbeddedBroker.class).dataDir()).contains(directory);
				assertThat(template.getConnectionFactory().getUsername()).isEqualTo("jason");
				assertThat(template.getConnectionFactory().getVirtualHost()).isEqualTo("right");
			});
	}

	@Test
	void itsLimitsAndTopicPermissionsAreApplied() {
		this.runner.withPropertyValues("warren.broker.limits.connection-max=1",
				"warren.broker.limits.users[0].user=guest", "warren.broker.limits.users[0].max-channels=2",
				"warren.broker.limits.virtual-hosts[0].max-queues=0", "warren.broker.topic-permissions[0].user=guest",
				"warren.broker.topic-permissions[0].exchange=amq.topic", "warren.broker.topic-permissions[0].write=^a")
			.run((context) -> {
				String uri = context.getBean(EmbeddedBroker.class).uri();
				try (AmqpClient client = AmqpClient.connect(uri)) {
					Connection connection = client.channel().getConnection();
					assertThatThrownBy(() -> client.channel().exchangeBind("amq.fanout", "amq.topic", "a"))
						.hasStackTraceContaining("read access to topic 'a' in exchange 'amq.topic'");
					assertThatThrownBy(() -> connection.createChannel().queueDeclare())
						.hasStackTraceContaining("queue limit in vhost '/' (0) is reached");
					assertThatThrownBy(() -> AmqpClient.connect(uri))
						.hasStackTraceContaining("node connection limit (1) is reached");
					connection.createChannel();
					connection.createChannel();
					assertThatThrownBy(connection::createChannel).hasStackTraceContaining("user limit of 2");
				}
			});
	}

	@Test
	void itsConsumerTimeoutIsApplied() {
		this.runner.withPropertyValues("warren.broker.version=4.0", "warren.broker.consumer-timeout=200ms")
			.run((context) -> {
				ConnectionFactory factory = new ConnectionFactory();
				factory.setUri(context.getBean(EmbeddedBroker.class).uri());
				try (Connection connection = factory.newConnection()) {
					Channel channel = connection.createChannel();
					channel.queueDeclare("hello", true, false, false, null);
					channel.basicPublish("", "hello", null, new byte[0]);

					Awaitility.await().until(() -> channel.basicGet("hello", false) != null);

					Awaitility.await("the end of the channel").until(() -> !channel.isOpen());
				}
			});
	}

	@Test
	void theApplicationsVirtualHostIsCreated() {
		this.runner.withPropertyValues("spring.rabbitmq.virtual-host=shop")
			.withUserConfiguration(HelloQueue.class)
			.run((context) -> {
				RabbitTemplate template = context.getBean(RabbitTemplate.class);
				template.convertAndSend("hello", "Hello World!");

				assertThat(template.receiveAndConvert("hello", 10_000)).isEqualTo("Hello World!");
				assertThat(template.getConnectionFactory().getVirtualHost()).isEqualTo("shop");
			});
	}

	@ParameterizedTest
	@CsvSource({ "warren.broker.prot=5672, warren.broker.prot", "warren.broker.port=many, warren.broker.port",
			"warren.broker.store=tape, warren.broker.store", "warren.broker.port=70000, warren.broker.port" })
	void aPropertyThatIsNotUnderstoodIsNamed(String property, String named) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining(named));
	}

	@Test
	void aBrokerThatCannotStartIsExplained() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			this.runner.withPropertyValues("warren.broker.port=" + socket.getLocalPort()).run((context) -> {
				Throwable failure = Objects.requireNonNull(context.getStartupFailure());

				FailureAnalysis analysis = Objects.requireNonNull(new BrokerStartFailureAnalyzer().analyze(failure));

				assertThat(failure).hasStackTraceContaining(BrokerStartException.class.getName());
				assertThat(analysis.getDescription()).contains("port " + socket.getLocalPort());
				assertThat(analysis.getAction()).contains("'warren.broker.port'");
			});
		}
	}

	@Test
	void itsHealthTellsProductPortAndStore() {
		this.runner.run((context) -> {
			EmbeddedBroker broker = context.getBean(EmbeddedBroker.class);
			HealthIndicator indicator = context.getBean("embeddedBrokerHealthIndicator", HealthIndicator.class);

			Health health = Objects.requireNonNull(indicator.health());

			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsEntry("product", broker.product())
				.containsEntry("port", broker.port())
				.containsEntry("store", "memory");
		});
	}

	@Test
	void theHealthOfAClosedBrokerIsDown() {
		EmbeddedBroker broker = EmbeddedBroker.builder().start();
		broker.close();

		Health health = new EmbeddedBrokerHealthIndicator(broker).health();

		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
	}

	@Configuration(proxyBeanMethods = false)
	static class HelloQueue {

		@Bean
		Queue hello() {
			return new Queue("hello", false);
		}

	}

	@EnableRabbit
	@Configuration(proxyBeanMethods = false)
	static class LastWords implements DisposableBean {

		private final CountDownLatch received = new CountDownLatch(1);

		private final RabbitConnectionDetails details;

		private final EmbeddedBroker broker;

		private boolean brokerWasRunning;

		LastWords(RabbitConnectionDetails details, EmbeddedBroker broker) {
			this.details = details;
			this.broker = broker;
		}

		@RabbitListener(queues = "hello")
		void receive(String text) {
			this.received.countDown();
		}

		@Override
		public void destroy() {
			this.brokerWasRunning = this.broker.isRunning() && !this.details.getAddresses().isEmpty();
		}

	}

}
