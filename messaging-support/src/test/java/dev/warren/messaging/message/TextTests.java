package dev.warren.messaging.message;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

import dev.warren.messaging.problem.ProblemException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.amqp.core.Message;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TextTests {

	private static final MediaType PLAIN = MediaType.TEXT_PLAIN;

	@ParameterizedTest
	@MethodSource
	void aTextIsTheBodyAsUtf8(String text) {
		Message message = Text.of(text).toMessage("id-1", "app");

		assertThat(message.getBody()).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
		assertThat(message.getMessageProperties().getContentType()).isEqualTo("text/plain");
		assertThat(message.getMessageProperties().getContentEncoding()).isEqualTo("UTF-8");
		assertThat(message.getMessageProperties().getMessageId()).isEqualTo("id-1");
		assertThat(message.getMessageProperties().getAppId()).isEqualTo("app");
		assertThat(message.getMessageProperties().getTimestamp()).isNotNull();
	}

	static Stream<String> aTextIsTheBodyAsUtf8() {
		return Stream.of("Hello World!", " ", "\0", "\u2713 \ud83d\ude00", "x".repeat(Text.MAX_SIZE),
				"\u00fc".repeat(Text.MAX_SIZE / 2));
	}

	@ParameterizedTest
	@NullAndEmptySource
	@ValueSource(strings = { "\ud83d", "\ude00", "\ude00\ud83d" })
	void aTextThatIsMissingEmptyOrNotUnicodeIsRefused(@Nullable String text) {
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> Text.of(text))
			.satisfies((ex) -> assertThat(ex.getStatusCode()).isEqualTo(HttpStatus.BAD_REQUEST))
			.satisfies((ex) -> assertThat(ex.getBody().getProperties()).containsEntry("field", "text"));
	}

	@Test
	void aTextIsTooLargeByItsBytesNotItsCharacters() {
		assertThatExceptionOfType(ProblemException.class)
			.isThrownBy(() -> Text.of("\u00fc".repeat(Text.MAX_SIZE / 2) + "x"))
			.withMessageContaining("1 more than allowed")
			.satisfies((ex) -> assertThat(ex.getStatusCode()).isEqualTo(HttpStatus.CONTENT_TOO_LARGE));
	}

	@Test
	void aBodyIsReadInTheCharsetOfItsContentTypeAndSentAsUtf8() {
		for (Charset charset : new Charset[] { StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16,
				StandardCharsets.UTF_8 }) {
			Text text = Text.of("gr\u00fcn".getBytes(charset), new MediaType(PLAIN, charset));

			assertThat(text.toMessage("id", "app").getBody()).isEqualTo("gr\u00fcn".getBytes(StandardCharsets.UTF_8));
		}
	}

	@Test
	void aBodyThatIsNotInItsCharsetIsRefused() {
		byte[] latin1 = "gr\u00fcn".getBytes(StandardCharsets.ISO_8859_1);

		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> Text.of(latin1, PLAIN))
			.withMessageContaining("charset");
		assertThatExceptionOfType(ProblemException.class)
			.isThrownBy(() -> Text.of(latin1, new MediaType(PLAIN, StandardCharsets.US_ASCII)))
			.withMessageContaining("charset");
	}

}
