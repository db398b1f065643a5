package dev.warren.logs;

/**
 * A line as a log shows it. Control characters are escaped: what strangers send must not
 * look like other lines, nor command a terminal.
 */
final class PrintableLine {

	private PrintableLine() {
	}

	static String of(LogLine line) {
		return printable(line.routingKey()) + ": " + printable(line.message());
	}

	private static String printable(String text) {
		StringBuilder printable = new StringBuilder(text.length());
		text.codePoints().forEach((codePoint) -> {
			if (Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.FORMAT
					|| codePoint == '\u2028' || codePoint == '\u2029') {
				printable.append("\\u{%x}".formatted(codePoint));
			}
			else {
				printable.appendCodePoint(codePoint);
			}
		});
		return printable.toString();
	}

}
