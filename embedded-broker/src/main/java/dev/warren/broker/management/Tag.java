package dev.warren.broker.management;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * What a user has to be to use the management API.
 *
 * @see <a href="https://www.rabbitmq.com/docs/management#permissions">Access and
 * permissions</a>
 */
enum Tag {

	/** Everybody with any of the tags. */
	MANAGEMENT("Not management user", "management", "policymaker", "monitoring", "administrator"),

	/** Who may set policies and parameters. */
	POLICYMAKER("User not authorised to access object", "policymaker", "administrator"),

	/** Who may see what others do. */
	MONITORING("Not monitor user", "monitoring", "administrator"),

	/** Who may do everything. */
	ADMINISTRATOR("Not administrator user", "administrator");

	private final String refusal;

	private final List<String> sufficient;

	Tag(String refusal, String... sufficient) {
		this.refusal = refusal;
		this.sufficient = List.of(sufficient);
	}

	/**
	 * What a user is told who has no such tag.
	 */
	String refusal() {
		return this.refusal;
	}

	boolean isAmong(Collection<String> tags) {
		return tags.stream().anyMatch(this.sufficient::contains);
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
