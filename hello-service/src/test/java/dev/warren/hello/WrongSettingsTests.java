package dev.warren.hello;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * A service on its own, with settings that are wrong.
 */
@ExtendWith(OutputCaptureExtension.class)
class WrongSettingsTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			--warren.hello.recievers=3   | There is no property 'warren.hello.recievers'.
			--warren.helo.receivers=3    | There is no property 'warren.helo.receivers'.
			--warren.hello.receivers=one | 'warren.hello.receivers' cannot be 'one'.
			""")
	void whatIsWrongIsSaid(String argument, String words, CapturedOutput output) {
		assertThatException().isThrownBy(() -> HelloServiceApplication.application().run(argument, "--server.port=0"));

		assertThat(output).contains(words).doesNotContain("Binding to target");
	}

}
