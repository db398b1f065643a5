package dev.warren.messaging.log;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class MessageLogTests {

	private final MessageLog log = new MessageLog();

	@Test
	void aLineIsInTheTutorialsOwnWords(CapturedOutput output) {
		this.log.line("Sent '{}'", "Hello World!");

		assertThat(output).contains(" [x] Sent 'Hello World!'");
	}

	@Test
	void ofMoreThanFiftyLinesInASecondTheRestIsCounted(CapturedOutput output) {
		for (int i = 1; i <= 60; i++) {
			this.log.line("Sent '{}'", i);
		}
		this.log.countTheRest();
		this.log.countTheRest();
		this.log.line("Sent '{}'", "in the next second");

		assertThat(output).contains("[x] Sent '50'")
			.doesNotContain("[x] Sent '51'")
			.containsOnlyOnce("[x] and 10 more within a second")
			.contains("[x] Sent 'in the next second'");
	}

	@Test
	void whatStrangersWroteStaysOnItsLine(CapturedOutput output) {
		this.log.line("Sent '{}'", "x\n2026-01-01 ERROR forged\u001b[31m");

		assertThat(output.getAll().lines()).filteredOn((line) -> line.contains("forged")).hasSize(1);
		assertThat(output).doesNotContain("\u001b");
	}

	@Test
	void whatLooksLikeAPlaceForAValueIsShownAsItIs(CapturedOutput output) {
		this.log.line("Sent '{}'", "{} {}");

		assertThat(output).contains("[x] Sent '{} {}'");
	}

}
