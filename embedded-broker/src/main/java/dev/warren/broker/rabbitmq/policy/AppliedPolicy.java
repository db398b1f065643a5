package dev.warren.broker.rabbitmq.policy;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

import dev.warren.broker.rabbitmq.definitions.Policy;
import org.jspecify.annotations.Nullable;

/**
 * The policies that apply to a queue or an exchange.
 *
 * @param policy that of the virtual host, or null
 * @param operatorPolicy that of its operator, or null
 */
public record AppliedPolicy(@Nullable Policy policy, @Nullable Policy operatorPolicy) {

	/** No policy applies. */
	public static final AppliedPolicy NONE = new AppliedPolicy(null, null);

	/**
	 * The names of those that apply, as {@code policy} and {@code operator_policy}.
	 */
	public Map<String, String> names() {
		Map<String, String> names = new TreeMap<>();
		if (this.policy != null) {
			names.put("policy", this.policy.name());
		}
		if (this.operatorPolicy != null) {
			names.put("operator_policy", this.operatorPolicy.name());
		}
		return names;
	}

	/**
	 * The settings of both. Where both have a setting, as a rule the stricter one counts.
	 */
	public Map<String, Object> definition() {
		Map<String, Object> merged = new TreeMap<>();
		if (this.policy != null) {
			merged.putAll(this.policy.definition());
		}
		if (this.operatorPolicy != null) {
			this.operatorPolicy.definition()
				.forEach((name, value) -> merged.merge(name, value,
						(own, operators) -> PolicyKey.merge(name, own, operators)));
		}
		return Collections.unmodifiableMap(merged);
	}

	/**
	 * The optional arguments of a queue under this policy: its own, and what the policy
	 * sets under the names that arguments have.
	 */
	public Map<String, @Nullable Object> over(Map<String, @Nullable Object> arguments, boolean quorum) {
		if (this.policy == null && this.operatorPolicy == null) {
			return arguments;
		}
		Map<String, @Nullable Object> result = new TreeMap<>(arguments);
		definition().forEach((name, value) -> {
			String argument = "x-" + name;
			Object own = arguments.get(argument);
			result.put(argument, PolicyKey.asArgument(name,
					(own != null) ? PolicyKey.mergeWithArgument(name, value, own, quorum) : value));
		});
		return result;
	}

	/**
	 * The setting of that name, if it is a text.
	 */
	public @Nullable String text(String name) {
		return (definition().get(name) instanceof String text) ? text : null;
	}

}
