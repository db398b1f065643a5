package dev.warren.broker.rabbitmq.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.PatternSyntaxException;

import dev.warren.broker.rabbitmq.access.NamePattern;
import dev.warren.broker.rabbitmq.definitions.Policy;
import dev.warren.broker.rabbitmq.wire.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * Reads a policy that is about to be defined, and refuses it if RabbitMQ would, in its
 * words.
 */
public final class PolicyReader {

	private static final int LONGEST_PATTERN = 1024;

	private static final Set<String> TARGETS = Set.of("all", "exchanges", "queues", "classic_queues", "quorum_queues",
			"streams");

	private final Dialect dialect;

	private final boolean operator;

	/** What is wrong, the last first. */
	private final List<String> complaints = new ArrayList<>();

	/**
	 * @param operator whether it is an operator policy
	 */
	private PolicyReader(Dialect dialect, boolean operator) {
		this.dialect = dialect;
		this.operator = operator;
	}

	/**
	 * Reads a policy.
	 * @param json {@code pattern}, {@code definition}, {@code priority} and
	 * {@code apply-to}, of JSON's types
	 * @param operator whether it is an operator policy
	 * @throws IllegalArgumentException if it is not valid, with all that is wrong
	 */
	public static Policy read(String virtualHost, String name, Map<String, ? extends @Nullable Object> json,
			boolean operator, Dialect dialect) {
		return new PolicyReader(dialect, operator).read(virtualHost, name, json);
	}

	private Policy read(String virtualHost, String name, Map<String, ? extends @Nullable Object> json) {
		int priority = priority(json.containsKey("priority") ? json.get("priority") : 0);
		String pattern = pattern(json.get("pattern"));
		String applyTo = applyTo(json.containsKey("apply-to") ? json.get("apply-to") : "all");
		Map<String, Object> definition = definition(name, json.get("definition"));
		if (!this.complaints.isEmpty()) {
			throw new IllegalArgumentException("Validation failed\n\n" + String.join("\n", this.complaints) + "\n");
		}
		return new Policy(virtualHost, name, pattern, applyTo, definition, priority);
	}

	private void complain(String what) {
		this.complaints.add(0, what);
	}

	private int priority(@Nullable Object value) {
		if (value instanceof Number number) {
			return number.intValue();
		}
		complain("priority should be a number, actually was " + ErlangTerm.of(value));
		return 0;
	}

	private String pattern(@Nullable Object value) {
		if (!(value instanceof String pattern)) {
			complain("pattern should be a binary but was " + ErlangTerm.of(value));
			return "";
		}
		if (pattern.length() > LONGEST_PATTERN) {
			complain("pattern must not exceed " + LONGEST_PATTERN + " bytes");
			return "";
		}
		try {
			NamePattern.compile(pattern);
		}
		catch (PatternSyntaxException ex) {
			complain("pattern should be regular expression but is invalid: {\"%s\",%d}".formatted(ex.getDescription(),
					ex.getIndex()));
		}
		return pattern;
	}

	private String applyTo(@Nullable Object value) {
		if (value instanceof String target && TARGETS.contains(target)) {
			return target;
		}
		complain("apply-to '" + value + "' unrecognised; should be one of: 'queues', 'classic_queues', "
				+ " 'quorum_queues', 'streams', 'exchanges', or 'all'");
		return "";
	}

	private Map<String, Object> definition(String name, @Nullable Object value) {
		Map<String, Object> definition = new TreeMap<>();
		if (!(value instanceof Map<?, ?> given)) {
			complain("parse error while reading policy " + name + ": " + ErlangTerm.of(value));
			return definition;
		}
		if (given.isEmpty()) {
			complain("no policy provided");
			return definition;
		}
		Map<String, @Nullable Object> unknown = new TreeMap<>();
		Map<String, @Nullable Object> known = new TreeMap<>();
		given.forEach(
				(key, setting) -> (isKnown(String.valueOf(key)) ? known : unknown).put(String.valueOf(key), setting));
		String complaint = complaint(known);
		if (complaint == null && !unknown.isEmpty()) {
			complaint = ErlangTerm.properties(unknown) + " are not recognised policy settings";
		}
		if (complaint != null) {
			complain(complaint);
		}
		known.forEach((key, setting) -> {
			if (setting != null) {
				definition.put(key, setting);
			}
		});
		return definition;
	}

	private boolean isKnown(String name) {
		PolicyKey key = PolicyKey.of(name);
		if (key == null) {
			return PolicyKey.OF_MIRRORED_QUEUES.contains(name)
					&& (this.dialect.hasMirroredQueues() || name.equals("queue-master-locator"));
		}
		return !this.operator || PolicyKey.OF_OPERATORS.contains(key);
	}

	/**
	 * Says what is wrong first, or null.
	 */
	private @Nullable String complaint(Map<String, @Nullable Object> definition) {
		for (Map.Entry<String, @Nullable Object> setting : definition.entrySet()) {
			PolicyKey key = PolicyKey.of(setting.getKey());
			String complaint = (key != null) ? key.complaint(setting.getValue()) : null;
			if (complaint != null) {
				return complaint;
			}
		}
		if (definition.containsKey("queue-master-locator") && this.dialect.refusesMasterLocator()) {
			return "use of deprecated queue-master-locator argument is not permitted";
		}
		return complaintOfRetries(definition.get("delayed-retry-type"), definition.get("delayed-retry-min"),
				definition.get("delayed-retry-max"));
	}

	private static @Nullable String complaintOfRetries(@Nullable Object type, @Nullable Object least,
			@Nullable Object most) {
		if (type != null && !type.equals("disabled") && least == null) {
			return "delayed-retry-min is required when delayed-retry-type is " + type;
		}
		if (least instanceof Number from && most instanceof Number to && to.longValue() < from.longValue()) {
			return "delayed-retry-max (%s) must not be smaller than delayed-retry-min (%s)".formatted(to, from);
		}
		return null;
	}

}
