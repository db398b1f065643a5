package dev.warren.broker.rabbitmq;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.warren.broker.rabbitmq.definitions.Policy;
import dev.warren.broker.rabbitmq.policy.AppliedPolicy;
import dev.warren.broker.rabbitmq.policy.Policies;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class PoliciesTests {

	@Test
	void theHighestPriorityCounts() {
		Policies policies = policies(policy("a", "", "all", 1, Map.of("max-length", 1)),
				policy("b", "", "all", 2, Map.of("max-length", 2)));

		assertThat(policies.ofQueue("q", false).definition()).isEqualTo(Map.of("max-length", 2));
	}

	@Test
	void ofEqualPrioritiesTheFirstNameCounts() {
		Policies policies = policies(policy("m", "", "all", 0, Map.of("max-length", 1)),
				policy("b", "", "all", 0, Map.of("max-length", 2)));

		assertThat(policies.ofQueue("q", false).definition()).isEqualTo(Map.of("max-length", 2));
	}

	@Test
	void thePatternIsFoundAnywhereInTheName() {
		Policies policies = policies(policy("a", "b.d", "all", 0, Map.of("max-length", 1)));

		assertThat(policies.ofQueue("abcde", false).policy()).isNotNull();
		assertThat(policies.ofQueue("abde", false)).isEqualTo(AppliedPolicy.NONE);
	}

	@Test
	void aPatternThatTakesForEverDoesNotMatch() {
		Policies policies = policies(policy("a", "^(a+)+$", "all", 0, Map.of("max-length", 1)));

		assertThat(policies.ofQueue("a".repeat(200) + "b", false)).isEqualTo(AppliedPolicy.NONE);
	}

	@ParameterizedTest(quoteTextArguments = false, name = "{0}: classic queues {1}, quorum queues {2}, exchanges {3}")
	@CsvSource({ "all, true, true, true", "queues, true, true, false", "classic_queues, true, false, false",
			"quorum_queues, false, true, false", "streams, false, false, false", "exchanges, false, false, true" })
	void whatAPolicyAppliesTo(String applyTo, boolean classic, boolean quorum, boolean exchange) {
		Policies policies = policies(policy("a", "", applyTo, 0, Map.of("max-length", 1)));

		assertThat(policies.ofQueue("q", false).policy() != null).isEqualTo(classic);
		assertThat(policies.ofQueue("q", true).policy() != null).isEqualTo(quorum);
		assertThat(policies.ofExchange("x").policy() != null).isEqualTo(exchange);
	}

	@Test
	void aSettingThatATypeDoesNotHaveMakesThePolicyNotApply() {
		Policies policies = policies(
				policy("a", "", "all", 1, Map.of("delivery-limit", 1, "message-ttl", 1, "alternate-exchange", "x")),
				policy("b", "", "all", 0, Map.of("queue-mode", "lazy")));

		assertThat(policies.ofQueue("q", false).policy()).extracting(Policy::name).isEqualTo("b");
		assertThat(policies.ofQueue("q", true).policy()).extracting(Policy::name).isEqualTo("a");
	}

	@ParameterizedTest(quoteTextArguments = false, name = "{0} is {1}, the operator''s {2}: {3}")
	@CsvSource({ "max-length, 5, 3, 3", "max-length, 3, 5, 3", "message-ttl, 5, 3, 3", "delivery-limit, -1, 5, 5",
			"delivery-limit, 7, 5, 5", "target-group-size, 3, 5, 5", "delayed-retry-min, 3, 5, 5",
			"delayed-retry-max, 3, 5, 3", "queue-version, 1, 2, 2" })
	void anOperatorsPolicyIsMerged(String key, int own, int operators, int merged) {
		AppliedPolicy policy = new AppliedPolicy(policy("a", "", "all", 0, Map.of(key, own, "expires", 7)),
				policy("b", "", "all", 0, Map.of(key, operators, "max-length-bytes", 9)));

		assertThat(policy.definition()).isEqualTo(Map.of(key, merged, "expires", 7, "max-length-bytes", 9));
	}

	@ParameterizedTest(quoteTextArguments = false, name = "{0} is {1}, the argument {2}: {3}, in quorum queues {4}")
	@CsvSource({ "max-length, 5, 3, 3, 3", "max-length, 3, 5, 3, 3", "expires, 5, 3, 3, 3", "expires, 3, 5, 3, 3",
			"message-ttl, 3, 5, 3, 3", "max-length-bytes, 3, 5, 3, 3", "consumer-timeout, 3, 5, 3, 3",
			"delivery-limit, -1, 5, 5, 5", "delivery-limit, 3, -1, 3, 3", "delivery-limit, 5, 3, 3, 3",
			"dead-letter-exchange, p, a, a, a", "dead-letter-routing-key, p, a, a, a",
			"overflow, reject-publish, drop-head, drop-head, reject-publish" })
	void argumentsAreMerged(String key, String set, String argument, String classic, String quorum) {
		AppliedPolicy policy = new AppliedPolicy(policy("a", "", "all", 0, Map.of(key, value(set))), null);
		Map<String, @Nullable Object> arguments = new HashMap<>(Map.of("x-" + key, value(argument), "x-other", 1));

		assertThat(policy.over(arguments, false)).isEqualTo(Map.of("x-" + key, value(classic), "x-other", 1));
		assertThat(policy.over(arguments, true)).isEqualTo(Map.of("x-" + key, value(quorum), "x-other", 1));
	}

	@Test
	void aTimeThatNoTimerCountsIsTheLongestThatOneDoes() {
		AppliedPolicy policy = new AppliedPolicy(
				policy("a", "", "all", 0, Map.of("expires", new BigInteger("9".repeat(30)))), null);

		assertThat(policy.over(Map.of(), false)).containsEntry("x-expires", 315_360_000_000L);
	}

	private static Object value(String text) {
		return text.matches("-?[0-9]+") ? (Object) Long.valueOf(text) : text;
	}

	private static Policies policies(Policy... policies) {
		return new Policies(List.of(policies), List.of());
	}

	private static Policy policy(String name, String pattern, String applyTo, int priority,
			Map<String, Object> definition) {
		return new Policy("/", name, pattern, applyTo, definition, priority);
	}

}
