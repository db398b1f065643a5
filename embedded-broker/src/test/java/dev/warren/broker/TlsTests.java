package dev.warren.broker;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultSaslConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * AMQP over TLS, of a broker in this JVM.
 */
@ExtendWith(OutputCaptureExtension.class)
class TlsTests {

	@Test
	void aMessageComesBackOverTls() throws Exception {
		try (EmbeddedBroker broker = start(); Connection connection = connect(broker)) {
			Channel channel = connection.createChannel();
			channel.queueDeclare("hello", false, false, false, null);
			byte[] body = new byte[1_000_000];
			body[999_999] = 42;

			channel.basicPublish("", "hello", null, body);

			assertThat(channel.basicGet("hello", true).getBody()).isEqualTo(body);
			assertThat(broker.sslPort()).isPositive().isNotEqualTo(broker.port());
			assertThat(broker.uri()).startsWith("amqp://");
		}
	}

	@Test
	void aClientThatTrustsAnotherAuthorityDoesNotConnect() {
		try (EmbeddedBroker broker = start()) {
			ConnectionFactory factory = factory(broker);
			factory.useSslProtocol(TestCertificates.context(TestCertificates.strangers(), null));

			assertThatExceptionOfType(SSLException.class).isThrownBy(factory::newConnection);
		}
	}

	@Test
	void aClientWithoutTlsDoesNotConnectToThePortForTls() {
		try (EmbeddedBroker broker = start()) {
			ConnectionFactory factory = new ConnectionFactory();
			factory.setHost(broker.host());
			factory.setPort(broker.sslPort());

			assertThatIOException().isThrownBy(factory::newConnection);
		}
	}

	@Test
	void aClientMaySendByteByByte() throws Exception {
		try (EmbeddedBroker broker = start(); SSLSocket socket = socket(broker)) {
			for (byte one : new byte[] { 'A', 'M', 'Q', 'P', 0, 0, 9, 1 }) {
				socket.getOutputStream().write(one);
				socket.getOutputStream().flush();
			}

			// A method frame of channel 0: connection.start.
			byte[] frame = socket.getInputStream().readNBytes(11);
			assertThat(frame).startsWith(1, 0, 0).endsWith(0, 10, 0, 10);
		}
	}

	@Test
	void anotherProtocolIsAnsweredWithOurs() throws Exception {
		try (EmbeddedBroker broker = start(); SSLSocket socket = socket(broker)) {
			socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

			assertThat(socket.getInputStream().readAllBytes()).containsExactly('A', 'M', 'Q', 'P', 0, 0, 9, 1);
		}
	}

	@Test
	void whatIsNotTlsIsToldInTheLog(CapturedOutput output) throws Exception {
		try (EmbeddedBroker broker = start(); Socket socket = new Socket(broker.host(), broker.sslPort())) {
			socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			socket.getInputStream().readAllBytes();

			assertThat(output.getOut().lines()).filteredOn((line) -> line.contains("TLS error"))
				.singleElement()
				.asString()
				.contains("closing AMQP connection (127.0.0.1:");
		}
	}

	@Test
	void aBrokerMayListenWithTlsOnly() throws Exception {
		try (EmbeddedBroker broker = withTls().port(-1).start(); Connection connection = connect(broker)) {
			assertThat(connection.isOpen()).isTrue();
			assertThat(broker.isRunning()).isTrue();
			assertThat(broker.port()).isEqualTo(-1);
			assertThat(broker.uri()).isEqualTo("amqps://guest:guest@127.0.0.1:" + broker.sslPort());
		}
	}

	@Test
	void aClientMayLogInByItsCertificate() throws Exception {
		SSLParameters parameters = new SSLParameters();
		parameters.setWantClientAuth(true);
		try (EmbeddedBroker broker = withTls().sslParameters(parameters).user("anna", "not sent").start()) {
			ConnectionFactory factory = factory(broker);
			factory.setSaslConfig(DefaultSaslConfig.EXTERNAL);
			factory.useSslProtocol(TestCertificates.context(TestCertificates.ours(), "anna"));
			try (Connection connection = factory.newConnection()) {
				assertThat(connection.isOpen()).isTrue();
				assertThat(broker.connections()).singleElement().extracting(BrokerConnection::user).isEqualTo("anna");
			}

			factory.useSslProtocol(TestCertificates.context(TestCertificates.ours(), null));
			assertThatExceptionOfType(AuthenticationFailureException.class).isThrownBy(factory::newConnection);

			factory.setSaslConfig(DefaultSaslConfig.PLAIN);
			factory.setUsername("anna");
			factory.setPassword("not sent");
			factory.newConnection().close();
		}
	}

	@Test
	void aCertificateOfSomebodyWhoIsNoUserIsRefused() throws Exception {
		SSLParameters parameters = new SSLParameters();
		parameters.setNeedClientAuth(true);
		try (EmbeddedBroker broker = withTls().sslParameters(parameters).start()) {
			ConnectionFactory factory = factory(broker);
			factory.setSaslConfig(DefaultSaslConfig.EXTERNAL);
			factory.useSslProtocol(TestCertificates.context(TestCertificates.ours(), "anna"));

			assertThatExceptionOfType(AuthenticationFailureException.class).isThrownBy(factory::newConnection);
		}
	}

	@Test
	void whereNoCertificatesAreAskedForNobodyLogsInByOne() throws Exception {
		try (EmbeddedBroker broker = withTls().user("anna", "secret").start()) {
			ConnectionFactory factory = factory(broker);
			factory.setSaslConfig(DefaultSaslConfig.EXTERNAL);
			factory.useSslProtocol(TestCertificates.context(TestCertificates.ours(), "anna"));

			assertThatIOException().isThrownBy(factory::newConnection)
				.withMessageContaining("No compatible authentication mechanism found");
		}
	}

	@Test
	void withoutTlsThereIsNoPortForIt() {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().start()) {
			assertThat(broker.sslPort()).isEqualTo(-1);
			assertThatIllegalStateException().isThrownBy(
					() -> broker.replaceSslContext(TestCertificates.context(TestCertificates.ours(), "broker")));
		}
	}

	@Test
	void aReplacedCertificateIsForNewConnections() throws Exception {
		try (EmbeddedBroker broker = start(); Connection old = connect(broker)) {
			X509Certificate before = certificate(broker);

			broker.replaceSslContext(TestCertificates.context(TestCertificates.strangers(), "broker"));

			assertThat(certificate(broker)).isNotEqualTo(before);
			assertThat(old.createChannel().isOpen()).isTrue();
			assertThatExceptionOfType(SSLException.class).isThrownBy(() -> connect(broker));
		}
	}

	@Test
	void theParametersSayWhichProtocolsThereAre() throws Exception {
		SSLParameters parameters = new SSLParameters();
		parameters.setProtocols(new String[] { "TLSv1.2" });
		try (EmbeddedBroker broker = withTls().sslParameters(parameters).start(); SSLSocket socket = socket(broker)) {
			assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
		}
	}

	@Test
	void aClientThatNeedsACertificateDoesNotConnectWithoutOne() throws Exception {
		SSLParameters parameters = new SSLParameters();
		parameters.setNeedClientAuth(true);
		try (EmbeddedBroker broker = withTls().sslParameters(parameters).start()) {
			ConnectionFactory factory = factory(broker);
			factory.useSslProtocol(TestCertificates.context(TestCertificates.ours(), null));
			assertThatIOException().isThrownBy(factory::newConnection);

			factory.useSslProtocol(TestCertificates.context(TestCertificates.ours(), "anna"));
			try (Connection connection = factory.newConnection()) {
				assertThat(connection.isOpen()).isTrue();
			}
		}
	}

	private static EmbeddedBroker.Builder withTls() {
		return EmbeddedBroker.builder().sslContext(TestCertificates.context(TestCertificates.ours(), "broker"));
	}

	private static EmbeddedBroker start() {
		return withTls().start();
	}

	private static Connection connect(EmbeddedBroker broker) throws Exception {
		ConnectionFactory factory = factory(broker);
		factory.useSslProtocol(TestCertificates.context(TestCertificates.ours(), null));
		factory.enableHostnameVerification();
		return factory.newConnection();
	}

	private static ConnectionFactory factory(EmbeddedBroker broker) {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setHost(broker.host());
		factory.setPort(broker.sslPort());
		return factory;
	}

	private static X509Certificate certificate(EmbeddedBroker broker) throws IOException {
		for (var directory : List.of(TestCertificates.ours(), TestCertificates.strangers())) {
			try (SSLSocket socket = (SSLSocket) TestCertificates.context(directory, null)
				.getSocketFactory()
				.createSocket(broker.host(), broker.sslPort())) {
				return (X509Certificate) socket.getSession().getPeerCertificates()[0];
			}
			catch (SSLException ex) {
				// Not of this authority.
			}
		}
		throw new IOException("No certificate that is trusted");
	}

	private static SSLSocket socket(EmbeddedBroker broker) throws IOException {
		Socket socket = TestCertificates.context(TestCertificates.ours(), null)
			.getSocketFactory()
			.createSocket(broker.host(), broker.sslPort());
		return (SSLSocket) socket;
	}

}
