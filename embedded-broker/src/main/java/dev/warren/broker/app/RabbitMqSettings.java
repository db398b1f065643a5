package dev.warren.broker.app;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Takes what RabbitMQ is told by environment variables, and by the commonest keys of its
 * configuration file, as properties of this broker. Its own properties count before them.
 *
 * @see <a href="https://hub.docker.com/_/rabbitmq">RabbitMQ's image</a>
 */
final class RabbitMqSettings implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {

	private static final Logger logger = LoggerFactory.getLogger(RabbitMqSettings.class);

	private static final String DEFAULT = "guest";

	private static final String EVERYTHING = ".*";

	private static final List<String> DEFINITIONS = List.of("load_definitions", "definitions.local.path",
			"management.load_definitions");

	/** Variables that the broker would take if it had what they are about. */
	private static final List<String> OTHER_VARIABLES = List.of("RABBITMQ_DEFAULT_", "RABBITMQ_SSL_", "RABBITMQ_VM_");

	private static final List<String> VARIABLES = List.of("RABBITMQ_DEFAULT_USER", "RABBITMQ_DEFAULT_PASS",
			"RABBITMQ_DEFAULT_VHOST");

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		ConfigurableEnvironment environment = event.getEnvironment();
		String file = environment.getProperty("rabbitmq.config.file");
		Map<String, String> conf = new LinkedHashMap<>((file != null) ? RabbitMqConf.read(file) : Map.of());
		Map<String, Object> properties = properties(environment, conf);
		if (!properties.isEmpty()) {
			environment.getPropertySources()
				.addAfter(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
						new MapPropertySource("RabbitMQ", properties));
		}
		TreeSet<String> others = new TreeSet<>(conf.keySet());
		environment.getSystemEnvironment()
			.keySet()
			.stream()
			.filter((name) -> OTHER_VARIABLES.stream().anyMatch(name::startsWith) && !VARIABLES.contains(name))
			.forEach(others::add);
		if (!others.isEmpty()) {
			logger.warn("Settings for RabbitMQ that this broker does not take: {}", String.join(", ", others));
		}
	}

	/**
	 * Takes out of the file what the broker understands.
	 */
	private static Map<String, Object> properties(ConfigurableEnvironment environment, Map<String, String> conf) {
		Map<String, Object> properties = new LinkedHashMap<>();
		String user = setting(environment, conf, "user");
		String password = setting(environment, conf, "pass");
		String virtualHost = setting(environment, conf, "vhost");
		String name = (user != null) ? user : DEFAULT;
		boolean ownUsers = Binder.get(environment)
			.bind("warren.broker.users", Bindable.mapOf(String.class, String.class))
			.isBound();
		if ((user != null || password != null) && !ownUsers) {
			put(properties, "warren.broker.users[" + name + "]", (password != null) ? password : DEFAULT);
		}
		if (virtualHost != null) {
			put(properties, "warren.broker.virtual-hosts[0]", virtualHost);
		}
		permissions(properties, conf, name, (virtualHost != null) ? virtualHost : "/");
		DEFINITIONS.forEach((key) -> take(properties, conf, key, "warren.broker.definitions"));
		listener(properties, conf);
		take(properties, conf, "management.tcp.port", "server.port");
		take(properties, conf, "connection_max", "warren.broker.limits.connection-max");
		String timeout = conf.remove("consumer_timeout");
		if (timeout != null) {
			put(properties, "warren.broker.consumer-timeout", timeout + "ms");
		}
		// What the broker does anyway.
		conf.remove("default_user_tags.administrator", "true");
		conf.remove("loopback_users.guest", "true");
		conf.remove("loopback_users", DEFAULT);
		conf.remove("definitions.import_backend", "local_filesystem");
		return properties;
	}

	/**
	 * What a variable says, or else the file.
	 */
	private static @Nullable String setting(ConfigurableEnvironment environment, Map<String, String> conf,
			String name) {
		String inFile = conf.remove("default_" + name);
		// As it is: what looks like a placeholder is part of a password.
		return environment.getPropertySources()
			.stream()
			.flatMap((source) -> Stream.ofNullable(source.getProperty("rabbitmq.default." + name)))
			.map(Object::toString)
			.findFirst()
			.orElse(inFile);
	}

	/**
	 * Where the broker listens: a port, or an address and a port. There can be one only.
	 */
	private static void listener(Map<String, Object> properties, Map<String, String> conf) {
		List<String> keys = conf.keySet().stream().filter((key) -> key.startsWith("listeners.tcp.")).toList();
		if (keys.size() == 1) {
			String value = conf.getOrDefault(keys.get(0), "");
			conf.remove(keys.get(0));
			int colon = value.lastIndexOf(':');
			if (colon > 0) {
				put(properties, "warren.broker.bind-address", value.substring(0, colon).replaceAll("[\\[\\]]", ""));
			}
			put(properties, "warren.broker.port", value.substring(colon + 1));
		}
	}

	/**
	 * What the default user may do, if that is not everything.
	 */
	private static void permissions(Map<String, Object> properties, Map<String, String> conf, String user,
			String virtualHost) {
		Map<String, String> permissions = new LinkedHashMap<>();
		for (String kind : List.of("configure", "write", "read")) {
			String expression = conf.remove("default_permissions." + kind);
			permissions.put(kind, (expression != null) ? expression : EVERYTHING);
		}
		if (!permissions.values().stream().allMatch(EVERYTHING::equals)) {
			permissions.put("user", user);
			permissions.put("virtual-host", virtualHost);
			permissions.forEach((key, value) -> put(properties, "warren.broker.permissions[0]." + key, value));
		}
	}

	private static void take(Map<String, Object> properties, Map<String, String> conf, String key, String property) {
		String value = conf.remove(key);
		if (value != null) {
			put(properties, property, value);
		}
	}

	private static void put(Map<String, Object> properties, String property, String value) {
		// It is no placeholder of Spring's.
		properties.put(property, value.replace("${", "\\${"));
	}

}
