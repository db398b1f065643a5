package dev.warren.broker.app;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import javax.security.auth.x500.X500Principal;

/**
 * Makes X.509 certificates (RFC 5280) for keys on elliptic curves. The JDK can read them,
 * and make them with its keytool only, a process for each.
 */
final class CertificateBuilder {

	private static final int BOOLEAN = 0x01;

	private static final int INTEGER = 0x02;

	private static final int BIT_STRING = 0x03;

	private static final int OCTET_STRING = 0x04;

	private static final int OBJECT_IDENTIFIER = 0x06;

	private static final int UTC_TIME = 0x17;

	private static final int GENERALIZED_TIME = 0x18;

	private static final int SEQUENCE = 0x30;

	private static final byte[] TRUE = der(BOOLEAN, new byte[] { (byte) 0xff });

	private static final byte[] ECDSA_WITH_SHA256 = der(SEQUENCE, oid("1.2.840.10045.4.3.2"));

	private final X500Principal subject;

	private final PublicKey key;

	private final List<byte[]> extensions = new ArrayList<>();

	private CertificateBuilder(X500Principal subject, PublicKey key) throws GeneralSecurityException {
		this.subject = subject;
		this.key = key;
		extension("2.5.29.14", false, der(OCTET_STRING, keyIdentifier(key)));
	}

	/**
	 * For an authority, which signs others' certificates and no other authority's.
	 */
	static CertificateBuilder ofAuthority(String commonName, PublicKey key) throws GeneralSecurityException {
		CertificateBuilder builder = new CertificateBuilder(new X500Principal("CN=" + commonName), key);
		builder.extension("2.5.29.19", true, der(SEQUENCE, TRUE, der(INTEGER, new byte[] { 0 })));
		builder.extension("2.5.29.15", true, der(BIT_STRING, new byte[] { 1, 0b0000_0110 }));
		return builder;
	}

	/**
	 * For one side of TLS.
	 */
	static CertificateBuilder ofSide(boolean server, String commonName, PublicKey key) throws GeneralSecurityException {
		CertificateBuilder builder = new CertificateBuilder(new X500Principal("CN=" + commonName), key);
		builder.extension("2.5.29.15", true, der(BIT_STRING, new byte[] { 7, (byte) 0b1000_0000 }));
		builder.extension("2.5.29.37", false, der(SEQUENCE, oid("1.3.6.1.5.5.7.3." + (server ? 1 : 2))));
		return builder;
	}

	/**
	 * Adds names and IP addresses of a server.
	 */
	CertificateBuilder hosts(List<String> hosts) throws UnknownHostException {
		List<byte[]> names = new ArrayList<>();
		for (String host : hosts) {
			names.add(host.matches("[0-9.]+|.*:.*") ? der(0x87, InetAddress.getByName(host).getAddress())
					: der(0x82, host.getBytes(StandardCharsets.US_ASCII)));
		}
		extension("2.5.29.17", false, der(SEQUENCE, names.toArray(byte[][]::new)));
		return this;
	}

	private void extension(String identifier, boolean critical, byte[] value) {
		this.extensions.add(der(SEQUENCE, oid(identifier), critical ? TRUE : new byte[0], der(OCTET_STRING, value)));
	}

	/**
	 * Signs with the key of an authority, or of itself.
	 */
	X509Certificate sign(X500Principal authority, PublicKey itsKey, PrivateKey signingKey, int days)
			throws GeneralSecurityException {
		extension("2.5.29.35", false, der(SEQUENCE, der(0x80, keyIdentifier(itsKey))));
		// Clocks differ.
		Instant from = Instant.now().minus(Duration.ofHours(1));
		byte[] content = der(SEQUENCE, der(0xa0, der(INTEGER, new byte[] { 2 })),
				der(INTEGER, new BigInteger(126, new SecureRandom()).setBit(126).toByteArray()), ECDSA_WITH_SHA256,
				authority.getEncoded(), der(SEQUENCE, time(from), time(from.plus(Duration.ofDays(days)))),
				this.subject.getEncoded(), this.key.getEncoded(),
				der(0xa3, der(SEQUENCE, this.extensions.toArray(byte[][]::new))));
		Signature signature = Signature.getInstance("SHA256withECDSA");
		signature.initSign(signingKey);
		signature.update(content);
		byte[] certificate = der(SEQUENCE, content, ECDSA_WITH_SHA256,
				der(BIT_STRING, new byte[] { 0 }, signature.sign()));
		return (X509Certificate) CertificateFactory.getInstance("X.509")
			.generateCertificate(new ByteArrayInputStream(certificate));
	}

	/**
	 * The SHA-1 of the key's bits, as RFC 5280, section 4.2.1.2 has it.
	 */
	private static byte[] keyIdentifier(PublicKey key) throws GeneralSecurityException {
		byte[] encoded = key.getEncoded();
		// An uncompressed point of secp256r1 comes last: 4, x and y.
		byte[] point = Arrays.copyOfRange(encoded, encoded.length - 65, encoded.length);
		return MessageDigest.getInstance("SHA-1").digest(point);
	}

	private static byte[] time(Instant time) {
		int year = time.atOffset(ZoneOffset.UTC).getYear();
		String pattern = (year < 2050) ? "yyMMddHHmmss'Z'" : "yyyyMMddHHmmss'Z'";
		String text = DateTimeFormatter.ofPattern(pattern).withZone(ZoneOffset.UTC).format(time);
		return der((year < 2050) ? UTC_TIME : GENERALIZED_TIME, text.getBytes(StandardCharsets.US_ASCII));
	}

	private static byte[] oid(String identifier) {
		int[] numbers = Arrays.stream(identifier.split("\\.")).mapToInt(Integer::parseInt).toArray();
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.write(40 * numbers[0] + numbers[1]);
		for (int i = 2; i < numbers.length; i++) {
			for (int shift = 28; shift > 0; shift -= 7) {
				if (numbers[i] >>> shift != 0) {
					bytes.write(0x80 | numbers[i] >>> shift);
				}
			}
			bytes.write(numbers[i] & 0x7f);
		}
		return der(OBJECT_IDENTIFIER, bytes.toByteArray());
	}

	private static byte[] der(int tag, byte[]... parts) {
		int length = Arrays.stream(parts).mapToInt((part) -> part.length).sum();
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.write(tag);
		if (length >= 0x100) {
			bytes.write(0x82);
			bytes.write(length >>> 8);
		}
		else if (length >= 0x80) {
			bytes.write(0x81);
		}
		bytes.write(length);
		for (byte[] part : parts) {
			bytes.writeBytes(part);
		}
		return bytes.toByteArray();
	}

}
