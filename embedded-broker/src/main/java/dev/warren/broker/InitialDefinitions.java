package dev.warren.broker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.warren.broker.rabbitmq.definitions.Definitions;
import dev.warren.broker.rabbitmq.definitions.Parameter;
import dev.warren.broker.rabbitmq.definitions.PasswordHash;
import dev.warren.broker.rabbitmq.definitions.Permission;
import dev.warren.broker.rabbitmq.definitions.Table;
import dev.warren.broker.rabbitmq.definitions.TopicPermission;
import dev.warren.broker.rabbitmq.definitions.User;
import dev.warren.broker.rabbitmq.definitions.VirtualHostDefinition;

/**
 * What a broker that has no definitions of its own yet begins with.
 */
final class InitialDefinitions {

	private InitialDefinitions() {
	}

	static Definitions of(BrokerSettings settings) {
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
			.map((one) -> new Parameter(one.virtualHost(), Definitions.VIRTUAL_HOST_LIMITS, "limits",
					limits("max-connections", one.maxConnections(), "max-queues", one.maxQueues())))
			.toList();
	}

}
