package dev.warren.broker.management;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.ConnectionFactory;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.app.EmbeddedBrokerApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Who guesses passwords over HTTP or AMQP.
 */
@ExtendWith(OutputCaptureExtension.class)
class RefusedLoginsTests {

	@Test
	void anAddressThatFailsTooOftenIsToldToComeLater(CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext context = EmbeddedBrokerApplication.application()
			.run("--server.port=0", "--warren.broker.port=0", "--warren.broker.store=memory",
					"--warren.broker.limits.failed-logins-per-minute=3")) {
			ManagementClient api = new ManagementClient(
					context.getEnvironment().getRequiredProperty("local.server.port", Integer.class), "guest:guest");
			ConnectionFactory factory = new ConnectionFactory();
			factory.setPort(context.getBean(EmbeddedBroker.class).port());
			factory.setHost("127.0.0.1");
			factory.setPassword("wrong");
			for (int i = 0; i < 10; i++) {
				assertThat(api.get("whoami").statusCode()).isEqualTo(200);
			}
			assertThatExceptionOfType(AuthenticationFailureException.class).isThrownBy(factory::newConnection);
			assertThat(api.as("guest:wrong").get("whoami").statusCode()).isEqualTo(401);
			assertThat(api.as("guest:wrong").get("whoami").statusCode()).isEqualTo(401);

			var response = api.get("whoami");

			assertThat(response.statusCode()).isEqualTo(429);
			assertThat(response.body()).contains("\"error\":\"too_many_requests\"");
			assertThat(output)
				.contains("HTTP access denied from 127.0.0.1: user 'guest' - invalid credentials",
						"HTTP access denied from 127.0.0.1: user 'guest' - too many refused logins from this address")
				.doesNotContain("wrong");
		}
	}

}
