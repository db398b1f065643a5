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

	private final byte[] utf8;

	private Text(byte[] utf8) {
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
		if (text == null || text.isEmpty()) {
			throw new ProblemException(ProblemType.INVALID_VALUE, "'text' must not be empty", FIELD);
		}
		if (!isUnicode(text)) {
			throw new ProblemException(ProblemType.INVALID_VALUE, "'text' has half a surrogate pair", FIELD);
		}
		return checked(text.getBytes(StandardCharsets.UTF_8));
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

	static boolean isUnicode(String text) {
		return StandardCharsets.UTF_8.newEncoder().canEncode(text);
	}

	private static Text checked(byte[] utf8) {
		if (utf8.length > MAX_SIZE) {
			throw new ProblemException(ProblemType.TOO_LARGE,
					"'text' has %d bytes, %d more than allowed".formatted(utf8.length, utf8.length - MAX_SIZE), FIELD);
		}
		return new Text(utf8);
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

}
