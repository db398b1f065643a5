package dev.warren.broker.rabbitmq.definitions;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a user may do in a virtual host, in regular expressions on names.
 */
public record Permission(String virtualHost, String user, String configure, String write,
		String read) implements Definition {

	/**
	 * Of one who may do everything there.
	 */
	public static Permission everything(String virtualHost, String user) {
		return new Permission(virtualHost, user, ".*", ".*", ".*");
	}

	@Override
	public String key() {
		return Definition.key(this.virtualHost, this.user);
	}

	@Override
	public Map<String, @Nullable Object> toMap() {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("user", this.user);
		map.put("vhost", this.virtualHost);
		map.put("configure", this.configure);
		map.put("write", this.write);
		map.put("read", this.read);
		return map;
	}

}
