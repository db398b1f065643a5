package dev.warren.messaging.message;

import org.jspecify.annotations.Nullable;

/** Stub until the real one is merged. */
public final class Printable {

	private Printable() {
	}

	/** One line. */
	public static String line(@Nullable String text) {
		return String.valueOf(text).replaceAll("\\p{Cntrl}", "?");
	}

}
