package dev.warren.broker.management;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the node says about the machine that it is on.
 */
class NodeControllerTests {

	/** RabbitMQ's own {@code rabbitmqadmin} reads the number of files into 32 bits. */
	@ParameterizedTest
	@CsvSource({ "20000, 20000", "-1, 2147483647", "9223372036854775807, 2147483647", "0, 0" })
	void aSystemWithoutALimitForFilesCanBeRead(long files, long shown) {
		assertThat(NodeController.readable(files)).isEqualTo(shown);
	}

}
