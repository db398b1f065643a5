package dev.warren.broker.autoconfigure;

import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.List;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.TestCertificates;
import dev.warren.broker.app.DevelopmentCertificates;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * AMQP over TLS with Spring Boot's SSL bundles.
 */
class BrokerSslBundleTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EmbeddedBrokerAutoConfiguration.class, SslAutoConfiguration.class,
				RabbitAutoConfiguration.class))
		.withPropertyValues("warren.broker.ssl.bundle=broker");

	@Test
	void anApplicationTalksToABrokerThatListensWithTlsOnly() {
		this.runner.withPropertyValues(bundle("broker", TestCertificates.ours(), "broker"))
			.withPropertyValues("warren.broker.port=-1", "spring.rabbitmq.ssl.bundle=client",
					"spring.ssl.bundle.pem.client.truststore.certificate="
							+ TestCertificates.ours().resolve("ca.pem").toUri())
			.run((context) -> {
				RabbitTemplate template = context.getBean(RabbitTemplate.class);
				template.execute((channel) -> channel.queueDeclare("hello", false, false, false, null));

				template.convertAndSend("hello", "Hello World!");

				assertThat(template.receiveAndConvert("hello", 10_000)).isEqualTo("Hello World!");
				assertThat(context.getBean(EmbeddedBroker.class).port()).isEqualTo(-1);
			});
	}

	@Test
	void anApplicationTalksToItsBrokerWithoutTlsWhereItCan() {
		this.runner.withPropertyValues(bundle("broker", TestCertificates.ours(), "broker")).run((context) -> {
			RabbitTemplate template = context.getBean(RabbitTemplate.class);

			assertThat(template.<Boolean>execute((channel) -> channel.isOpen())).isTrue();
			assertThat(template.getConnectionFactory().getPort())
				.isEqualTo(context.getBean(EmbeddedBroker.class).port());
		});
	}

	@Test
	void aChangedFileIsTakenForNewConnections(@TempDir Path directory) throws Exception {
		DevelopmentCertificates certificates = DevelopmentCertificates.in(directory);
		certificates.forBroker(List.of());
		this.runner.withPropertyValues(bundle("broker", directory, "broker"))
			.withPropertyValues("spring.ssl.bundle.pem.broker.reload-on-update=true",
					"spring.ssl.bundle.watch.file.quiet-period=100ms")
			.run((context) -> {
				EmbeddedBroker broker = context.getBean(EmbeddedBroker.class);
				Certificate before = certificate(broker, directory);

				certificates.forBroker(List.of());

				Awaitility.await().ignoreExceptions().until(() -> !certificate(broker, directory).equals(before));
			});
	}

	@Test
	void theBundleSaysWhichProtocolsThereAre() {
		this.runner.withPropertyValues(bundle("broker", TestCertificates.ours(), "broker"))
			.withPropertyValues("spring.ssl.bundle.pem.broker.options.enabled-protocols=TLSv1.2")
			.run((context) -> {
				EmbeddedBroker broker = context.getBean(EmbeddedBroker.class);
				try (SSLSocket socket = socket(broker, TestCertificates.ours())) {
					assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
				}
			});
	}

	@Test
	void aBundleThatIsNotThereIsNamed() {
		assertRefused("there is no such SSL bundle: add it as 'spring.ssl.bundle.pem.broker'");
	}

	@Test
	void aFileOfTheBundleThatIsNotThereIsNamed(@TempDir Path directory) {
		assertRefused(directory.resolve("broker.pem").toString(), bundle("broker", directory, "broker"));
	}

	@Test
	void certificatesOfClientsNeedSomebodyWhomTheBrokerTrusts() {
		String[] bundle = bundle("broker", TestCertificates.ours(), "broker");

		assertRefused("it does not say whose client certificates it trusts", bundle[0], bundle[1],
				"warren.broker.ssl.client-auth=want");
	}

	@Test
	void clientsAreAskedForACertificateIfSoConfigured() {
		this.runner.withPropertyValues(bundle("broker", TestCertificates.ours(), "broker"))
			.withPropertyValues("warren.broker.ssl.client-auth=need", "warren.broker.port=-1",
					"spring.rabbitmq.ssl.bundle=client")
			.withPropertyValues(bundle("client", TestCertificates.ours(), "anna"))
			.run((context) -> assertThat(
					context.getBean(RabbitTemplate.class).<Boolean>execute((channel) -> channel.isOpen()))
				.isTrue());
	}

	private void assertRefused(String reason, String... properties) {
		this.runner.withPropertyValues(properties)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (refusal) -> {
					assertThat(refusal.getName()).isEqualTo("warren.broker.ssl.bundle");
					assertThat(refusal.getReason()).contains(reason);
				}));
	}

	private static String[] bundle(String name, Path directory, String key) {
		String prefix = "spring.ssl.bundle.pem." + name;
		return new String[] { prefix + ".keystore.certificate=" + directory.resolve(key + ".pem").toUri(),
				prefix + ".keystore.private-key=" + directory.resolve(key + "-key.pem").toUri(),
				prefix + ".truststore.certificate=" + directory.resolve("ca.pem").toUri() };
	}

	private static Certificate certificate(EmbeddedBroker broker, Path directory) throws Exception {
		try (SSLSocket socket = socket(broker, directory)) {
			return socket.getSession().getPeerCertificates()[0];
		}
	}

	private static SSLSocket socket(EmbeddedBroker broker, Path directory) throws Exception {
		SSLSocket socket = (SSLSocket) TestCertificates.context(directory, null)
			.getSocketFactory()
			.createSocket(broker.host(), broker.sslPort());
		SSLParameters parameters = socket.getSSLParameters();
		parameters.setEndpointIdentificationAlgorithm("HTTPS");
		socket.setSSLParameters(parameters);
		return socket;
	}

}
