package dev.warren.broker;

import java.io.PrintStream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Keeps what Qpid logs out of the way: a broker in a test is no news.
 */
final class QuietLogging {

	private static final String QPID = "org.apache.qpid";

	private QuietLogging() {
	}

	/**
	 * Has SLF4J look for its provider, without complaint where there is none; and with
	 * Logback, which is Spring Boot's, has Qpid log warnings only, unless its level is
	 * set. Spring Boot resets Logback as an application starts: to be called before
	 * whatever has Qpid log.
	 */
	static void begin() {
		ILoggerFactory loggers = findLoggers();
		if (loggers.getClass().getName().equals("ch.qos.logback.classic.LoggerContext")) {
			Logback.quietQpid();
		}
	}

	private static ILoggerFactory findLoggers() {
		if (isPresent("META-INF/services/org.slf4j.spi.SLF4JServiceProvider")
				|| isPresent("org/slf4j/impl/StaticLoggerBinder.class")) {
			return LoggerFactory.getILoggerFactory();
		}
		// SLF4J 2 has a setting for it, but the RabbitMQ client brings 1.7.
		PrintStream err = System.err;
		System.setErr(new WithoutSlf4j(err));
		try {
			return LoggerFactory.getILoggerFactory();
		}
		finally {
			System.setErr(err);
		}
	}

	private static boolean isPresent(String resource) {
		return LoggerFactory.class.getClassLoader().getResource(resource) != null;
	}

	private static final class WithoutSlf4j extends PrintStream {

		WithoutSlf4j(PrintStream err) {
			super(err, true);
		}

		@Override
		public void println(@Nullable String line) {
			if (line == null || !line.startsWith("SLF4J")) {
				super.println(line);
			}
		}

	}

	/** Loaded only where there is Logback. */
	private static final class Logback {

		static void quietQpid() {
			Logger logger = (Logger) LoggerFactory.getLogger(QPID);
			if (logger.getLevel() == null) {
				logger.setLevel(Level.WARN);
			}
		}

	}

}
