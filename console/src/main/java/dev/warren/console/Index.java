package dev.warren.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.core.io.Resource;
import org.springframework.util.Assert;

/**
 * The file {@code index.html}, which every page of the console is, and the hash by which
 * the browser may use its import map, the one script in it that is not a file.
 */
class Index {

	private static final Pattern IMPORT_MAP = Pattern.compile("<script type=\"importmap\">(.*?)</script>",
			Pattern.DOTALL);

	private final Resource file;

	private final boolean changing;

	private volatile Content content;

	/**
	 * Reads the file.
	 * @param file where it is
	 * @param changing whether to read it each time
	 */
	Index(Resource file, boolean changing) {
		this.file = file;
		this.changing = changing;
		this.content = read();
	}

	Content content() {
		if (this.changing) {
			this.content = read();
		}
		return this.content;
	}

	private Content read() {
		try {
			String html = this.file.getContentAsString(StandardCharsets.UTF_8);
			Matcher importMap = IMPORT_MAP.matcher(html);
			Assert.state(importMap.find(), "index.html must have an import map");
			return new Content(html, "sha256-" + sha256(importMap.group(1)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String sha256(String text) {
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
			return Base64.getEncoder().encodeToString(hash);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * What the file has in it.
	 *
	 * @param html all of it
	 * @param importMapHash the hash of its import map, as a Content-Security-Policy has
	 * it
	 */
	record Content(String html, String importMapHash) {

	}

}
