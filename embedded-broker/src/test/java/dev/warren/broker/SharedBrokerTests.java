package dev.warren.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * One broker for many, with a virtual host for each.
 */
class SharedBrokerTests {

	/** What a virtual host leaves on the heap would be more than this, in bytes. */
	private static final long LEFT_BY_A_VIRTUAL_HOST = 4_000;

	private static final int VIRTUAL_HOSTS = Integer.getInteger("warren.test.virtual-hosts", 300);

	@AutoClose
	private final EmbeddedBroker broker = EmbeddedBroker.builder().version(RabbitMqVersion.V3_10).start();

	@Test
	void itsUriLeadsToItsVirtualHost() throws Exception {
		try (EmbeddedBroker orders = this.broker.withVirtualHost("orders & more");
				AmqpClient client = AmqpClient.connect(orders.uri());
				AmqpClient other = AmqpClient.connect(this.broker.uri())) {
			client.declare("hello");

			assertThat(orders.virtualHost()).isEqualTo("orders & more");
			assertThat(orders.port()).isEqualTo(this.broker.port());
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> other.channel().queueDeclarePassive("hello"));
		}
	}

	@Test
	void onlyItsOwnQueuesAreEmptied() throws Exception {
		try (EmbeddedBroker orders = this.broker.withVirtualHost("orders");
				EmbeddedBroker invoices = this.broker.withVirtualHost("invoices");
				AmqpClient ordersClient = AmqpClient.connect(orders.uri());
				AmqpClient invoicesClient = AmqpClient.connect(invoices.uri());
				AmqpClient client = AmqpClient.connect(this.broker.uri())) {
			for (AmqpClient one : List.of(ordersClient, invoicesClient, client)) {
				one.declare("hello");
				one.publishConfirmed("", "hello", List.of("Hello World!"));
			}

			orders.reset();

			assertThat(ordersClient.drain("hello")).isEmpty();
			assertThat(invoicesClient.drain("hello")).containsExactly("Hello World!");

			invoicesClient.publishConfirmed("", "hello", List.of("Hello again!"));
			this.broker.reset();

			assertThat(client.drain("hello")).isEmpty();
			assertThat(invoicesClient.drain("hello")).containsExactly("Hello again!");
		}
	}

	@Test
	void itsReportIsOfItsOwnClientsAlsoAfterwards() throws Exception {
		EmbeddedBroker orders = this.broker.withVirtualHost("orders");
		try (EmbeddedBroker invoices = this.broker.withVirtualHost("invoices");
				AmqpClient client = AmqpClient.connect(orders.uri())) {
			client.channel().basicQos(3, true);

			assertThat(orders.upgradeReport().changes()).containsExactly("global-prefetch");
			assertThat(invoices.upgradeReport().changes()).isEmpty();
			assertThat(this.broker.upgradeReport().changes()).isEmpty();
		}
		orders.close();
		assertThat(orders.upgradeReport().changes()).containsExactly("global-prefetch");
	}

	@Test
	void closingItClosesItsConnectionsOnly() throws Exception {
		EmbeddedBroker orders = this.broker.withVirtualHost("orders");
		try (EmbeddedBroker invoices = this.broker.withVirtualHost("invoices");
				AmqpClient client = AmqpClient.connect(orders.uri());
				AmqpClient other = AmqpClient.connect(invoices.uri())) {
			CountDownLatch closed = new CountDownLatch(1);
			client.channel().getConnection().addShutdownListener((cause) -> closed.countDown());

			orders.close();
			orders.close();

			assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(orders.isRunning()).isFalse();
			assertThat(invoices.isRunning()).isTrue();
			assertThat(this.broker.isRunning()).isTrue();
			other.declare("hello");
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> AmqpClient.connect(orders.uri()));
		}
	}

	@Test
	void whatItAddsGoesWithIt() throws Exception {
		EmbeddedBroker orders = this.broker.withVirtualHost("orders");
		orders.addVirtualHost("old-orders");
		String uri = this.broker.uri() + "/old-orders";
		try (AmqpClient client = AmqpClient.connect(uri)) {
			client.declare("hello");
			client.publishConfirmed("", "hello", List.of("Hello World!"));

			orders.reset();

			assertThat(client.drain("hello")).isEmpty();
		}

		orders.close();

		assertThatExceptionOfType(IOException.class).isThrownBy(() -> AmqpClient.connect(uri));
	}

	@Test
	void aBrokerThatIsClosedGetsNoVirtualHost() {
		this.broker.close();

		assertThatIllegalStateException().isThrownBy(() -> this.broker.withVirtualHost("orders"))
			.withMessage("The broker is not running");
	}

	@Test
	void twoDoNotGetTheSameVirtualHost() {
		try (EmbeddedBroker orders = this.broker.withVirtualHost("orders")) {
			assertThatIllegalArgumentException().isThrownBy(() -> this.broker.withVirtualHost("orders"))
				.withMessage("There is a virtual host 'orders' already");
			assertThatExceptionOfType(BrokerStartException.class).isThrownBy(() -> orders.withVirtualHost("/orders"))
				.withMessageContaining("but for a leading slash");
		}
	}

	@Test
	void theNextOfTheSameNameFindsNothing(@TempDir Path directory) throws Exception {
		try (EmbeddedBroker onDisk = EmbeddedBroker.builder().diskStore(directory).start()) {
			for (EmbeddedBroker shared : List.of(this.broker, onDisk)) {
				for (int i = 0; i < 3; i++) {
					try (EmbeddedBroker orders = shared.withVirtualHost("orders");
							AmqpClient client = AmqpClient.connect(orders.uri())) {
						assertThat(client.declare("hello").getMessageCount()).isZero();
						client.publishConfirmed("", "hello", List.of("Hello World!"));
					}
				}
			}
		}
	}

	@Test
	void afterTheBrokerItClosesAsWell() {
		EmbeddedBroker orders = this.broker.withVirtualHost("orders");

		this.broker.close();
		assertThat(orders.isRunning()).isFalse();

		orders.close();
	}

	@Test
	void manyLeaveNoThreadsAndNoMemory() throws Exception {
		useVirtualHosts(100);
		int threads = threads();
		long heap = ManyBrokersTests.heapInUse();

		useVirtualHosts(VIRTUAL_HOSTS);

		int threadsLeft = threads();
		long heapLeft = ManyBrokersTests.heapInUse();
		System.out.printf("Threads and heap before %d virtual hosts: %d, %d; after: %d, %d%n", VIRTUAL_HOSTS, threads,
				heap, threadsLeft, heapLeft);
		assertThat(threadsLeft).isLessThanOrEqualTo(threads);
		assertThat(heapLeft).isLessThan(heap + VIRTUAL_HOSTS * LEFT_BY_A_VIRTUAL_HOST);
	}

	private void useVirtualHosts(int times) throws Exception {
		for (int i = 0; i < times; i++) {
			try (EmbeddedBroker orders = this.broker.withVirtualHost("orders-" + i);
					AmqpClient client = AmqpClient.connect(orders.uri())) {
				client.declare("hello");
				client.publishConfirmed("", "hello", List.of("Hello World!"));
			}
		}
	}

	private static int threads() {
		BrokerThreads.awaitNoneOf("orders-");
		return BrokerThreads.allInJvm();
	}

}
