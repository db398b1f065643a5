package dev.warren.broker.rabbitmq;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.warren.broker.rabbitmq.connection.OperatorLog;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Notes the errors that are logged and the exceptions that end threads, until it is
 * closed.
 */
final class EngineErrors extends AppenderBase<ILoggingEvent> implements AutoCloseable {

	private static final List<String> BROKER = List.of("dev.warren.broker", "org.apache.qpid", "com.sleepycat");

	private final Queue<String> errors = new ConcurrentLinkedQueue<>();

	private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

	private final Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();

	private EngineErrors() {
	}

	static EngineErrors listen() {
		EngineErrors errors = new EngineErrors();
		errors.start();
		errors.root.addAppender(errors);
		Thread.setDefaultUncaughtExceptionHandler((thread, cause) -> {
			if (Stream.of(cause.getStackTrace())
				.map(StackTraceElement::getClassName)
				.anyMatch(EngineErrors::isBroker)) {
				errors.errors.add(thread + ": " + cause);
			}
		});
		return errors;
	}

	@Override
	protected void append(ILoggingEvent event) {
		// Clients of other tests in this JVM may still look for a broker that is gone.
		if (isBroker(event.getLoggerName()) && !event.getLoggerName().equals(OperatorLog.class.getName())
				&& event.getLevel().isGreaterOrEqual(Level.ERROR)) {
			this.errors.add(event.getFormattedMessage());
		}
	}

	private static boolean isBroker(String name) {
		return BROKER.stream().anyMatch(name::startsWith);
	}

	void assertNone() {
		assertThat(this.errors).as("errors of the broker").isEmpty();
	}

	@Override
	public void close() {
		Thread.setDefaultUncaughtExceptionHandler(this.handler);
		this.root.detachAppender(this);
	}

}
