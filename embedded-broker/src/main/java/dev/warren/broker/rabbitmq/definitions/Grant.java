package dev.warren.broker.rabbitmq.definitions;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.warren.broker.rabbitmq.access.Permissions;
import org.jspecify.annotations.Nullable;

/**
 * What a user may do in a virtual host now. It is asked for each message published, so
 * that it looks only whether the definitions are others since. Thread-safe.
 */
public final class Grant {

	private final DefinitionStore store;

	private final String virtualHost;

	private final String user;

	private volatile State state;

	/**
	 * @param virtualHost what clients call it
	 */
	public Grant(DefinitionStore store, String virtualHost, String user) {
		this.store = store;
		this.virtualHost = virtualHost;
		this.user = user;
		this.state = new State(Definitions.NONE, null, List.of(), Permissions.NONE);
	}

	/**
	 * What the user may do.
	 */
	public Permissions current() {
		Definitions definitions = this.store.current();
		State known = this.state;
		if (known.definitions != definitions) {
			known = next(known, definitions);
			this.state = known;
		}
		return known.permissions;
	}

	private State next(State known, Definitions definitions) {
		Permission permission = definitions.permissions().get(this.virtualHost, this.user);
		List<TopicPermission> topics = definitions.topicPermissions()
			.where((one) -> one.virtualHost().equals(this.virtualHost) && one.user().equals(this.user));
		// What permissions have matched, they remember.
		boolean same = permission == known.permission && topics.equals(known.topics);
		return new State(definitions, permission, topics, same ? known.permissions : permissions(permission, topics));
	}

	private Permissions permissions(@Nullable Permission permission, List<TopicPermission> topics) {
		if (permission == null) {
			return Permissions.NONE;
		}
		Map<String, Permissions.Topics> byExchange = new HashMap<>();
		topics.forEach((one) -> byExchange.put(one.exchange(),
				new Permissions.Topics(one.write(), one.read(), this.user, this.virtualHost)));
		return Permissions.of(permission.configure(), permission.write(), permission.read(), byExchange);
	}

	/**
	 * What is known, and of which definitions.
	 */
	private record State(Definitions definitions, @Nullable Permission permission, List<TopicPermission> topics,
			Permissions permissions) {

	}

}
