package dev.warren.suite;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import org.jspecify.annotations.Nullable;

/**
 * The part a thread belongs to, for the log: the one whose thread it was started by.
 */
public final class PartName extends ClassicConverter {

	/**
	 * The conversion word for it in a Logback pattern.
	 */
	static final String CONVERSION_WORD = "part";

	private static final InheritableThreadLocal<@Nullable String> current = new InheritableThreadLocal<>();

	static void register() {
		PatternLayout.DEFAULT_CONVERTER_SUPPLIER_MAP.put(CONVERSION_WORD, PartName::new);
	}

	static void set(Part part) {
		current.set(part.name());
	}

	static String get() {
		String name = current.get();
		return (name != null) ? name : "suite";
	}

	@Override
	public String convert(ILoggingEvent event) {
		return get();
	}

}
