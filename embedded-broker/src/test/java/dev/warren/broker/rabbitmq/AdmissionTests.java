package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.ConnectionFactory;
import dev.warren.broker.EmbeddedBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How fast clients may come.
 */
@ExtendWith(OutputCaptureExtension.class)
class AdmissionTests {

	@Test
	void whoFailsToLogInTooOftenIsRefusedUnseenAndOthersAreNot(CapturedOutput output) throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().failedLoginsPerMinute(3).start()) {
			for (int i = 0; i < 3; i++) {
				assertRefused(factory(broker, "127.0.0.1", "wrong"));
			}

			assertRefused(factory(broker, "127.0.0.1", "guest"));

			factory(broker, "127.0.0.2", "guest").newConnection().close();
		}
		assertThat(output).contains("PLAIN login refused: user 'guest' - too many refused logins from this address");
	}

	@Test
	void afterManyFailuresTheRightPasswordWaitsForItsTurn() throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().failedLoginsPerMinute(60).start()) {
			for (int i = 0; i < 60; i++) {
				assertRefused(factory(broker, "127.0.0.1", "wrong"));
			}

			factory(broker, "127.0.0.1", "guest").newConnection().close();
		}
	}

	@Test
	void loginsThatSucceedAreNotCounted() throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().failedLoginsPerMinute(1).start()) {
			for (int i = 0; i < 20; i++) {
				factory(broker, "127.0.0.1", "guest").newConnection().close();
			}
		}
	}

	@Test
	void connectionsThatComeTooFastWaitForTheirTurnOrAreClosed(CapturedOutput output) throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().connectionsPerSecond(2).start()) {
			List<RawConnection> connections = new ArrayList<>();
			for (int i = 0; i < 15; i++) {
				connections.add(new RawConnection(broker.host(), broker.port()));
			}
			for (RawConnection connection : connections.subList(0, 3)) {
				connection.write(RawConnection.HEADER_0_9_1);
			}
			connections.get(2).readMethod();
			for (RawConnection connection : connections.subList(3, 15)) {
				connection.write(RawConnection.HEADER_0_9_1);
			}

			connections.get(14).expectEnd();

			factory(broker, "127.0.0.2", "guest").newConnection().close();
			for (RawConnection connection : connections) {
				connection.close();
			}
		}
		assertThat(output).contains("too many connections from this address within a second");
	}

	@Test
	void whoIsTooSlowToLogInIsClosed(CapturedOutput output) throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().handshakeTimeout(Duration.ofMillis(200)).start();
				RawConnection silent = new RawConnection(broker.host(), broker.port());
				RawConnection slow = new RawConnection(broker.host(), broker.port())) {
			slow.start();

			slow.expectEnd();
			silent.expectEnd();
		}
		assertThat(output)
			.containsPattern("closing AMQP connection \\(127.*, duration: '\\d+m?s'\\): handshake_timeout");
	}

	private static void assertRefused(ConnectionFactory factory) {
		assertThatExceptionOfType(AuthenticationFailureException.class).isThrownBy(factory::newConnection);
	}

	private static ConnectionFactory factory(EmbeddedBroker broker, String from, String password) {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setHost(broker.host());
		factory.setPort(broker.port());
		factory.setPassword(password);
		factory.setSocketConfigurator((socket) -> {
			try {
				socket.bind(new InetSocketAddress(from, 0));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
		return factory;
	}

}
