package dev.warren.messaging.log;

import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class PrintableTests {

	@ParameterizedTest
	@MethodSource
	void whatIsNotPrintableIsEscaped(String text, String expected) {
		assertThat(Printable.line(text)).isEqualTo(expected);
		assertThat(Printable.text(text)).isEqualTo(expected);
	}

	static Stream<Arguments> whatIsNotPrintableIsEscaped() {
		return Stream.of(arguments("", ""), arguments("Hello World!", "Hello World!"), arguments(null, "null"),
				arguments("gr\u00fcn \u2713 \ud83d\udc30 \u4f60\u597d", "gr\u00fcn \u2713 \ud83d\udc30 \u4f60\u597d"),
				arguments("\u001b[31mred\u001b[0m", "\\u001b[31mred\\u001b[0m"),
				arguments("one\ntwo\r\nthree\ttab", "one\\u000atwo\\u000d\\u000athree\\u0009tab"),
				arguments("\0\u0007\b\u007f", "\\u0000\\u0007\\u0008\\u007f"),
				arguments("\u0085\u009b31m", "\\u0085\\u009b31m"), arguments("\u2028\u2029", "\\u2028\\u2029"),
				arguments("\u202e\u202a\u2066\u2069\u200e\u200f\u061c",
						"\\u202e\\u202a\\u2066\\u2069\\u200e\\u200f\\u061c"),
				arguments("\u200b\ufeff", "\\u200b\\ufeff"), arguments("\udb40\udc41", "\\udb40\\udc41"),
				arguments("\ud83d", "\\ud83d"), arguments("a\udc30b", "a\\udc30b"),
				arguments("C:\\u001b", "C:\\u001b"));
	}

	@Test
	void aLongTextIsCut() {
		assertThat(Printable.line("x".repeat(200))).isEqualTo("x".repeat(200));
		assertThat(Printable.line("x".repeat(201))).isEqualTo("x".repeat(200) + "\u2026");
		assertThat(Printable.line("\n".repeat(10_000_000))).hasSize(200 * 6 + 1);
		assertThat(Printable.text("x".repeat(201))).isEqualTo("x".repeat(201));
	}

	@Test
	void aCharacterIsNotCutInTwo() {
		assertThat(Printable.line("x".repeat(199) + "\ud83d\udc30")).isEqualTo("x".repeat(199) + "\u2026");
	}

}
