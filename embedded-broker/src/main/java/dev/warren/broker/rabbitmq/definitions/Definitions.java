package dev.warren.broker.rabbitmq.definitions;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * All that is defined. Immutable: each change makes a new one.
 *
 * @param operatorPolicies what an operator sets, and the users' policies cannot exceed
 */
public record Definitions(Table<User> users, Table<VirtualHostDefinition> virtualHosts, Table<Permission> permissions,
		Table<TopicPermission> topicPermissions, Table<Policy> policies, Table<Policy> operatorPolicies,
		Table<Parameter> parameters, Table<GlobalParameter> globalParameters) {

	/**
	 * The component, as RabbitMQ calls it, of the parameters that limit a virtual host.
	 */
	public static final String VIRTUAL_HOST_LIMITS = "vhost-limits";

	private static final String LIMITS = "limits";

	private static final int ANY_NUMBER = -1;

	/** Nothing. */
	public static final Definitions NONE = new Definitions(none(), none(), none(), none(), none(), none(), none(),
			none());

	private static <D extends Definition> Table<D> none() {
		return Table.of(List.of());
	}

	public Definitions withUsers(UnaryOperator<Table<User>> change) {
		return new Definitions(change.apply(this.users), this.virtualHosts, this.permissions, this.topicPermissions,
				this.policies, this.operatorPolicies, this.parameters, this.globalParameters);
	}

	/**
	 * Without a user and what that user was permitted.
	 */
	public Definitions withoutUser(String name) {
		return new Definitions(this.users.without(name), this.virtualHosts,
				this.permissions.without((one) -> one.user().equals(name)),
				this.topicPermissions.without((one) -> one.user().equals(name)), this.policies, this.operatorPolicies,
				this.parameters, this.globalParameters);
	}

	public Definitions withVirtualHosts(UnaryOperator<Table<VirtualHostDefinition>> change) {
		return new Definitions(this.users, change.apply(this.virtualHosts), this.permissions, this.topicPermissions,
				this.policies, this.operatorPolicies, this.parameters, this.globalParameters);
	}

	/**
	 * Without a virtual host and what was defined for it.
	 */
	public Definitions withoutVirtualHost(String name) {
		return new Definitions(this.users, this.virtualHosts.without(name),
				this.permissions.without((one) -> one.virtualHost().equals(name)),
				this.topicPermissions.without((one) -> one.virtualHost().equals(name)),
				this.policies.without((one) -> one.virtualHost().equals(name)),
				this.operatorPolicies.without((one) -> one.virtualHost().equals(name)),
				this.parameters.without((one) -> one.virtualHost().equals(name)), this.globalParameters);
	}

	/**
	 * Without what is for users and virtual hosts that are not there: whoever defined it
	 * did not know that they were being deleted. It must not count for others who get
	 * their names.
	 */
	Definitions withoutStrays() {
		return new Definitions(this.users, this.virtualHosts,
				this.permissions.without((one) -> isStray(one.virtualHost()) || this.users.get(one.user()) == null),
				this.topicPermissions
					.without((one) -> isStray(one.virtualHost()) || this.users.get(one.user()) == null),
				this.policies.without((one) -> isStray(one.virtualHost())),
				this.operatorPolicies.without((one) -> isStray(one.virtualHost())),
				this.parameters.without((one) -> isStray(one.virtualHost())), this.globalParameters);
	}

	private boolean isStray(String virtualHost) {
		return this.virtualHosts.get(virtualHost) == null;
	}

	public Definitions withPermissions(UnaryOperator<Table<Permission>> change) {
		return new Definitions(this.users, this.virtualHosts, change.apply(this.permissions), this.topicPermissions,
				this.policies, this.operatorPolicies, this.parameters, this.globalParameters);
	}

	public Definitions withTopicPermissions(UnaryOperator<Table<TopicPermission>> change) {
		return new Definitions(this.users, this.virtualHosts, this.permissions, change.apply(this.topicPermissions),
				this.policies, this.operatorPolicies, this.parameters, this.globalParameters);
	}

	public Definitions withPolicies(UnaryOperator<Table<Policy>> change) {
		return new Definitions(this.users, this.virtualHosts, this.permissions, this.topicPermissions,
				change.apply(this.policies), this.operatorPolicies, this.parameters, this.globalParameters);
	}

	public Definitions withOperatorPolicies(UnaryOperator<Table<Policy>> change) {
		return new Definitions(this.users, this.virtualHosts, this.permissions, this.topicPermissions, this.policies,
				change.apply(this.operatorPolicies), this.parameters, this.globalParameters);
	}

	public Definitions withParameters(UnaryOperator<Table<Parameter>> change) {
		return new Definitions(this.users, this.virtualHosts, this.permissions, this.topicPermissions, this.policies,
				this.operatorPolicies, change.apply(this.parameters), this.globalParameters);
	}

	public Definitions withGlobalParameters(UnaryOperator<Table<GlobalParameter>> change) {
		return new Definitions(this.users, this.virtualHosts, this.permissions, this.topicPermissions, this.policies,
				this.operatorPolicies, this.parameters, change.apply(this.globalParameters));
	}

	/**
	 * The user of that name, if the password is that user's. Nobody has an empty
	 * password.
	 */
	public @Nullable User authenticate(String name, String password) {
		User user = this.users.get(name);
		PasswordHash hash = (user != null) ? user.password() : null;
		if (hash == null) {
			PasswordHash.matchNobody(password);
			return null;
		}
		return (hash.matches(password) && !password.isEmpty()) ? user : null;
	}

	/**
	 * How much of something a user may have; below 0 is any number.
	 * @param limit {@code max-connections} or {@code max-channels}
	 */
	public int limitOfUser(String name, String limit) {
		User user = this.users.get(name);
		return (user != null) ? user.limits().getOrDefault(limit, ANY_NUMBER) : ANY_NUMBER;
	}

	/**
	 * The type of queues that are declared in a virtual host without one, or null.
	 */
	public @Nullable String defaultQueueType(String virtualHost) {
		VirtualHostDefinition found = this.virtualHosts.get(virtualHost);
		return (found != null) ? found.defaultQueueType() : null;
	}

	/**
	 * The limits of a virtual host, or null if it has none.
	 */
	public @Nullable Parameter limits(String virtualHost) {
		return this.parameters.get(virtualHost, VIRTUAL_HOST_LIMITS, LIMITS);
	}

	/**
	 * Limits as the parameter that they are to RabbitMQ.
	 * @param limits the numbers, by {@code max-connections} and {@code max-queues}
	 */
	public static Parameter limits(String virtualHost, Map<?, ?> limits) {
		return new Parameter(virtualHost, VIRTUAL_HOST_LIMITS, LIMITS, limits);
	}

	/**
	 * How much of something there may be in a virtual host; below 0 is any number.
	 * @param limit {@code max-connections} or {@code max-queues}
	 */
	public int limitOfVirtualHost(String name, String limit) {
		Parameter limits = limits(name);
		return (limits != null && limits.value() instanceof Map<?, ?> map && map.get(limit) instanceof Number number)
				? number.intValue() : ANY_NUMBER;
	}

}
