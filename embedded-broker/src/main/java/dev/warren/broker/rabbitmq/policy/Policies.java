package dev.warren.broker.rabbitmq.policy;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

import dev.warren.broker.rabbitmq.access.NamePattern;
import dev.warren.broker.rabbitmq.access.BoundedMatching;
import dev.warren.broker.rabbitmq.definitions.Definitions;
import dev.warren.broker.rabbitmq.definitions.Policy;
import dev.warren.broker.rabbitmq.definitions.Table;
import org.jspecify.annotations.Nullable;

/**
 * The policies of a virtual host. Of those that match, the one with the highest priority
 * applies, and of those with the same priority the first by its name. Immutable.
 *
 * @see <a href="https://www.rabbitmq.com/docs/policies">Policies</a>
 */
public final class Policies {

	/** There are none. */
	public static final Policies NONE = new Policies(List.of(), List.of());

	private final List<Rule> policies;

	private final List<Rule> operatorPolicies;

	/**
	 * @param policies those of the virtual host, valid
	 * @param operatorPolicies those of its operator, valid
	 */
	public Policies(Collection<Policy> policies, Collection<Policy> operatorPolicies) {
		this.policies = rules(policies);
		this.operatorPolicies = rules(operatorPolicies);
	}

	/**
	 * Those of a virtual host.
	 */
	public static Policies of(Definitions definitions, String virtualHost) {
		return new Policies(of(definitions.policies(), virtualHost), of(definitions.operatorPolicies(), virtualHost));
	}

	private static List<Policy> of(Table<Policy> policies, String virtualHost) {
		return policies.all().stream().filter((policy) -> policy.virtualHost().equals(virtualHost)).toList();
	}

	private static List<Rule> rules(Collection<Policy> policies) {
		return policies.stream()
			.sorted(Comparator.comparingInt(Policy::priority).reversed().thenComparing(Policy::name))
			.map((policy) -> new Rule(policy, NamePattern.compile(policy.pattern())))
			.toList();
	}

	/**
	 * What applies to a queue. A policy with a setting that its type does not have does
	 * not.
	 */
	public AppliedPolicy ofQueue(String name, boolean quorum) {
		Set<String> targets = Set.of("all", "queues", quorum ? "quorum_queues" : "classic_queues");
		Set<String> unsupported = PolicyKey.unsupported(quorum);
		return new AppliedPolicy(first(this.policies, name, targets, unsupported),
				first(this.operatorPolicies, name, targets, unsupported));
	}

	/**
	 * What applies to an exchange.
	 */
	public AppliedPolicy ofExchange(String name) {
		Set<String> targets = Set.of("all", "exchanges");
		return new AppliedPolicy(first(this.policies, name, targets, Set.of()),
				first(this.operatorPolicies, name, targets, Set.of()));
	}

	private static @Nullable Policy first(List<Rule> rules, String name, Set<String> targets, Set<String> unsupported) {
		for (Rule rule : rules) {
			Policy policy = rule.policy();
			if (targets.contains(policy.applyTo())
					&& policy.definition().keySet().stream().noneMatch(unsupported::contains) && rule.matches(name)) {
				return policy;
			}
		}
		return null;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Policies policies && policies.policies.equals(this.policies)
				&& policies.operatorPolicies.equals(this.operatorPolicies);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.policies, this.operatorPolicies);
	}

	/**
	 * A policy and its compiled pattern, which goes without saying when they are
	 * compared.
	 */
	private record Rule(Policy policy, Pattern pattern) {

		boolean matches(String name) {
			return BoundedMatching.find(this.pattern, name);
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Rule rule && rule.policy.equals(this.policy);
		}

		@Override
		public int hashCode() {
			return this.policy.hashCode();
		}

	}

}
