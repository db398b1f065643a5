package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.warren.broker.rabbitmq.definitions.DefinitionStore;
import dev.warren.broker.rabbitmq.definitions.Policy;
import dev.warren.broker.rabbitmq.policy.PolicyReader;
import dev.warren.broker.rabbitmq.wire.Dialect;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.json.JsonMapper;

import static dev.warren.broker.rabbitmq.TestClient.unique;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sets the policies of one test, which end with it: in the embedded broker, or with
 * {@code rabbitmqctl}.
 */
class PolicyClient implements AutoCloseable {

	private static final String ALL = "all";

	private final @Nullable DefinitionStore definitions;

	/** What to clear, and whether it is an operator policy. */
	private final Map<String, Boolean> names = new LinkedHashMap<>();

	/**
	 * @param definitions those of the embedded broker, or null for RabbitMQ
	 */
	PolicyClient(@Nullable DefinitionStore definitions) {
		this.definitions = definitions;
	}

	/**
	 * Sets a policy for what has that name.
	 */
	String set(String subject, Map<String, Object> definition) throws IOException {
		return set(subject, definition, ALL, 0);
	}

	String set(String subject, Map<String, Object> definition, String applyTo, int priority) throws IOException {
		return set(unique("policy"), "^" + subject + "$", definition, applyTo, priority, false);
	}

	String setOperators(String subject, Map<String, Object> definition) throws IOException {
		return set(unique("operators"), "^" + subject + "$", definition, ALL, 0, true);
	}

	private String set(String name, String pattern, Map<String, Object> definition, String applyTo, int priority,
			boolean operator) throws IOException {
		this.names.put(name, operator);
		if (this.definitions == null) {
			control("set_" + kind(operator), "--priority", "" + priority, "--apply-to", applyTo, name, pattern,
					new JsonMapper().writeValueAsString(definition));
			return name;
		}
		Policy policy = PolicyReader.read("/", name,
				Map.of("pattern", pattern, "definition", definition, "priority", priority, "apply-to", applyTo),
				operator, Dialect.V4_3);
		this.definitions.change((before) -> operator ? before.withOperatorPolicies((table) -> table.with(policy))
				: before.withPolicies((table) -> table.with(policy)));
		return name;
	}

	void clear(String name) throws IOException {
		boolean operator = Boolean.TRUE.equals(this.names.remove(name));
		if (this.definitions == null) {
			control("clear_" + kind(operator), name);
			return;
		}
		this.definitions.change((before) -> operator ? before.withOperatorPolicies((table) -> table.without("/", name))
				: before.withPolicies((table) -> table.without("/", name)));
	}

	private static String kind(boolean operator) {
		return operator ? "operator_policy" : "policy";
	}

	private static void control(String... arguments) throws IOException {
		String control = System.getenv("WARREN_TEST_RABBITMQCTL");
		Assumptions.assumeTrue(control != null, "WARREN_TEST_RABBITMQCTL is not set");
		List<String> command = new ArrayList<>(List.of(control));
		command.addAll(List.of(arguments));
		assertThat(new ProcessBuilder(command).inheritIO().start().onExit()).as("rabbitmqctl")
			.succeedsWithin(60, TimeUnit.SECONDS)
			.extracting(Process::exitValue)
			.isEqualTo(0);
	}

	@Override
	public void close() throws IOException {
		for (String name : List.copyOf(this.names.keySet())) {
			clear(name);
		}
	}

}
