package dev.warren.broker.app;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.TestCertificates;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The app with a certificate for both of its ports.
 */
class HttpsTests {

	@TempDir
	Path directory;

	@Test
	void httpAndAmqpHaveOneCertificateAndFollowItsFile() throws Exception {
		DevelopmentCertificates certificates = DevelopmentCertificates.in(this.directory);
		certificates.forBroker(List.of());
		SpringApplication application = EmbeddedBrokerApplication.application();
		try (ConfigurableApplicationContext context = application.run("--server.port=0", "--warren.broker.port=-1",
				"--warren.broker.ssl.port=0", "--warren.broker.store=memory", "--warren.broker.ssl.bundle=broker",
				"--server.ssl.bundle=broker", "--spring.ssl.bundle.pem.broker.reload-on-update=true",
				"--spring.ssl.bundle.watch.file.quiet-period=100ms",
				"--spring.ssl.bundle.pem.broker.keystore.certificate=" + this.directory.resolve("broker.pem").toUri(),
				"--spring.ssl.bundle.pem.broker.keystore.private-key="
						+ this.directory.resolve("broker-key.pem").toUri())) {
			HttpResponse<String> before = health(context);
			assertThat(before.statusCode()).isEqualTo(200);
			assertThat(before.body()).contains("\"port\":-1",
					"\"sslPort\":" + context.getBean(EmbeddedBroker.class).sslPort());

			certificates.forBroker(List.of());

			Awaitility.await()
				.ignoreExceptions()
				.until(() -> !certificate(health(context)).equals(certificate(before)));
		}
	}

	private static Object certificate(HttpResponse<String> response) throws Exception {
		return response.sslSession().orElseThrow().getPeerCertificates()[0];
	}

	private HttpResponse<String> health(ConfigurableApplicationContext context) throws Exception {
		// A client of its own, which has no connection yet.
		HttpClient client = HttpClient.newBuilder().sslContext(TestCertificates.context(this.directory, null)).build();
		return client.send(HttpRequest.newBuilder(URI.create(
				"https://localhost:" + context.getEnvironment().getProperty("local.server.port") + "/actuator/health"))
			.build(), BodyHandlers.ofString());
	}

}
