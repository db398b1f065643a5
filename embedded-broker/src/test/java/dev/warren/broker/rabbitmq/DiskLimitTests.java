package dev.warren.broker.rabbitmq;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import com.sleepycat.je.DatabaseConfig;
import com.sleepycat.je.DiskLimitException;
import com.sleepycat.je.Environment;
import com.sleepycat.je.EnvironmentConfig;
import com.sleepycat.je.EnvironmentMutableConfig;
import dev.warren.broker.AmqpClient;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.rabbitmq.transport.VirtualHosts;
import org.apache.qpid.server.store.berkeleydb.BDBEnvironmentContainer;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * A store that takes nothing for want of room, and then does again.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class DiskLimitTests {

	@TempDir
	Path dataDir;

	@Test
	void nothingIsConfirmedAndConsumersGoOn(CapturedOutput output) throws Exception {
		Set<QueueManagingVirtualHost<?>> others = VirtualHosts.running();
		try (EmbeddedBroker broker = start(); AmqpClient client = AmqpClient.connect(broker.uri())) {
			client.declare("work");
			client.declare("graves");
			client.channel()
				.queueDeclare("mortal", true, false, false,
						Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "graves"));
			client.publishConfirmed("", "work", List.of("acknowledged", "left"));
			client.publishConfirmed("", "mortal", List.of("rejected"));
			QueueManagingVirtualHost<?> virtualHost = ours(others);

			limitDisk(virtualHost, true);
			assertThat(publish(client.channel(), "refused")).isFalse();
			GetResponse message = client.channel().basicGet("work", false);
			client.channel().basicAck(message.getEnvelope().getDeliveryTag(), false);
			GetResponse mortal = client.channel().basicGet("mortal", false);
			client.channel().basicReject(mortal.getEnvelope().getDeliveryTag(), false);
			assertThatIOException().isThrownBy(
					() -> client.channel().getConnection().createChannel().queueBind("work", "amq.direct", "not kept"));

			limitDisk(virtualHost, false);
			try (AmqpClient another = AmqpClient.connect(broker.uri())) {
				Awaitility.await().until(() -> another.channel().messageCount("graves") == 1);
				assertThat(publish(another.channel(), "accepted")).isTrue();
			}
		}
		assertThat(output).contains("cannot be written, so what is published is not confirmed")
			.contains("can be written again");

		try (EmbeddedBroker broker = start(); AmqpClient client = AmqpClient.connect(broker.uri())) {
			assertThat(client.drain("work")).containsExactly("left", "accepted");
			assertThat(client.drain("graves")).containsExactly("rejected");
			assertThat(client.drain("mortal")).isEmpty();
			client.publishConfirmed("amq.direct", "not kept", List.of("unroutable"));
			assertThat(client.drain("work")).isEmpty();
		}
	}

	private static boolean publish(Channel channel, String text) throws Exception {
		channel.confirmSelect();
		channel.basicPublish("", "work", MessageProperties.PERSISTENT_TEXT_PLAIN, text.getBytes());
		return channel.waitForConfirms(10_000);
	}

	private static QueueManagingVirtualHost<?> ours(Set<QueueManagingVirtualHost<?>> others) {
		Set<QueueManagingVirtualHost<?>> ours = new HashSet<>(VirtualHosts.running());
		ours.removeAll(others);
		return ours.iterator().next();
	}

	private static void limitDisk(QueueManagingVirtualHost<?> virtualHost, boolean limit) {
		BDBEnvironmentContainer<?> node = (BDBEnvironmentContainer<?>) virtualHost.getParent();
		Environment environment = node.getEnvironmentFacade()
			.openDatabase("RABBITMQ_STATE", new DatabaseConfig().setTransactional(true))
			.getEnvironment();
		EnvironmentMutableConfig config = environment.getMutableConfig();
		config.setConfigParam(EnvironmentConfig.FREE_DISK, limit ? Long.toString(Long.MAX_VALUE / 4) : "20000000");
		environment.setMutableConfig(config);
		// One thread of Berkeley DB's at a time looks how much room there is; while that
		// is another one, what it saw before counts.
		Awaitility.await().until(() -> isLimited(environment) == limit);
	}

	private static boolean isLimited(Environment environment) {
		try {
			environment.cleanLog();
			return false;
		}
		catch (DiskLimitException ex) {
			return true;
		}
	}

	private EmbeddedBroker start() {
		return EmbeddedBroker.builder().diskStore(this.dataDir).start();
	}

}
