package dev.warren.broker.rabbitmq.definitions;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A user.
 *
 * @param password what is kept of the password, or null for one who has none and cannot
 * log in by it
 * @param tags what the user may do in the management API, such as {@code administrator}
 * @param limits {@code max-connections} and {@code max-channels}, where there are such
 */
public record User(String name, @Nullable PasswordHash password, List<String> tags,
		Map<String, Integer> limits) implements Definition {

	/** The tag of those who may do everything. */
	public static final String ADMINISTRATOR = "administrator";

	/** A user everybody knows the password of. */
	private static final String LOOPBACK_USER = "guest";

	public User {
		tags = List.copyOf(tags);
		limits = Map.copyOf(limits);
	}

	public User(String name, @Nullable PasswordHash password, List<String> tags) {
		this(name, password, tags, Map.of());
	}

	public User withPassword(@Nullable PasswordHash password) {
		return new User(this.name, password, this.tags, this.limits);
	}

	public User withLimits(Map<String, Integer> limits) {
		return new User(this.name, this.password, this.tags, limits);
	}

	/**
	 * Whether a user may log in from where the client is.
	 * @param loopback whether that is this machine
	 */
	public static boolean mayLogIn(String name, boolean loopback) {
		return loopback || !name.equals(LOOPBACK_USER);
	}

	@Override
	public String key() {
		return this.name;
	}

	@Override
	public Map<String, @Nullable Object> toMap() {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("name", this.name);
		map.put("password_hash", (this.password != null) ? this.password.text() : "");
		map.put("hashing_algorithm",
				((this.password != null) ? this.password.algorithm() : PasswordHash.Algorithm.SHA_256).id());
		map.put("tags", this.tags);
		map.put("limits", this.limits);
		return map;
	}

	@Override
	public String toString() {
		return "User " + this.name;
	}

}
