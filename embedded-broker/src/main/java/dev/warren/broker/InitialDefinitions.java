package dev.warren.broker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.warren.broker.rabbitmq.definitions.DefinitionStore;
import dev.warren.broker.rabbitmq.definitions.Definitions;
import dev.warren.broker.rabbitmq.definitions.Parameter;
import dev.warren.broker.rabbitmq.definitions.PasswordHash;
import dev.warren.broker.rabbitmq.definitions.Permission;
import dev.warren.broker.rabbitmq.definitions.Table;
import dev.warren.broker.rabbitmq.definitions.TopicPermission;
import dev.warren.broker.rabbitmq.definitions.User;
import dev.warren.broker.rabbitmq.definitions.VirtualHostDefinition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a broker that has no definitions of its own yet begins with.
 */
final class InitialDefinitions {

	private static final Logger logger = LoggerFactory.getLogger(InitialDefinitions.class);

	private InitialDefinitions() {
	}

	/**
	 * What is defined in the data directory, or what the settings say if nothing is.
	 */
	static DefinitionStore store(BrokerSettings settings, @Nullable DataDirectory dataDirectory) {
		DefinitionStore store = new DefinitionStore((dataDirectory != null) ? dataDirectory.definitions() : null,
				of(settings));
		if (!hasAll(store.current(), settings)) {
			logger.warn(
					"The data directory '{}' has users and virtual hosts of its own; "
							+ "'warren.broker.users' and 'warren.broker.virtual-hosts' count for a new one only",
					settings.dataDir());
		}
		return store;
	}

	private static boolean hasAll(Definitions current, BrokerSettings settings) {
		return settings.virtualHosts().stream().allMatch((name) -> current.virtualHosts().get(name) != null)
				&& settings.users()
					.entrySet()
					.stream()
					.allMatch((user) -> current.authenticate(user.getKey(), user.getValue()) != null);
	}

	private static Definitions of(BrokerSettings settings) {
		return Definitions.NONE.withUsers((none) -> Table.of(users(settings)))
			.withVirtualHosts(
					(none) -> Table.of(settings.virtualHosts().stream().map(VirtualHostDefinition::new).toList()))
			.withPermissions((none) -> Table.of(permissions(settings)))
			.withTopicPermissions((none) -> Table.of(settings.topicPermissions()
				.stream()
				.map((one) -> new TopicPermission(one.virtualHost(), one.user(), one.exchange(), one.write(),
						one.read()))
				.toList()))
			.withParameters((none) -> Table.of(virtualHostLimits(settings)));
	}

	/**
	 * The first user is the administrator.
	 */
	private static List<User> users(BrokerSettings settings) {
		Map<String, Map<String, Integer>> limits = new HashMap<>();
		settings.limits()
			.users()
			.forEach((one) -> limits.put(one.user(),
					limits("max-connections", one.maxConnections(), "max-channels", one.maxChannels())));
		List<User> users = new ArrayList<>();
		settings.users()
			.forEach((name, password) -> users.add(new User(name, PasswordHash.of(password),
					users.isEmpty() ? List.of(User.ADMINISTRATOR) : List.of(), limits.getOrDefault(name, Map.of()))));
		return users;
	}

	private static Map<String, Integer> limits(String one, int most, String other, int mostOfOther) {
		Map<String, Integer> limits = new LinkedHashMap<>();
		limits.put(one, most);
		limits.put(other, mostOfOther);
		limits.values().removeIf((number) -> number < 0);
		return limits;
	}

	private static List<Permission> permissions(BrokerSettings settings) {
		if (settings.permissions().isEmpty()) {
			return settings.virtualHosts()
				.stream()
				.flatMap((virtualHost) -> settings.users()
					.keySet()
					.stream()
					.map((user) -> Permission.everything(virtualHost, user)))
				.toList();
		}
		return settings.permissions()
			.stream()
			.map((one) -> new Permission(one.virtualHost(), one.user(), one.configure(), one.write(), one.read()))
			.toList();
	}

	private static List<Parameter> virtualHostLimits(BrokerSettings settings) {
		return settings.limits()
			.virtualHosts()
			.stream()
			.map((one) -> Definitions.limits(one.virtualHost(),
					limits("max-connections", one.maxConnections(), "max-queues", one.maxQueues())))
			.toList();
	}

}
