package dev.warren.broker.rabbitmq;

import java.util.List;
import java.util.Set;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.warren.broker.EmbeddedBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.warren.broker.rabbitmq.ExchangeTypesTests.bind;
import static dev.warren.broker.rabbitmq.ExchangeTypesTests.publish;
import static dev.warren.broker.rabbitmq.ExchangeTypesTests.ready;
import static dev.warren.broker.rabbitmq.ExchangeTypesTests.take;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an exchange of the type {@code x-consistent-hash} does better than that of
 * RabbitMQ's plugin, which numbers buckets, one for each unit of a weight.
 */
class ConsistentHashTests {

	private EmbeddedBroker broker;

	private TestClient client;

	@BeforeEach
	void start() {
		this.broker = EmbeddedBroker.builder().start();
		this.client = new TestClient(this.broker.host(), this.broker.port());
	}

	@AfterEach
	void stop() throws Exception {
		this.client.close();
		this.broker.close();
	}

	@Test
	void noOtherKeysMove() throws Exception {
		String exchange = this.client.exchange("x-consistent-hash");
		List<String> queues = bind(this.client, exchange, "1", "1", "1", "1");
		publish(this.client, exchange, 1000, (i) -> "key" + i, (i) -> new BasicProperties());
		List<Set<String>> before = List.of(take(this.client, queues.get(1)), take(this.client, queues.get(2)),
				take(this.client, queues.get(3)));

		this.client.channel().queueUnbind(queues.get(0), exchange, "1");
		publish(this.client, exchange, 1000, (i) -> "key" + i, (i) -> new BasicProperties());

		for (int i = 0; i < 3; i++) {
			assertThat(take(this.client, queues.get(i + 1))).containsAll(before.get(i));
		}
	}

	@Test
	void anyWeight() throws Exception {
		String exchange = this.client.exchange("x-consistent-hash");
		List<String> queues = bind(this.client, exchange, "1", "9".repeat(255));

		publish(this.client, exchange, 100, (i) -> "key" + i, (i) -> new BasicProperties());

		assertThat(ready(this.client, queues)).containsExactly(0, 100);
	}

}
