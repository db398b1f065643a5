package dev.warren.broker.management;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.PossibleAuthenticationFailureException;
import dev.warren.broker.AmqpClient;
import dev.warren.broker.app.BrokerProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Users, virtual hosts and permissions are there again, whatever happens to the process.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class KeptDefinitionsTests {

	@TempDir
	Path directory;

	@Test
	void whatWasAnsweredIsThereAfterAKill() throws Exception {
		try (BrokerProcess broker = start()) {
			ManagementClient api = api(broker, "guest:guest");
			assertThat(api.put("vhosts/team", "").statusCode()).isEqualTo(201);
			assertThat(api.put("users/ann", "{\"password\":\"a secret\",\"tags\":\"management\"}").statusCode())
				.isEqualTo(201);
			assertThat(api.put("permissions/team/ann", "{\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}")
				.statusCode()).isEqualTo(201);
			assertThat(api.put("users/guest", "{\"password\":\"changed\",\"tags\":\"administrator\"}").statusCode())
				.isEqualTo(204);
			broker.kill();
		}

		Path definitions = this.directory.resolve("data/definitions.json");
		assertThat(definitions).content().contains("ann").doesNotContain("a secret", "changed");
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(definitions))).isEqualTo("rw-------");
		try (BrokerProcess broker = start()) {
			String port = broker.awaitUri().replaceFirst(".*:", "");
			try (AmqpClient client = AmqpClient.connect("amqp://ann:a%20secret@127.0.0.1:" + port + "/team")) {
				client.declare("theirs");
			}
			assertThat(api(broker, "ann:a secret").json("queues/team").path(0).path("name").asString())
				.isEqualTo("theirs");
			assertThatExceptionOfType(PossibleAuthenticationFailureException.class)
				.isThrownBy(() -> AmqpClient.connect("amqp://guest:guest@127.0.0.1:" + port));
			assertThat(broker.output()).contains("'warren.broker.users' and 'warren.broker.virtual-hosts' count");
			broker.kill();
		}
	}

	private BrokerProcess start() throws IOException {
		return BrokerProcess.fromClassPath(this.directory);
	}

	private static ManagementClient api(BrokerProcess broker, String credentials) {
		int port = Integer.parseInt(broker.awaitHealthUrl().replaceFirst(".*:(\\d+)/.*", "$1"));
		return new ManagementClient(port, credentials);
	}

}
