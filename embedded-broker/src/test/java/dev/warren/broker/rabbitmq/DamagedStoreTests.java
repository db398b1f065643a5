package dev.warren.broker.rabbitmq;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import dev.warren.broker.AmqpClient;
import dev.warren.broker.EmbeddedBroker;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * What of the store cannot be read stays there and is reported; the rest is restored.
 */
@ExtendWith(OutputCaptureExtension.class)
class DamagedStoreTests {

	@TempDir
	Path dataDir;

	private DamagedStore store;

	@BeforeEach
	void fill() throws Exception {
		this.store = new DamagedStore(this.dataDir);
		withChannel((channel) -> {
			channel.exchangeDeclare("front", "fanout", true);
			channel.exchangeDeclare("back", "direct", true);
			for (String queue : List.of("one", "two", "three")) {
				channel.queueDeclare(queue, true, false, false, null);
				channel.queueBind(queue, "front", "of-" + queue);
				channel.queueBind(queue, "back", "to-" + queue);
			}
			for (int i = 0; i < 3; i++) {
				channel.basicPublish("front", "key-" + i, MessageProperties.PERSISTENT_TEXT_PLAIN,
						("body-" + i).getBytes());
			}
			channel.waitForConfirmsOrDie(10_000);
		});
	}

	@Test
	void aMessageThatCannotBeReadIsLeftOut(CapturedOutput output) throws Exception {
		this.store.damageMessage("key-1");

		assertRestored(output, List.of("body-0", "body-2"), "Message 2 of queue 'one'", "Message 2 of queue 'three'");

		this.store.repair();
		assertOnly("body-1");
	}

	@Test
	void aMessageWithoutItsBodyIsLeftOut(CapturedOutput output) throws Exception {
		this.store.removeBody("body-1");

		assertRestored(output, List.of("body-0", "body-2"), "Message 2 of queue 'one'", "it has no body");

		this.store.repair();
		assertOnly("body-1");
	}

	/**
	 * Takes all messages there are.
	 */
	private void assertRestored(CapturedOutput output, List<String> bodies, String... reported) throws Exception {
		for (String queue : List.of("one", "two", "three")) {
			withClient((client) -> assertThat(client.drain(queue)).isEqualTo(bodies));
		}
		assertThat(output).contains(reported)
			.doesNotContain("Definition")
			.contains("stays in the store at " + this.dataDir.resolve("virtual-hosts/%2F"));
	}

	private void assertOnly(String body) throws Exception {
		for (String queue : List.of("one", "two", "three")) {
			withClient((client) -> assertThat(client.drain(queue)).containsExactly(body));
		}
	}

	@Test
	void aQueueThatCannotBeReadKeepsItsMessages(CapturedOutput output) throws Exception {
		this.store.damageDefinition("two");

		for (int restart = 0; restart < 2; restart++) {
			withClient((client) -> {
				assertThatIOException()
					.isThrownBy(() -> client.channel().getConnection().createChannel().queueDeclarePassive("two"));
				assertThat(client.channel().messageCount("one")).isEqualTo(3);
			});
		}
		withClient((client) -> {
			assertThat(client.drain("one")).hasSize(3);
			assertThat(client.drain("three")).hasSize(3);
			client.publishConfirmed("back", "to-three", List.of("by the binding"));
			assertThat(client.drain("three")).containsExactly("by the binding");
		});
		assertThat(output).containsPattern("Definition [-0-9a-f]{36} of the store at \\S*%2F cannot be read: .*"
				+ "It is kept there, in table RABBITMQ_UNREADABLE");

		this.store.repair();
		withClient((client) -> assertThat(client.drain("two")).containsExactly("body-0", "body-1", "body-2"));
	}

	@Test
	void anExchangeThatCannotBeReadKeepsItsBindings(CapturedOutput output) throws Exception {
		this.store.damageDefinition("exchange:back");

		withClient((client) -> {
			assertThatIOException()
				.isThrownBy(() -> client.channel().getConnection().createChannel().exchangeDeclarePassive("back"));
			assertThat(client.drain("one")).hasSize(3);
			client.publishConfirmed("front", "", List.of("by the other exchange"));
			assertThat(client.drain("one")).containsExactly("by the other exchange");
		});
		assertThat(output).contains("cannot be read");

		this.store.repair();
		withClient((client) -> {
			client.publishConfirmed("back", "to-one", List.of("by the old binding"));
			assertThat(client.drain("one")).containsExactly("by the old binding");
		});
	}

	@Test
	void aBindingThatCannotBeReadIsLeftOut(CapturedOutput output) throws Exception {
		this.store.damageBinding("to-two");

		withClient((client) -> {
			client.drain("one");
			client.publishConfirmed("back", "to-one", List.of("by another binding"));
			assertThat(client.drain("one")).containsExactly("by another binding");
			client.publishConfirmed("back", "to-two", List.of("unroutable"));
			assertThat(client.drain("two")).hasSize(3);
		});
		assertThat(output).contains("Binding 2 of exchange 'back' cannot be read and stays in the store at ");

		this.store.repair();
		withClient((client) -> {
			client.publishConfirmed("back", "to-two", List.of("by the old binding"));
			assertThat(client.drain("two")).containsExactly("by the old binding");
		});
	}

	@Test
	void whatIsCutOffAtTheEndIsCopied(CapturedOutput output) throws Exception {
		Path file = this.dataDir.resolve("virtual-hosts/%2F/00000000.jdb");
		byte[] damaged = Files.readAllBytes(file);
		int from = damaged.length * 9 / 10;
		Arrays.fill(damaged, from, from + 100, (byte) 0xc5);
		Files.write(file, damaged);

		withClient((client) -> assertThat(client.channel().messageCount("one")).isEqualTo(3));

		assertThat(output).containsPattern("The last \\d+ bytes of \\S+ cannot be read, from byte \\d+ on");
		try (Stream<Path> files = Files.list(file.getParent())) {
			assertThat(files.filter((one) -> one.toString().endsWith(".damaged"))).singleElement()
				.satisfies((copy) -> assertThat(copy).hasBinaryContent(damaged));
		}
		withClient((client) -> assertThat(client.drain("one")).hasSize(3));
		try (Stream<Path> files = Files.list(file.getParent())) {
			assertThat(files.filter((one) -> one.toString().endsWith(".damaged"))).hasSize(1);
		}
	}

	private void withChannel(ChannelAction action) throws Exception {
		withClient((client) -> {
			client.channel().confirmSelect();
			action.run(client.channel());
		});
	}

	private void withClient(ClientAction action) throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().diskStore(this.dataDir).start();
				AmqpClient client = AmqpClient.connect(broker.uri())) {
			action.run(client);
		}
	}

	private interface ChannelAction {

		void run(Channel channel) throws Exception;

	}

	private interface ClientAction {

		void run(AmqpClient client) throws Exception;

	}

}
