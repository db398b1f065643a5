package dev.warren.suite;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.logging.LogFile;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.logging.LoggingSystemProperties;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Starts the broker and every service in this JVM, and stops them in order on
 * {@code Ctrl-C}: first the services, then the broker.
 */
public final class SuiteApplication {

	/** What seven parts would each say on starting; the table says it for all. */
	private static final List<String> TALKATIVE = List.of("org.springframework.boot.tomcat.TomcatWebServer",
			"org.springframework.boot.web", "org.springframework.boot.actuate.endpoint.web", "org.apache.catalina.core",
			"io.opentelemetry.sdk");

	private SuiteApplication() {
	}

	/**
	 * Starts the suite.
	 * @param arguments properties for all, such as {@code --warren.broker.store=memory},
	 * or for one part, such as {@code --hello-service.server.port=9081}
	 * @throws InterruptedException if the main thread is interrupted
	 */
	public static void main(String[] arguments) throws InterruptedException {
		SuiteArguments suiteArguments = new SuiteArguments(arguments);
		startLogging(suiteArguments.environment());
		Thread.setDefaultUncaughtExceptionHandler(SuiteApplication::log);
		Suite suite = new Suite(suiteArguments);
		Runtime.getRuntime().addShutdownHook(new Thread(suite::close, "suite-shutdown"));
		if (!suite.start()) {
			suite.close();
			StartFailures.print();
			System.exit(1);
		}
		System.out.println(suite.welcome());
		new CountDownLatch(1).await();
	}

	/**
	 * Spring's threads that close channels fail when a part closes meanwhile, which is
	 * nothing to show a stack trace for.
	 */
	private static void log(Thread thread, Throwable failure) {
		Logger logger = LoggerFactory.getLogger(SuiteApplication.class);
		logger.warn("The thread '{}' ended with {}", thread.getName(), failure.toString());
		logger.debug("The thread ended", failure);
	}

	/**
	 * Starts logging before any part does: several at once would get into each other's
	 * way, and the first would name itself in every line.
	 */
	private static void startLogging(StandardEnvironment environment) {
		PartName.register();
		environment.getPropertySources()
			.addLast(new MapPropertySource("suite", Map.of("logging.pattern.console",
					"%d{HH:mm:ss.SSS} %5p %-18part [%X{traceId:-}] %-36.36logger{36} : %m%n%wEx")));
		LoggingSystem logging = LoggingSystem.get(SuiteApplication.class.getClassLoader());
		logging.beforeInitialize();
		LogFile file = LogFile.get(environment);
		new LoggingSystemProperties(environment).apply(file);
		logging.initialize(new LoggingInitializationContext(environment), null, file);
		TALKATIVE.forEach((logger) -> logging.setLogLevel(logger, LogLevel.WARN));
		// StartFailures reports what it would.
		logging.setLogLevel("org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter", LogLevel.OFF);
	}

}
