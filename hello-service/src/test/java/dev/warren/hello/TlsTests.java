package dev.warren.hello;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.app.DevelopmentCertificates;
import dev.warren.broker.app.EmbeddedBrokerApplication;
import dev.warren.test.LocalService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The hello service and a broker that listens with TLS only, with certificates of an
 * authority of their own.
 */
class TlsTests {

	@TempDir
	Path directory;

	@Test
	void theServiceTalksToABrokerOfAPrivateAuthority() throws Exception {
		DevelopmentCertificates.in(this.directory).forBroker(List.of());
		try (ConfigurableApplicationContext broker = startBroker();
				LocalService service = startService(broker, trust(this.directory))) {
			HelloClient hello = new HelloClient(service.port());
			hello.awaitReady();

			String id = hello.accepted("Hello World!");

			await().until(() -> hello.receivedIds().contains(id));
		}
	}

	@Test
	void theServiceShowsABrokerItsCertificate() throws Exception {
		DevelopmentCertificates.in(this.directory).forBroker(List.of());
		DevelopmentCertificates.in(this.directory).forUser("hello");
		try (ConfigurableApplicationContext broker = startBroker("--warren.broker.ssl.client-auth=need");
				LocalService service = startService(broker, trust(this.directory), key("service", "hello"),
						certificate("service", "hello"))) {
			HelloClient hello = new HelloClient(service.port());
			hello.awaitReady();

			assertThat(broker.getBean(EmbeddedBroker.class).connections()).isNotEmpty();
		}
	}

	@Test
	void theServiceDoesNotTrustABrokerOfAnotherAuthority(@TempDir Path other) throws Exception {
		DevelopmentCertificates.in(this.directory).forBroker(List.of());
		DevelopmentCertificates.in(other).forBroker(List.of());
		try (ConfigurableApplicationContext broker = startBroker();
				LocalService service = startService(broker, trust(other))) {
			HelloClient hello = new HelloClient(service.port());

			assertThat(hello.postText("/messages", "Hello World!").statusCode()).isEqualTo(503);
			hello.awaitNotReady();
		}
	}

	private ConfigurableApplicationContext startBroker(String... arguments) {
		return EmbeddedBrokerApplication.withoutHttp()
			.run(all(List.of("--warren.broker.store=memory", "--warren.broker.port=-1", "--warren.broker.ssl.port=0",
					"--warren.broker.ssl.bundle=broker", certificate("broker", "broker"), key("broker", "broker"),
					"--spring.ssl.bundle.pem.broker.truststore.certificate="
							+ this.directory.resolve("ca.pem").toUri()),
					arguments));
	}

	private static LocalService startService(ConfigurableApplicationContext broker, String... arguments) {
		return LocalService.start(HelloServiceApplication.application(),
				"127.0.0.1:" + broker.getBean(EmbeddedBroker.class).sslPort(),
				all(List.of("--spring.rabbitmq.ssl.bundle=service"), arguments));
	}

	private static String trust(Path directory) {
		return "--spring.ssl.bundle.pem.service.truststore.certificate=" + directory.resolve("ca.pem").toUri();
	}

	private String certificate(String bundle, String name) {
		return "--spring.ssl.bundle.pem." + bundle + ".keystore.certificate="
				+ this.directory.resolve(name + ".pem").toUri();
	}

	private String key(String bundle, String name) {
		return "--spring.ssl.bundle.pem." + bundle + ".keystore.private-key="
				+ this.directory.resolve(name + "-key.pem").toUri();
	}

	private static String[] all(List<String> some, String... more) {
		return Stream.concat(some.stream(), Stream.of(more)).toArray(String[]::new);
	}

}
