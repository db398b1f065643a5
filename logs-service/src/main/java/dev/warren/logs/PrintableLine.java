package dev.warren.logs;

import dev.warren.messaging.message.Printable;

/**
 * A line as a log shows it: the whole of it, with what is not printable escaped.
 */
final class PrintableLine {

	private PrintableLine() {
	}

	static String of(LogLine line) {
		return Printable.text(line.routingKey()) + ": " + Printable.text(line.message());
	}

}
