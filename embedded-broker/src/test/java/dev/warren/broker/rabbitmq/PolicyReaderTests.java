package dev.warren.broker.rabbitmq;

import java.util.HashMap;
import java.util.Map;

import dev.warren.broker.rabbitmq.definitions.Policy;
import dev.warren.broker.rabbitmq.policy.PolicyReader;
import dev.warren.broker.rabbitmq.wire.Dialect;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The answers are those of RabbitMQ 4.3.6.
 */
class PolicyReaderTests {

	private static final Map<String, Object> DEFINITION = Map.of("max-length", 5);

	@ParameterizedTest(quoteTextArguments = false, name = "{0}")
	@CsvSource(delimiter = '|', quoteCharacter = '\'',
			textBlock = """
					{}                                         | no policy provided
					{"x":1}                                    | [{<<"x">>,1}] are not recognised policy settings
					{"x":1,"ha-mode":"all","max-length":5}     | [{<<"ha-mode">>,<<"all">>},{<<"x">>,1}] are not recognised policy settings
					{"x":"y","k":{"a":[1,true,null,1.5]}}      | [{<<"k">>,#{<<"a">> => [1,true,null,1.5]}},{<<"x">>,<<"y">>}] are not recognised policy settings
					{"single-active-consumer":true}            | [{<<"single-active-consumer">>,true}] are not recognised policy settings
					{"max-length":"5"}                         | <<"5">> is not a valid maximum length
					{"max-length":-5}                          | -5 is not a valid maximum length
					{"max-length":1.5,"expires":0}             | 0 is not a valid queue expiry
					{"max-length":1.5}                         | 1.5 is not a valid maximum length
					{"dead-letter-exchange":null}              | null is not a valid dead letter exchange name
					{"dead-letter-exchange":[1,"a",{"b":2}]}   | [1,<<"a">>,#{<<"b">> => 2}] is not a valid dead letter exchange name
					{"overflow":"x"}                           | <<"x">> is not a valid overflow value
					{"queue-mode":"x"}                         | <<"x">> is not a valid queue-mode value
					{"queue-version":3}                        | 3 is not a valid queue-version value
					{"max-age":"Y"}                            | <<"Y">> is not a valid max age
					{"delivery-limit":true}                    | true is not a valid delivery limit
					{"queue-master-locator":"client-local"}    | use of deprecated queue-master-locator argument is not permitted
					{"delayed-retry-type":"all"}               | delayed-retry-min is required when delayed-retry-type is all
					{"delayed-retry-min":5,"delayed-retry-max":3} | delayed-retry-max (3) must not be smaller than delayed-retry-min (5)
					{"target-group-size":0}                    | 0 is not a valid qq target count value
					{"stream-filter-size-bytes":3}             | 3 is not a valid filter size. Valid range is 16-255
					""")
	void isRefused(String definition, String complaint) {
		assertThatIllegalArgumentException().isThrownBy(() -> read(Map.of("definition", json(definition))))
			.withMessage("Validation failed\n\n" + complaint + "\n");
	}

	@ParameterizedTest(quoteTextArguments = false, name = "{0}")
	@CsvSource(delimiter = '|', textBlock = """
			{"expires":99999999999999999999999999}
			{"queue-mode":"lazy"}
			{"queue-version":1}
			{"max-age":"1Y"}
			{"delivery-limit":-1}
			{"delayed-retry-type":"failed","delayed-retry-min":5}
			""")
	void isAccepted(String definition) {
		assertThat(read(Map.of("definition", json(definition))).definition()).isEqualTo(json(definition));
	}

	@Test
	void allThatIsWrongIsNamed() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> read(
					Map.of("definition", Map.of("max-length", "z"), "apply-to", "foo", "priority", "y", "pattern", 5)))
			.withMessage("""
					Validation failed

					<<"z">> is not a valid maximum length
					apply-to 'foo' unrecognised; should be one of: 'queues', 'classic_queues',  'quorum_queues', \
					'streams', 'exchanges', or 'all'
					pattern should be a binary but was 5
					priority should be a number, actually was <<"y">>
					""");
	}

	@Test
	void aPatternThatIsNoRegularExpressionIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> read(Map.of("pattern", "(", "definition", DEFINITION)))
			.withMessageStartingWith("Validation failed\n\npattern should be regular expression but is invalid: {\"");
	}

	@Test
	void aBraceIsACharacter() {
		assertThat(read(Map.of("pattern", "a{", "definition", DEFINITION)).pattern()).isEqualTo("a{");
	}

	@Test
	void anOperatorSetsLess() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> PolicyReader.read("/", "a",
					Map.of("pattern", "", "definition", Map.of("dead-letter-exchange", "x")), true, Dialect.V4_3))
			.withMessageContaining("[{<<\"dead-letter-exchange\">>,<<\"x\">>}] are not recognised policy settings");
	}

	@Test
	void mirroredQueuesArePoliciesOfOlderVersions() {
		Map<String, Object> definition = Map.of("ha-mode", "exactly", "ha-params", 2, "ha-sync-mode", "automatic");

		assertThat(PolicyReader.read("/", "a", Map.of("pattern", "", "definition", definition), false, Dialect.V3_10)
			.definition()).isEqualTo(definition);
	}

	private static Policy read(Map<String, ? extends @Nullable Object> json) {
		Map<String, @Nullable Object> all = new HashMap<>(Map.of("pattern", "a"));
		all.putAll(json);
		return PolicyReader.read("/", "a", all, false, Dialect.V4_3);
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> json(String text) {
		return new JsonMapper().readValue(text, Map.class);
	}

}
