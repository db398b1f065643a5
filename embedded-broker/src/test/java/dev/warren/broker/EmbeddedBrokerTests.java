package dev.warren.broker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.ShutdownSignalException;
import org.apache.qpid.server.plugin.ProtocolEngineCreator;
import org.apache.qpid.server.plugin.QpidServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EmbeddedBrokerTests {

	@Test
	void aPublishedMessageIsConsumed() throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().start();
				AmqpClient client = AmqpClient.connect(broker.uri())) {
			BlockingQueue<String> received = new LinkedBlockingQueue<>();
			client.channel().queueDeclare("hello", false, false, false, null);
			client.channel()
				.basicConsume("hello", true,
						(tag, delivery) -> received.add(new String(delivery.getBody(), StandardCharsets.UTF_8)),
						(tag) -> {
						});

			client.channel().basicPublish("", "hello", null, "Hello World!".getBytes(StandardCharsets.UTF_8));

			assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("Hello World!");
		}
	}

	@Test
	void itListensOnAFreePortOfTheLoopbackAddress() {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().start()) {
			assertThat(broker.port()).isPositive();
			assertThat(broker.host()).isEqualTo("127.0.0.1");
			assertThat(broker.uri()).isEqualTo("amqp://guest:guest@127.0.0.1:" + broker.port());
			assertThat(broker.isRunning()).isTrue();
			assertThat(broker.dataDir()).isEmpty();
			assertThat(broker.product()).matches("Qpid Broker-J \\d+\\.\\d+\\.\\d+");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "*", "0.0.0.0", "localhost" })
	void theUriIsOneThatAClientOnThisMachineCanUse(String bindAddress) throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().bindAddress(bindAddress).start();
				AmqpClient client = AmqpClient.connect(broker.uri())) {
			assertThat(client.channel().isOpen()).isTrue();
		}
	}

	@Test
	void brokersInOneJvmKnowNothingOfEachOther() throws Exception {
		try (EmbeddedBroker one = EmbeddedBroker.builder().start();
				EmbeddedBroker other = EmbeddedBroker.builder().start();
				AmqpClient clientOfOne = AmqpClient.connect(one.uri());
				AmqpClient clientOfOther = AmqpClient.connect(other.uri())) {
			clientOfOne.declare("hello");
			clientOfOther.declare("hello");

			clientOfOne.publishConfirmed("", "hello", List.of("for one"));

			assertThat(clientOfOther.drain("hello")).isEmpty();
			assertThat(clientOfOne.drain("hello")).containsExactly("for one");
		}
	}

	@Test
	void whileOneBrokerClosesAnotherGoesOn() throws Exception {
		try (EmbeddedBroker other = EmbeddedBroker.builder().start();
				AmqpClient client = AmqpClient.connect(other.uri())) {
			EmbeddedBroker.builder().start().close();

			client.declare("hello");
			client.publishConfirmed("", "hello", List.of("still here"));

			assertThat(client.drain("hello")).containsExactly("still here");
		}
	}

	@Test
	void closingTwiceIsClosingOnce() {
		EmbeddedBroker broker = EmbeddedBroker.builder().start();

		broker.close();
		broker.close();

		assertThat(broker.isRunning()).isFalse();
	}

	@Test
	void aClosedBrokerLeavesItsPortAndNoThreads() throws Exception {
		EmbeddedBroker broker = EmbeddedBroker.builder().start();
		try (AmqpClient client = AmqpClient.connect(broker.uri())) {
			client.declare("hello");
			broker.close();
		}

		BrokerThreads.awaitNone();
		try (EmbeddedBroker next = EmbeddedBroker.builder().port(broker.port()).start()) {
			assertThat(next.port()).isEqualTo(broker.port());
		}
	}

	@Test
	void aThreadThatIsInterruptedClosesItAndStaysInterrupted() throws Exception {
		EmbeddedBroker broker = EmbeddedBroker.builder().start();
		boolean interrupted;
		try (AmqpClient client = AmqpClient.connect(broker.uri())) {
			client.declare("hello");
			Thread.currentThread().interrupt();
			broker.close();
			broker.close();
			interrupted = Thread.interrupted();
		}
		finally {
			Thread.interrupted();
		}

		assertThat(interrupted).isTrue();
		BrokerThreads.awaitNone();
		try (EmbeddedBroker next = EmbeddedBroker.builder().port(broker.port()).start()) {
			assertThat(next.port()).isEqualTo(broker.port());
		}
	}

	@Test
	void anotherQpidInTheJvmKeepsItsOwnProtocolEngines() {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().start()) {
			assertThat(broker.isRunning()).isTrue();
			assertThat(System.getProperties().stringPropertyNames())
				.noneMatch((name) -> name.matches("qpid\\.\\w+\\.disabled:.*"));
			assertThat(new QpidServiceLoader().instancesOf(ProtocolEngineCreator.class)).isNotEmpty()
				.allSatisfy((creator) -> assertThat(creator.getClass().getName()).startsWith("org.apache.qpid."));
		}
	}

	@Test
	void aThreadWithoutAContextClassLoaderMayStartIt() {
		Thread thread = Thread.currentThread();
		ClassLoader contextClassLoader = thread.getContextClassLoader();
		thread.setContextClassLoader(null);
		try (EmbeddedBroker broker = EmbeddedBroker.builder().start()) {
			assertThat(broker.isRunning()).isTrue();
			assertThat(thread.getContextClassLoader()).isNull();
		}
		finally {
			thread.setContextClassLoader(contextClassLoader);
		}
	}

	@Test
	void onlyItsUsersGetInWithTheirPasswords() throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().user("jason", "p@ss/w:rd").user("anna", "x").start();
				AmqpClient client = AmqpClient.connect(broker.uri())) {
			assertThat(client.channel().isOpen()).isTrue();
			for (String user : List.of("guest:guest", "jason:x", "anna:")) {
				assertThatExceptionOfType(IOException.class)
					.isThrownBy(() -> AmqpClient.connect("amqp://" + user + "@127.0.0.1:" + broker.port()));
			}
		}
	}

	@Test
	void virtualHostsAreApart() throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().virtualHost("/").virtualHost("left side").start();
				AmqpClient client = AmqpClient.connect(broker.uri());
				AmqpClient left = AmqpClient.connect(broker.uri() + "/left%20side")) {
			client.declare("hello");
			left.declare("hello");

			left.publishConfirmed("", "hello", List.of("left"));

			assertThat(client.drain("hello")).isEmpty();
			assertThat(left.drain("hello")).containsExactly("left");
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> AmqpClient.connect(broker.uri() + "/nowhere"))
				.withCauseInstanceOf(ShutdownSignalException.class);
		}
	}

	@Test
	void aVirtualHostCanBeAddedWhileItRuns() throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().start()) {
			broker.addVirtualHost("shop");
			broker.addVirtualHost("shop");
			broker.addVirtualHost("/");

			try (AmqpClient client = AmqpClient.connect(broker.uri() + "/shop")) {
				client.declare("hello");
				client.publishConfirmed("", "hello", List.of("Hello World!"));
				assertThat(client.drain("hello")).containsExactly("Hello World!");
			}
			assertThatExceptionOfType(BrokerStartException.class).isThrownBy(() -> broker.addVirtualHost(" "))
				.withMessageContaining("virtual host name ' '");
		}
	}

	@Test
	void aVirtualHostIsClosedToThoseWhoHaveNoPermissionsThere() throws Exception {
		EmbeddedBroker.Builder builder = EmbeddedBroker.builder()
			.user("anna", "x")
			.user("jason", "x")
			.virtualHost("left")
			.virtualHost("right")
			.permissions("left", "anna", ".*", ".*", ".*");
		try (EmbeddedBroker broker = builder.start();
				AmqpClient left = AmqpClient.connect("amqp://anna:x@127.0.0.1:" + broker.port() + "/left")) {
			assertThat(left.channel().isOpen()).isTrue();
			for (String uri : List.of("anna:x@127.0.0.1:%d/right", "jason:x@127.0.0.1:%d/right",
					"jason:x@127.0.0.1:%d/left")) {
				assertThatExceptionOfType(IOException.class)
					.isThrownBy(() -> AmqpClient.connect("amqp://" + uri.formatted(broker.port())));
			}

			broker.addVirtualHost("shop");

			try (AmqpClient shop = AmqpClient.connect("amqp://anna:x@127.0.0.1:" + broker.port() + "/shop")) {
				assertThat(shop.channel().isOpen()).isTrue();
			}
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> AmqpClient.connect("amqp://jason:x@127.0.0.1:" + broker.port() + "/shop"));
		}
	}

	@Test
	void withoutTheDefaultVirtualHostTheUriNamesTheFirst() throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().virtualHost("left side").start();
				AmqpClient client = AmqpClient.connect(broker.uri())) {
			assertThat(client.channel().isOpen()).isTrue();
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> AmqpClient.connect("amqp://guest:guest@127.0.0.1:" + broker.port()));
		}
	}

}
