package dev.warren.broker.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class DevelopmentCertificatesTests {

	@TempDir
	Path directory;

	@Test
	void theCommandMakesAnAuthorityTheBrokersCertificateAndTheUsers(CapturedOutput output) throws Exception {
		assertThat(make("--host=broker.example", "--host=192.0.2.1", "anna")).isZero();

		X509Certificate authority = certificate("ca");
		X509Certificate broker = certificate("broker");
		X509Certificate anna = certificate("anna");
		broker.verify(authority.getPublicKey());
		anna.verify(authority.getPublicKey());
		assertThat(broker.getSubjectAlternativeNames().stream().map((name) -> name.get(1).toString()))
			.containsExactlyInAnyOrder("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "broker.example", "192.0.2.1");
		assertThat(anna.getSubjectX500Principal().getName()).isEqualTo("CN=anna");
		assertThat(output).contains("The certificates are in " + this.directory + ": anna-key.pem, anna.pem, "
				+ "broker-key.pem, broker.pem, ca-key.pem, ca.pem");
	}

	@Test
	void theyAreAsStrictAsClientsAre() throws Exception {
		make("anna");

		X509Certificate authority = certificate("ca");
		X509Certificate broker = certificate("broker");
		assertThat(authority.getBasicConstraints()).isZero();
		assertThat(authority.getCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.15", "2.5.29.19");
		assertThat(broker.getBasicConstraints()).isEqualTo(-1);
		assertThat(broker.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
		assertThat(certificate("anna").getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
		// Which authority is named by its key, as OpenSSL wants it in strict mode.
		assertThat(broker.getExtensionValue("2.5.29.35"))
			.endsWith(Arrays.copyOfRange(authority.getExtensionValue("2.5.29.14"), 4, 24));
	}

	@Test
	void onlyTheOwnerCanReadTheKeys() throws IOException {
		make();

		assertThat(Files.getPosixFilePermissions(this.directory.resolve("broker-key.pem")))
			.containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
		assertThat(Files.getPosixFilePermissions(this.directory.resolve("broker.pem")))
			.contains(PosixFilePermission.OTHERS_READ);
	}

	@Test
	void aSecondRunKeepsTheAuthorityAndRenewsTheRest() throws Exception {
		make();
		X509Certificate authority = certificate("ca");
		X509Certificate broker = certificate("broker");

		make();

		assertThat(certificate("ca")).isEqualTo(authority);
		assertThat(certificate("broker")).isNotEqualTo(broker);
		certificate("broker").verify(authority.getPublicKey());
	}

	@ParameterizedTest
	@ValueSource(strings = { "ca", "broker", "../anna", "anna,O=Example", "", "--hots=example" })
	void whatItCannotMakeIsTold(String argument, CapturedOutput output) {
		assertThat(make(argument)).isEqualTo(1);

		assertThat(output.getErr()).startsWith("There are no certificates: ").doesNotContain("Exception");
		assertThat(this.directory.resolveSibling("anna.pem")).doesNotExist();
	}

	private int make(String... arguments) {
		return DevelopmentCertificates
			.make(Stream.concat(Stream.of("--directory=" + this.directory), List.of(arguments).stream()).toList());
	}

	private X509Certificate certificate(String name) throws Exception {
		try (InputStream pem = Files.newInputStream(this.directory.resolve(name + ".pem"))) {
			return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
		}
	}

}
