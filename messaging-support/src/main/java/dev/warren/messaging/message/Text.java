package dev.warren.messaging.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Date;

import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.http.MediaType;

/**
 * A text that a request wants sent, on its way to a message body.
 */
public final class Text {

	/**
	 * The largest text that is accepted, as UTF-8, in bytes.
	 */
	public static final int MAX_SIZE = 64 * 1024;

	private static final String FIELD = "text";

	private final String text;

	private final byte[] utf8;

	private Text(String text, byte[] utf8) {
		this.text = text;
		this.utf8 = utf8;
	}

	/**
	 * A text that came in JSON.
	 * @param text the text
	 * @return the text
	 * @throws ProblemException if it is missing, empty, larger than {@link #MAX_SIZE} or
	 * not Unicode
	 */
	public static Text of(@Nullable String text) {
		return of(text, FIELD);
	}

	/**
	 * A text that came in JSON, in a field of another name than {@code text}.
	 * @param text the text
	 * @param field the name of the field, for the problem
	 * @return the text
	 * @throws ProblemException if it is missing, empty, larger than {@link #MAX_SIZE} or
	 * not Unicode
	 */
	public static Text of(@Nullable String text, String field) {
		if (text == null || text.isEmpty()) {
			throw new ProblemException(ProblemType.INVALID_VALUE, "'%s' must not be empty".formatted(field), field);
		}
		if (!isUnicode(text)) {
			throw new ProblemException(ProblemType.INVALID_VALUE, "'%s' has half a surrogate pair".formatted(field),
					field);
		}
		byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
		if (utf8.length > MAX_SIZE) {
			throw new ProblemException(ProblemType.TOO_LARGE,
					"'%s' has %d bytes, %d more than allowed".formatted(field, utf8.length, utf8.length - MAX_SIZE),
					field);
		}
		return new Text(text, utf8);
	}

	/**
	 * A text that is a whole request body.
	 * @param body the body
	 * @param contentType its type, which may name a charset; UTF-8 if it does not
	 * @return the text
	 * @throws ProblemException if it is empty, larger than {@link #MAX_SIZE} or not in
	 * that charset
	 */
	public static Text of(byte[] body, MediaType contentType) {
		Charset charset = contentType.getCharset();
		try {
			return of(((charset != null) ? charset : StandardCharsets.UTF_8).newDecoder()
				.decode(ByteBuffer.wrap(body))
				.toString());
		}
		catch (CharacterCodingException ex) {
			throw new ProblemException(ProblemType.INVALID_VALUE, "The text is not in the charset of its Content-Type",
					FIELD);
		}
	}

	/**
	 * Whether a text can be written as UTF-8: it has no half of a surrogate pair.
	 * @param text the text
	 * @return whether it can
	 */
	public static boolean isUnicode(String text) {
		for (int i = 0; i < text.length(); i++) {
			if (Character.isSurrogate(text.charAt(i))) {
				return StandardCharsets.UTF_8.newEncoder().canEncode(text.substring(i));
			}
		}
		return true;
	}

	/**
	 * A message with this text as its body, exactly as the tutorials' programs send it.
	 * @param messageId the message's id
	 * @param appId the application that sends it
	 * @return a message with the content type and encoding, the id, the time and the
	 * application set
	 */
	public Message toMessage(String messageId, String appId) {
		MessageProperties properties = new MessageProperties();
		properties.setContentType(MediaType.TEXT_PLAIN_VALUE);
		properties.setContentEncoding(StandardCharsets.UTF_8.name());
		properties.setMessageId(messageId);
		properties.setTimestamp(new Date());
		properties.setAppId(appId);
		return new Message(this.utf8, properties);
	}

	/**
	 * The text.
	 */
	@Override
	public String toString() {
		return this.text;
	}

}
