package dev.warren.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

import javax.net.ssl.SSLContext;

import dev.warren.broker.app.DevelopmentCertificates;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/**
 * A private CA with certificates for the broker and for the user {@code anna}, made once
 * in a JVM; and another that nobody trusts.
 */
public final class TestCertificates {

	private static final Path OURS = make("anna");

	private static final Path STRANGERS = make("anna");

	private TestCertificates() {
	}

	private static Path make(String user) {
		try {
			Path directory = Files.createTempDirectory("test-certificates");
			DevelopmentCertificates certificates = DevelopmentCertificates.in(directory);
			certificates.forBroker(List.of());
			certificates.forUser(user);
			return directory;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	public static Path ours() {
		return OURS;
	}

	public static Path strangers() {
		return STRANGERS;
	}

	/**
	 * The context of somebody with the key {@code name}, null for none, who trusts the CA
	 * in a directory.
	 */
	public static SSLContext context(Path directory, @Nullable String name) {
		PemSslStoreDetails keys = (name != null)
				? PemSslStoreDetails.forCertificate(directory.resolve(name + ".pem").toUri().toString())
					.withPrivateKey(directory.resolve(name + "-key.pem").toUri().toString())
				: null;
		PemSslStoreDetails trusted = PemSslStoreDetails.forCertificate(directory.resolve("ca.pem").toUri().toString());
		return SslBundle.of(new PemSslStoreBundle(keys, trusted)).createSslContext();
	}

}
