package dev.warren.broker.junit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.warren.broker.EmbeddedBroker;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contexts of Spring's tests, beside {@link EmbeddedBrokerTest} and with an
 * extension.
 */
class SpringContextTests {

	private static final List<ConfigurableApplicationContext> contexts = Collections
		.synchronizedList(new ArrayList<>());

	private static volatile CountDownLatch together = new CountDownLatch(0);

	@Test
	void nothingThatTheApplicationConfiguresGoesBeforeTheBrokerOfTheClass() {
		run(6, Host.class, AddressesAsText.class, AddressesAsAList.class, Credentials.class, Ssl.class,
				SslBundle.class);
	}

	@Test
	void withoutBootThePropertiesLeadToTheBroker() {
		run(1, WithoutBoot.class);
	}

	@Test
	void twoClassesWithTheSameConfigurationDoNotShareListeners() {
		together = new CountDownLatch(2);
		contexts.clear();

		TestRuns.assertAllSucceeded(20, TestRuns.inParallel(2, List.of(Orders.class, MoreOrders.class)));

		assertThat(contexts).hasSize(2);
	}

	@Test
	void theContextsOfAClassAndOfItsNestedClassesAreClosedWithIt() {
		run(2, WithNestedContext.class);

		assertThat(contexts).hasSize(2).noneMatch(ConfigurableApplicationContext::isActive);
	}

	@Test
	void theContextOfANestedClassIsClosedIfTheOuterHasNone() {
		run(1, OnlyNestedContext.class);

		assertThat(contexts).hasSize(1).noneMatch(ConfigurableApplicationContext::isActive);
	}

	@Test
	void withOneInstanceForTheClassItIsInjected() {
		run(1, OneInstance.class);
	}

	@Test
	void aDynamicPropertyLeadsToTheBrokerOfAnExtension() {
		run(2, WithExtension.class, WithExtensionAndOneInstance.class);
	}

	private static void run(int tests, Class<?>... testClasses) {
		contexts.clear();
		TestRuns.assertAllSucceeded(tests, TestRuns.of(testClasses));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ RabbitAutoConfiguration.class, SslAutoConfiguration.class })
	static class Application {

		private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

		Application(ConfigurableApplicationContext context) {
			contexts.add(context);
		}

		@Bean
		Queue orders() {
			return new Queue("orders");
		}

		@RabbitListener(queues = "orders")
		void receive(String order) {
			this.received.add(order);
		}

	}

	@SpringBootTest(classes = Application.class)
	abstract static class WithApplication {

		@Autowired
		private RabbitTemplate template;

		@Autowired
		private Application application;

		void anOrderArrives(EmbeddedBroker broker) throws InterruptedException {
			String order = getClass().getSimpleName();

			this.template.convertAndSend("orders", order);

			assertThat(this.application.received.poll(10, TimeUnit.SECONDS)).isEqualTo(order);
			assertThat(this.application.received).isEmpty();
			assertThat(this.template.getConnectionFactory().getPort()).isEqualTo(broker.port());
			assertThat(this.template.getConnectionFactory().getVirtualHost()).isEqualTo(broker.virtualHost());
		}

	}

	@EmbeddedBrokerTest
	abstract static class WithBroker extends WithApplication {

		@Test
		void itsBrokerIsThatOfTheClass(EmbeddedBroker broker, @Autowired EmbeddedBroker bean) throws Exception {
			assertThat(bean).isSameAs(broker);
			anOrderArrives(broker);
		}

	}

	@TestPropertySource(properties = { "spring.rabbitmq.host=rabbit.invalid", "spring.rabbitmq.port=5673" })
	static class Host extends WithBroker {

	}

	@TestPropertySource(properties = "spring.rabbitmq.addresses=amqps://a.invalid:5671,b.invalid:5671")
	static class AddressesAsText extends WithBroker {

	}

	@TestPropertySource(
			properties = { "spring.rabbitmq.addresses[0]=a.invalid:5671", "spring.rabbitmq.addresses[1]=b.invalid" })
	static class AddressesAsAList extends WithBroker {

	}

	@TestPropertySource(properties = { "spring.rabbitmq.username=app", "spring.rabbitmq.password=secret",
			"spring.rabbitmq.virtual-host=shop" })
	static class Credentials extends WithBroker {

	}

	@TestPropertySource(properties = { "spring.rabbitmq.ssl.enabled=true", "spring.rabbitmq.ssl.key-store=missing.p12",
			"spring.rabbitmq.ssl.trust-store=missing.p12" })
	static class Ssl extends WithBroker {

	}

	@TestPropertySource(properties = { "spring.rabbitmq.ssl.bundle=production",
			"spring.ssl.bundle.jks.production.keystore.location=missing.p12" })
	static class SslBundle extends WithBroker {

	}

	@EmbeddedBrokerTest
	abstract static class InParallel extends WithApplication {

		@RepeatedTest(10)
		void anOrderArrivesHere(EmbeddedBroker broker) throws Exception {
			together.countDown();
			assertThat(together.await(30, TimeUnit.SECONDS)).as("both run at once").isTrue();
			anOrderArrives(broker);
		}

	}

	static class Orders extends InParallel {

	}

	static class MoreOrders extends InParallel {

	}

	@EmbeddedBrokerTest
	static class WithNestedContext extends WithApplication {

		@Test
		void anOrderArrivesHere(EmbeddedBroker broker) throws Exception {
			anOrderArrives(broker);
		}

		@Nested
		@TestPropertySource(properties = "spring.rabbitmq.listener.simple.auto-startup=false")
		class Inside {

			@Test
			void theContextIsAnother(EmbeddedBroker broker, @Autowired RabbitTemplate template) {
				template.convertAndSend("orders", "Hello World!");
				assertThat(template.getConnectionFactory().getVirtualHost()).isEqualTo(broker.virtualHost());
			}

		}

	}

	@EmbeddedBrokerTest
	static class OnlyNestedContext {

		@Nested
		class Inside extends WithApplication {

			@Test
			void anOrderArrivesHere(EmbeddedBroker broker) throws Exception {
				anOrderArrives(broker);
			}

		}

	}

	@EmbeddedBrokerTest
	@TestInstance(TestInstance.Lifecycle.PER_CLASS)
	static class OneInstance extends WithApplication {

		@Test
		void anOrderArrivesHere(EmbeddedBroker broker) throws Exception {
			anOrderArrives(broker);
		}

	}

	@DirtiesContext
	abstract static class FromExtension extends WithApplication {

		@RegisterExtension
		static final EmbeddedBrokerExtension extension = new EmbeddedBrokerExtension(
				EmbeddedBroker.builder().user("jason", "secret").virtualHost("shop"));

		@DynamicPropertySource
		static void properties(DynamicPropertyRegistry registry) {
			registry.add("spring.rabbitmq.addresses", () -> extension.broker().uri());
		}

		@Test
		void anOrderArrivesHere(EmbeddedBroker broker) throws Exception {
			anOrderArrives(broker);
		}

	}

	static class WithExtension extends FromExtension {

	}

	@TestInstance(TestInstance.Lifecycle.PER_CLASS)
	static class WithExtensionAndOneInstance extends FromExtension {

	}

	@EmbeddedBrokerTest
	@SpringJUnitConfig
	@TestPropertySource(properties = { "spring.rabbitmq.host=rabbit.invalid", "spring.rabbitmq.virtual-host=shop" })
	static class WithoutBoot {

		@Autowired
		private RabbitTemplate template;

		@Test
		void aMessageGoesThrough() {
			this.template.execute((channel) -> channel.queueDeclare("hello", true, false, false, null));

			this.template.convertAndSend("hello", "Hello World!");

			assertThat(this.template.receiveAndConvert("hello", 10_000)).isEqualTo("Hello World!");
		}

		@Configuration(proxyBeanMethods = false)
		static class Rabbit {

			@Bean
			CachingConnectionFactory connectionFactory(@Value("${spring.rabbitmq.host}") String host,
					@Value("${spring.rabbitmq.port}") int port,
					@Value("${spring.rabbitmq.virtual-host}") String virtualHost) {
				CachingConnectionFactory connectionFactory = new CachingConnectionFactory(host, port);
				connectionFactory.setVirtualHost(virtualHost);
				return connectionFactory;
			}

			@Bean
			RabbitTemplate template(CachingConnectionFactory connectionFactory) {
				return new RabbitTemplate(connectionFactory);
			}

		}

	}

}
