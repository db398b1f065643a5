package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.warren.broker.AmqpClient;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.rabbitmq.transport.VirtualHosts;
import dev.warren.broker.rabbitmq.wire.ArgumentTable;
import org.apache.qpid.server.model.ConfiguredObject;
import org.apache.qpid.server.model.Exchange;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Durable bindings on disk, one by one.
 */
class DurableBindingsTests {

	@TempDir
	Path dataDir;

	@Test
	void anotherBindingCostsTheSameHoweverManyThereAre() throws Exception {
		try (EmbeddedBroker broker = start(); AmqpClient client = AmqpClient.connect(broker.uri())) {
			client.declare("po_box");
			long few = bytesWritten(() -> bind(client.channel(), 0, 50));
			bind(client.channel(), 50, 550);

			long many = bytesWritten(() -> bind(client.channel(), 550, 600));

			assertThat(many).isLessThan(2 * few);
			assertThat(bytesWritten(() -> unbind(client.channel(), 100, 150))).isLessThan(2 * few);
		}
	}

	@Test
	void bindingsComeBackAndWhatWasUnboundDoesNot() throws Exception {
		try (EmbeddedBroker broker = start(); AmqpClient client = AmqpClient.connect(broker.uri())) {
			client.declare("po_box");
			bind(client.channel(), 0, 20);
			unbind(client.channel(), 5, 10);
		}

		for (int restart = 0; restart < 2; restart++) {
			try (EmbeddedBroker broker = start(); AmqpClient client = AmqpClient.connect(broker.uri())) {
				assertThat(routed(client.channel(), 20)).containsExactly(0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 15, 16, 17,
						18, 19);
			}
		}
	}

	@Test
	void bindingsWithArgumentsInAnotherOrderAreTheSame() throws Exception {
		Map<String, Object> arguments = new LinkedHashMap<>();
		arguments.put("x-match", "all");
		arguments.put("level", 3);
		Map<String, Object> otherOrder = new LinkedHashMap<>();
		otherOrder.put("level", 3);
		otherOrder.put("x-match", "all");
		try (EmbeddedBroker broker = start(); AmqpClient client = AmqpClient.connect(broker.uri())) {
			client.declare("po_box");
			client.channel().queueBind("po_box", "amq.headers", "", arguments);
			client.channel().queueUnbind("po_box", "amq.headers", "", otherOrder);
		}

		try (EmbeddedBroker broker = start(); AmqpClient client = AmqpClient.connect(broker.uri())) {
			client.channel()
				.basicPublish("amq.headers", "", new AMQP.BasicProperties.Builder().headers(arguments).build(),
						new byte[0]);
			assertThat(client.channel().basicGet("po_box", true)).isNull();
		}
	}

	@Test
	void aQueueOrExchangeDeclaredAgainHasNoneOfItsOldBindings() throws Exception {
		try (EmbeddedBroker broker = start(); AmqpClient client = AmqpClient.connect(broker.uri())) {
			client.declare("po_box");
			client.declare("other");
			client.channel().exchangeDeclare("sorting_room", "direct", true);
			client.channel().queueBind("other", "sorting_room", "0");
			bind(client.channel(), 0, 3);
			client.channel().queueDelete("po_box");
			client.declare("po_box");
			client.channel().exchangeDelete("sorting_room");
			client.channel().exchangeDeclare("sorting_room", "direct", true);
		}

		try (EmbeddedBroker broker = start(); AmqpClient client = AmqpClient.connect(broker.uri())) {
			assertThat(routed(client.channel(), 3)).isEmpty();
			client.channel().basicPublish("sorting_room", "0", null, new byte[0]);
			assertThat(client.channel().basicGet("other", true)).isNull();
		}
	}

	@Test
	void bindingsThatAnOlderBrokerWroteAreTakenOver() throws Exception {
		Set<QueueManagingVirtualHost<?>> others = VirtualHosts.running();
		try (EmbeddedBroker broker = start(); AmqpClient client = AmqpClient.connect(broker.uri())) {
			client.declare("po_box");
			Set<QueueManagingVirtualHost<?>> ours = new HashSet<>(VirtualHosts.running());
			ours.removeAll(others);
			writeAsAnOlderBroker(ours.iterator().next(), 0, 20);
		}

		try (EmbeddedBroker broker = start(); AmqpClient client = AmqpClient.connect(broker.uri())) {
			assertThat(routed(client.channel(), 20)).hasSize(20);
			unbind(client.channel(), 5, 20);
		}
		try (EmbeddedBroker broker = start(); AmqpClient client = AmqpClient.connect(broker.uri())) {
			assertThat(routed(client.channel(), 20)).containsExactly(0, 1, 2, 3, 4);
		}
	}

	private static void writeAsAnOlderBroker(QueueManagingVirtualHost<?> virtualHost, int from, int to) {
		List<Map<String, Object>> bindings = new ArrayList<>();
		for (int i = from; i < to; i++) {
			bindings.add(
					Map.of("target", "po_box", "toExchange", false, "key", Integer.toString(i), "arguments", Map.of()));
		}
		Exchange<?> exchange = virtualHost.getChildByName(Exchange.class, "exchange:amq.direct");
		Map<String, String> context = new HashMap<>(exchange.getContext());
		context.put("rabbitmq.bindings", ArgumentTable.toText(Map.of("bindings", bindings)));
		exchange.setAttributes(Map.of(ConfiguredObject.CONTEXT, context));
	}

	private static void bind(Channel channel, int from, int to) throws IOException {
		for (int i = from; i < to; i++) {
			channel.queueBind("po_box", "amq.direct", Integer.toString(i));
		}
	}

	private static void unbind(Channel channel, int from, int to) throws IOException {
		for (int i = from; i < to; i++) {
			channel.queueUnbind("po_box", "amq.direct", Integer.toString(i));
		}
	}

	/**
	 * Which of the keys lead to the queue.
	 */
	private static List<Integer> routed(Channel channel, int keys) throws IOException {
		for (int i = 0; i < keys; i++) {
			channel.basicPublish("amq.direct", Integer.toString(i), null,
					Integer.toString(i).getBytes(StandardCharsets.UTF_8));
		}
		List<Integer> routed = new ArrayList<>();
		GetResponse next = channel.basicGet("po_box", true);
		while (next != null) {
			routed.add(Integer.valueOf(new String(next.getBody(), StandardCharsets.UTF_8)));
			next = channel.basicGet("po_box", true);
		}
		return routed;
	}

	/**
	 * The store only appends, so what it writes is by how much its files grow.
	 */
	private long bytesWritten(Action action) throws Exception {
		long before = bytesOnDisk();
		action.run();
		return bytesOnDisk() - before;
	}

	private long bytesOnDisk() throws IOException {
		try (Stream<Path> files = Files.walk(this.dataDir)) {
			return files.filter(Files::isRegularFile).mapToLong((file) -> file.toFile().length()).sum();
		}
	}

	private EmbeddedBroker start() {
		return EmbeddedBroker.builder().diskStore(this.dataDir).start();
	}

	private interface Action {

		void run() throws Exception;

	}

}
