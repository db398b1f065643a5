package dev.warren.broker.management;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

import dev.warren.broker.rabbitmq.definitions.OwnersOnly;
import dev.warren.broker.rabbitmq.definitions.User;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * A token by which the owner of the data directory may use the management API, as the
 * administrator that the owner is anyway: {@code warrenctl} finds it there, in a file
 * that nobody else may read. Each start has another one.
 */
final class OwnersToken implements ApplicationListener<ApplicationReadyEvent>, DisposableBean {

	/** In the data directory: a line with the API's URL, and a line with the token. */
	static final String FILE = "warrenctl.access";

	/** Who the owner is to the API; not one of the broker's users. */
	static final User USER = new User("warrenctl", null, List.of(User.ADMINISTRATOR));

	private static final Logger logger = LoggerFactory.getLogger(OwnersToken.class);

	private static final int BYTES = 32;

	private final @Nullable Path file;

	private final Listeners listeners;

	private final String token;

	/**
	 * @param dataDir where its file is to be, or null for nowhere
	 */
	OwnersToken(@Nullable Path dataDir, Listeners listeners) {
		this.file = (dataDir != null) ? dataDir.resolve(FILE) : null;
		this.listeners = listeners;
		byte[] random = new byte[BYTES];
		new SecureRandom().nextBytes(random);
		this.token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
	}

	/**
	 * Whether a header {@code Authorization} has it.
	 */
	boolean isIn(String authorization) {
		return this.file != null && MessageDigest.isEqual(authorization.getBytes(StandardCharsets.UTF_8),
				("Bearer " + this.token).getBytes(StandardCharsets.UTF_8));
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		if (this.file != null) {
			String access = this.listeners.url() + '\n' + this.token + '\n';
			try {
				Files.deleteIfExists(this.file);
				OwnersOnly.create(this.file);
				Files.writeString(this.file, access);
			}
			catch (IOException ex) {
				logger.warn("warrenctl needs a password: {} cannot be written: {}", this.file, ex.toString());
			}
		}
	}

	@Override
	public void destroy() {
		if (this.file != null) {
			try {
				Files.deleteIfExists(this.file);
			}
			catch (IOException ex) {
				logger.warn("{} cannot be deleted: {}", this.file, ex.toString());
			}
		}
	}

	@Override
	public String toString() {
		return "Token in " + this.file;
	}

}
