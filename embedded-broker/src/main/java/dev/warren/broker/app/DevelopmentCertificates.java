package dev.warren.broker.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.security.auth.x500.X500Principal;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.DefaultApplicationArguments;

/**
 * A certificate authority for development and tests, in a directory of PEM files:
 * {@code ca.pem}, {@code broker.pem} for the broker, one file for each user who logs in
 * with a certificate, and a {@code -key.pem} beside each, which only the owner can read.
 */
public final class DevelopmentCertificates {

	/** The first argument of the jar that asks for this. */
	static final String COMMAND = "certificates";

	private static final String DIRECTORY = "directory";

	private static final String HOST = "host";

	private static final Set<String> OPTIONS = Set.of(DIRECTORY, HOST);

	private static final String AUTHORITY = "ca";

	private static final String BROKER = "broker";

	private static final int DAYS_OF_AUTHORITY = 3650;

	/** As long as browsers accept. */
	private static final int DAYS = 397;

	private final Path directory;

	private DevelopmentCertificates(Path directory) {
		this.directory = directory;
	}

	/**
	 * The certificates in a directory, which is made if need be.
	 */
	public static DevelopmentCertificates in(Path directory) throws IOException {
		return new DevelopmentCertificates(Files.createDirectories(directory));
	}

	/**
	 * Makes what a command line asks for, and tells where it is.
	 * @param args {@code --directory=…}, {@code --host=…} as often as need be, and users
	 * @return the exit code
	 */
	static int make(List<String> args) {
		ApplicationArguments arguments = new DefaultApplicationArguments(args.toArray(String[]::new));
		try {
			if (!OPTIONS.containsAll(arguments.getOptionNames())) {
				throw new IllegalArgumentException("There are these options: --directory=…, --host=…");
			}
			DevelopmentCertificates certificates = in(
					Path.of(values(arguments, DIRECTORY).stream().findFirst().orElse(COMMAND)));
			certificates.forBroker(values(arguments, HOST));
			for (String user : arguments.getNonOptionArgs()) {
				certificates.forUser(user);
			}
			System.out.println("The certificates are in " + certificates.directory.toAbsolutePath().normalize() + ": "
					+ certificates.names());
			return 0;
		}
		catch (IOException | GeneralSecurityException | IllegalArgumentException ex) {
			System.err.println("There are no certificates: " + ex.getMessage());
			return 1;
		}
	}

	private static List<String> values(ApplicationArguments arguments, String option) {
		return Objects.requireNonNullElse(arguments.getOptionValues(option), List.of());
	}

	private String names() throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.map((file) -> file.getFileName().toString()).sorted().collect(Collectors.joining(", "));
		}
	}

	/**
	 * Makes a new certificate for the broker.
	 * @param hosts names and addresses of its machine, besides {@code localhost}
	 */
	public void forBroker(Collection<String> hosts) throws IOException, GeneralSecurityException {
		hosts.forEach(DevelopmentCertificates::check);
		List<String> names = new ArrayList<>(List.of("localhost", "127.0.0.1", "::1"));
		names.addAll(hosts);
		KeyPair keys = keys();
		issue(BROKER, keys, CertificateBuilder.ofSide(true, "localhost", keys.getPublic()).hosts(names));
	}

	/**
	 * Makes a new certificate for a user, whose name is its common name.
	 */
	public void forUser(String name) throws IOException, GeneralSecurityException {
		check(name);
		if (name.equals(AUTHORITY) || name.equals(BROKER)) {
			throw new IllegalArgumentException("'" + name + "' is the name of another certificate");
		}
		KeyPair keys = keys();
		issue(name, keys, CertificateBuilder.ofSide(false, name, keys.getPublic()));
	}

	/**
	 * Names become names of files, and parts of a distinguished name.
	 */
	private static void check(String name) {
		if (!name.matches("[A-Za-z0-9][A-Za-z0-9._:@-]*")) {
			throw new IllegalArgumentException(
					"'" + name + "' is not a name of letters, digits and the characters . _ : @ -");
		}
	}

	private static KeyPair keys() throws GeneralSecurityException {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
		generator.initialize(new ECGenParameterSpec("secp256r1"));
		return generator.generateKeyPair();
	}

	private void issue(String name, KeyPair keys, CertificateBuilder builder)
			throws IOException, GeneralSecurityException {
		if (!Files.exists(file(AUTHORITY))) {
			KeyPair itsKeys = keys();
			String itsName = "Warren development CA";
			write(AUTHORITY, itsKeys.getPrivate(),
					CertificateBuilder.ofAuthority(itsName, itsKeys.getPublic())
						.sign(new X500Principal("CN=" + itsName), itsKeys.getPublic(), itsKeys.getPrivate(),
								DAYS_OF_AUTHORITY));
		}
		X509Certificate authority = certificate(file(AUTHORITY));
		write(name, keys.getPrivate(), builder.sign(authority.getSubjectX500Principal(), authority.getPublicKey(),
				key(keyFile(AUTHORITY)), DAYS));
	}

	private Path file(String name) {
		return this.directory.resolve(name + ".pem");
	}

	private Path keyFile(String name) {
		return this.directory.resolve(name + "-key.pem");
	}

	/**
	 * The key first: who waits for a changed certificate finds both.
	 */
	private void write(String name, PrivateKey key, X509Certificate certificate)
			throws IOException, GeneralSecurityException {
		write(keyFile(name), pem("PRIVATE KEY", key.getEncoded()), "rw-------");
		write(file(name), pem("CERTIFICATE", certificate.getEncoded()), "rw-r--r--");
	}

	private void write(Path file, String pem, String permissions) throws IOException {
		// Only the owner can read it, until told otherwise.
		Path complete = Files.createTempFile(this.directory, ".", ".tmp");
		Files.writeString(complete, pem);
		if (Files.getFileStore(complete).supportsFileAttributeView("posix")) {
			Files.setPosixFilePermissions(complete, PosixFilePermissions.fromString(permissions));
		}
		Files.move(complete, file, StandardCopyOption.REPLACE_EXISTING);
	}

	private static String pem(String type, byte[] content) {
		return "-----BEGIN " + type + "-----\n"
				+ Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content)
				+ "\n-----END " + type + "-----\n";
	}

	private static X509Certificate certificate(Path file) throws IOException, GeneralSecurityException {
		try (InputStream pem = Files.newInputStream(file)) {
			return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
		}
	}

	private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
		String base64 = Files.readString(file).replaceAll("-----[A-Z ]+-----", "");
		return KeyFactory.getInstance("EC")
			.generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
	}

}
