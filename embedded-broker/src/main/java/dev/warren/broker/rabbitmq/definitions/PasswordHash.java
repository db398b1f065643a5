package dev.warren.broker.rabbitmq.definitions;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Stream;

/**
 * What is kept of a password: a random salt of four bytes and the hash of both, in
 * Base64.
 *
 * @see <a href= "https://www.rabbitmq.com/docs/passwords#computing-password-hash">How
 * RabbitMQ computes a password hash</a>
 */
public record PasswordHash(Algorithm algorithm, String text) {

	private static final int SALT_BYTES = 4;

	private static final SecureRandom RANDOM = new SecureRandom();

	/** Of no password: who does not exist takes as long to refuse as who does. */
	private static final PasswordHash NOBODY = of("");

	/**
	 * One that is too short or too long for its algorithm is as good as any: no password
	 * has it, and RabbitMQ takes it.
	 * @throws IllegalArgumentException if the text is no salted hash
	 */
	public PasswordHash {
		if (decoded(text).length < SALT_BYTES) {
			throw new IllegalArgumentException("Not a salted %s hash in Base64".formatted(algorithm.digest));
		}
	}

	/**
	 * A new hash of a password.
	 */
	public static PasswordHash of(String password) {
		byte[] salt = new byte[SALT_BYTES];
		RANDOM.nextBytes(salt);
		return new PasswordHash(Algorithm.SHA_256,
				Base64.getEncoder().encodeToString(salted(Algorithm.SHA_256, salt, password)));
	}

	private static byte[] salted(Algorithm algorithm, byte[] salt, String password) {
		MessageDigest digest = algorithm.messageDigest();
		digest.update(salt);
		byte[] hash = digest.digest(password.getBytes(StandardCharsets.UTF_8));
		byte[] salted = Arrays.copyOf(salt, salt.length + hash.length);
		System.arraycopy(hash, 0, salted, salt.length, hash.length);
		return salted;
	}

	private static byte[] decoded(String text) {
		return Base64.getDecoder().decode(text);
	}

	/**
	 * Whether this is what is kept of a password.
	 */
	public boolean matches(String password) {
		byte[] own = decoded(this.text);
		return MessageDigest.isEqual(own, salted(this.algorithm, Arrays.copyOf(own, SALT_BYTES), password));
	}

	/**
	 * Takes the time that {@link #matches} takes.
	 */
	static void matchNobody(String password) {
		NOBODY.matches(password);
	}

	@Override
	public String toString() {
		return this.algorithm.id();
	}

	/**
	 * The algorithms RabbitMQ has.
	 */
	public enum Algorithm {

		/** The default since RabbitMQ 3.6. */
		SHA_256("rabbit_password_hashing_sha256", "SHA-256"),

		/** The alternative. */
		SHA_512("rabbit_password_hashing_sha512", "SHA-512"),

		/** Of exports from before RabbitMQ 3.6. */
		MD5("rabbit_password_hashing_md5", "MD5");

		private final String id;

		private final String digest;

		Algorithm(String id, String digest) {
			this.id = id;
			this.digest = digest;
		}

		/**
		 * What definitions call it.
		 */
		public String id() {
			return this.id;
		}

		/**
		 * @throws IllegalArgumentException if there is none of that id
		 */
		public static Algorithm of(String id) {
			return Stream.of(values())
				.filter((one) -> one.id.equals(id))
				.findFirst()
				.orElseThrow(() -> new IllegalArgumentException("There is no hashing algorithm '" + id + "'"));
		}

		private MessageDigest messageDigest() {
			try {
				return MessageDigest.getInstance(this.digest);
			}
			catch (NoSuchAlgorithmException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
