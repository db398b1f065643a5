package dev.warren.broker.ctl;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Where the management API of a broker is, and how to get in.
 *
 * @param url its URL, without a path
 * @param authorization the header {@code Authorization}
 * @param credentials what that is, without saying what is secret
 */
record BrokerAddress(String url, String authorization, String credentials) {

	/**
	 * The file in a broker's data directory by which whoever may read it is let in: a
	 * line with the URL of the management API, and a line with a token that is valid
	 * until the broker stops.
	 */
	static final String ACCESS_FILE = "warrenctl.access";

	private static final String DEFAULT_URL = "http://127.0.0.1:15672";

	/**
	 * Finds the broker: by the option {@code --url}, which may have a user and a
	 * password; else by the file in the data directory, which is {@code --data-dir},
	 * {@code WARREN_BROKER_DATA_DIR} or {@code ./data}; else where a broker without a
	 * data directory is, as its first user.
	 */
	static BrokerAddress find(CommandLine line, Map<String, String> environment) {
		String url = line.options().get("url");
		if (url != null) {
			return at(url);
		}
		String given = line.options().getOrDefault("data-dir", environment.get("WARREN_BROKER_DATA_DIR"));
		Path file = Path.of((given != null) ? given : "data").resolve(ACCESS_FILE);
		try {
			List<String> lines = Files.readAllLines(file);
			return new BrokerAddress(lines.get(0), "Bearer " + lines.get(1), "the token in " + file);
		}
		catch (NoSuchFileException ex) {
			if (line.has("data-dir")) {
				throw new CommandFailure(CommandFailure.UNAVAILABLE,
						"Error: no broker runs in the data directory '%s': it has no file '%s'.".formatted(given,
								ACCESS_FILE));
			}
			return at(DEFAULT_URL);
		}
		catch (AccessDeniedException ex) {
			throw new CommandFailure(CommandFailure.UNAVAILABLE,
					"Error: '%s' may be read by its owner only: run this as the user whom the broker runs as."
						.formatted(file));
		}
		catch (IOException | IndexOutOfBoundsException ex) {
			throw new CommandFailure(CommandFailure.UNAVAILABLE, "Error: '%s' cannot be read.".formatted(file));
		}
	}

	private static BrokerAddress at(String text) {
		try {
			URI uri = URI.create(text);
			String credentials = (uri.getUserInfo() != null) ? uri.getUserInfo() : "guest:guest";
			String url = new URI(uri.getScheme(), null, uri.getHost(), uri.getPort(), null, null, null).toString();
			return new BrokerAddress(url,
					"Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)),
					"the user '" + credentials.replaceFirst(":.*", "") + "'");
		}
		catch (URISyntaxException | IllegalArgumentException ex) {
			// Without the text, in which there may be a password.
			throw CommandFailure.usage("--url is not a URL, such as http://127.0.0.1:15672");
		}
	}

	/** Whether the broker's own file says where it is. */
	boolean isOwners() {
		return this.authorization.startsWith("Bearer ");
	}

	String unreachable() {
		return """
				Error: unable to perform an operation on the broker at %s. Please see the suggestions below.

				Most common reasons for this are:

				 * The broker is not running
				 * It runs without its management API, or at another address: see --url
				 * It serves HTTPS, with a certificate that this Java does not trust
				 * It has another data directory than ./data: see --data-dir""".formatted(this.url);
	}

	@Override
	public String toString() {
		return this.url + " as " + this.credentials;
	}

}
