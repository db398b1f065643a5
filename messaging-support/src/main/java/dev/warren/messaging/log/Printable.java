package dev.warren.messaging.log;

import org.jspecify.annotations.Nullable;

/**
 * Text of strangers as a log shows it: it must not look like other lines, command a
 * terminal, or fill the log.
 */
public final class Printable {

	private static final int MAX_LENGTH = 200;

	private Printable() {
	}

	/**
	 * Shows the beginning of a text in one line: what is not printable as
	 * {@link #text(String)} does, and of more than 200 characters the first 200, followed
	 * by an ellipsis.
	 * @param text the text, {@code null} if there is none
	 * @return the line, {@code null} as the word
	 */
	public static String line(@Nullable String text) {
		if (text == null || text.length() <= MAX_LENGTH) {
			return text(text);
		}
		// Not between the two halves of a character.
		int end = Character.isHighSurrogate(text.charAt(MAX_LENGTH - 1)) ? MAX_LENGTH - 1 : MAX_LENGTH;
		return text(text.substring(0, end)) + "\u2026";
	}

	/**
	 * Shows a whole text in one line: control characters, line and paragraph separators,
	 * and what is invisible or changes the direction of writing are escaped as in Java,
	 * such as <code>&#92;u001b</code>.
	 * @param text the text, {@code null} if there is none
	 * @return the line, {@code null} as the word
	 */
	public static String text(@Nullable String text) {
		if (text == null) {
			return "null";
		}
		StringBuilder printable = new StringBuilder(text.length());
		text.codePoints().forEach((codePoint) -> {
			if (isPrintable(codePoint)) {
				printable.appendCodePoint(codePoint);
			}
			else {
				for (char unit : Character.toChars(codePoint)) {
					printable.append("\\u%04x".formatted((int) unit));
				}
			}
		});
		return printable.toString();
	}

	private static boolean isPrintable(int codePoint) {
		return switch (Character.getType(codePoint)) {
			case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
					Character.SURROGATE ->
				false;
			default -> true;
		};
	}

}
