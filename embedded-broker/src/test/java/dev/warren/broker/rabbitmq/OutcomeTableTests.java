package dev.warren.broker.rabbitmq;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.RabbitMqVersion;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What comes of each argument with each kind of value, and of each method, for every type
 * of queue: as the RabbitMQ of each version has it, down to the texts. Streams apart,
 * which are not supported.
 * <p>
 * Against a RabbitMQ, this holds the table of its version to it, or writes the table:
 * {@code RABBITMQ_BIN=… src/test/rabbitmq.sh ../mvnw test -Dtest=OutcomeTableTests
 * -Dwarren.test.record=true}.
 */
@Tag("compatibility")
@ExtendWith(BrokerUnderTest.class)
class OutcomeTableTests {

	@ParameterizedTest
	@EnumSource
	void eachArgumentAndMethodHasTheOutcomeOfRabbitMq(RabbitMqVersion version, TestClient client) throws Exception {
		OutcomeTable actual;
		if (BrokerUnderTest.isRabbitMq()) {
			Assumptions.assumeTrue(version == BrokerUnderTest.version(), "another version");
			actual = OutcomeCases.tryAll(client);
			if (Boolean.getBoolean("warren.test.record")) {
				actual.write(version);
				return;
			}
		}
		else {
			try (EmbeddedBroker broker = EmbeddedBroker.builder().version(version).start();
					TestClient own = new TestClient(broker.host(), broker.port())) {
				actual = OutcomeCases.tryAll(own);
			}
		}

		assertThat(differences(OutcomeTable.of(version).lines(), actual.lines())).isEmpty();
	}

	private static List<String> differences(Map<String, String> expected, Map<String, String> actual) {
		List<String> differences = new ArrayList<>();
		TreeSet<String> cases = new TreeSet<>(expected.keySet());
		cases.addAll(actual.keySet());
		for (String one : cases) {
			String wanted = String.valueOf(expected.get(one));
			String got = String.valueOf(actual.get(one));
			if (!wanted.equals(got)) {
				differences.add("%s: expected %s but was %s".formatted(one, wanted, got));
			}
		}
		return differences;
	}

}
