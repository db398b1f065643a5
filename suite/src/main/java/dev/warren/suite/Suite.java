package dev.warren.suite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.app.EmbeddedBrokerApplication;
import dev.warren.console.BrokerRestart;
import dev.warren.messaging.settings.WrongPropertyFailureAnalyzer;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * The running parts. The broker and the first service start at the same time, and the
 * service reaches the point where it needs the broker's address about when the broker has
 * one. The others start once that service is ready, so that the first message can be sent
 * as early as possible, and the broker's HTTP side, which nothing waits for, with them.
 * The console is last, since it has to know where the others are.
 */
final class Suite implements AutoCloseable {

	private static final String ACCEPTING = "org.apache.qpid.server.transport.NonBlockingNetworkTransport";

	private final SuiteArguments arguments;

	// Another one after a restart.
	private volatile CompletableFuture<EmbeddedBroker> broker = new CompletableFuture<>();

	// From before they serve anything until the end: a part that is still starting is
	// stopped, too.
	private final Map<Part, ConfigurableApplicationContext> contexts = new ConcurrentHashMap<>();

	private volatile @Nullable ConfigurableApplicationContext brokerWithoutHttp;

	private @Nullable Map<String, Object> brokersAddresses;

	private final Object restarting = new Object();

	private boolean closed;

	Suite(SuiteArguments arguments) {
		this.arguments = arguments;
	}

	/**
	 * Starts all parts and waits until they are ready.
	 * @return whether they all are; if not, {@link StartFailures} or the log says why
	 */
	boolean start() {
		Part first = Part.SERVICES.get(0);
		List<Part> others = new ArrayList<>(Part.SERVICES.subList(1, Part.SERVICES.size()));
		try {
			if (this.arguments.isBrokerEnabled()) {
				CompletableFuture<?> brokerStarted = inThreadOf(Part.BROKER, () -> startBroker(Map.of()));
				CompletableFuture<?> firstStarted = inThreadOf(first, () -> startService(first));
				// The broker first: without it the service would wait for ever.
				brokerStarted.join();
				firstStarted.join();
				others.add(0, Part.BROKER);
			}
			else {
				inThreadOf(first, () -> startService(first)).join();
			}
			// All of them, even when one fails: who is stopped while it starts has
			// errors.
			CompletableFuture
				.allOf(others.stream()
					.map((part) -> inThreadOf(part, () -> startLater(part)))
					.toArray(CompletableFuture[]::new))
				.join();
			inThreadOf(Part.CONSOLE, this::startConsole).join();
			return true;
		}
		catch (BindException ex) {
			Optional.ofNullable(new WrongPropertyFailureAnalyzer().analyze(ex)).ifPresent(StartFailures::add);
			return false;
		}
		catch (CompletionException ex) {
			return false;
		}
	}

	private static CompletableFuture<Void> inThreadOf(Part part, Runnable task) {
		return CompletableFuture.runAsync(task, (asynchronous) -> {
			Thread thread = new Thread(() -> {
				PartName.set(part);
				asynchronous.run();
			}, part.name());
			thread.setDaemon(true);
			thread.start();
		});
	}

	private void startBroker(Map<String, Object> addresses) {
		SpringApplication application = EmbeddedBrokerApplication.withoutHttp();
		addFirst(application, addresses);
		ConfigurableApplicationContext context = run(Part.BROKER, application,
				(created) -> this.brokerWithoutHttp = created);
		this.broker.complete(context.getBean(EmbeddedBroker.class));
	}

	private void startLater(Part part) {
		if (part == Part.BROKER) {
			startBrokersHttp(Map.of());
		}
		else {
			startService(part);
		}
	}

	private void startBrokersHttp(Map<String, Object> addresses) {
		SpringApplication application = Part.BROKER.application().get();
		addFirst(application, addresses);
		// Registered as it is, it is not closed with that context.
		application.addInitializers(
				(context) -> context.getBeanFactory().registerSingleton("embeddedBroker", this.broker.join()));
		run(Part.BROKER, application, (context) -> this.contexts.put(Part.BROKER, context));
	}

	private void startConsole() {
		SpringApplication application = Part.CONSOLE.application().get();
		Map<String, Object> addresses = new HashMap<>();
		Part.SERVICES.forEach((service) -> addresses
			.put("warren.console.services.%s.url".formatted(service.name().replace("-service", "")), url(service)));
		RabbitConnectionDetails details = Objects.requireNonNull(this.contexts.get(Part.SERVICES.get(0)))
			.getBean(RabbitConnectionDetails.class);
		addresses.put("warren.console.broker.url", this.arguments.isBrokerEnabled() ? url(Part.BROKER)
				: "http://%s:15672".formatted(details.getFirstAddress().host()));
		addresses.put("warren.console.broker.username", Objects.requireNonNullElse(details.getUsername(), "guest"));
		addresses.put("warren.console.broker.password", Objects.requireNonNullElse(details.getPassword(), "guest"));
		addresses.put("warren.console.broker.virtual-host", Objects.requireNonNullElse(details.getVirtualHost(), "/"));
		application.addInitializers((context) -> {
			// What the user says counts more.
			context.getEnvironment()
				.getPropertySources()
				.addAfter(CommandLinePropertySource.COMMAND_LINE_PROPERTY_SOURCE_NAME,
						new MapPropertySource("suite", addresses));
			if (this.arguments.isBrokerEnabled()) {
				context.getBeanFactory().registerSingleton("brokerRestart", (BrokerRestart) this::restartBroker);
			}
		});
		run(Part.CONSOLE, application, (context) -> this.contexts.put(Part.CONSOLE, context));
	}

	private static void addFirst(SpringApplication application, Map<String, Object> properties) {
		application.addInitializers((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("suite", properties)));
	}

	/**
	 * Stops the broker and starts it again where it was. The services stay, and connect
	 * again by themselves.
	 */
	private void restartBroker() {
		inThreadOf(Part.BROKER, () -> {
			synchronized (this.restarting) {
				if (!this.closed) {
					// Kept, so that it can be tried again if the broker does not start.
					Map<String, Object> addresses = Objects.requireNonNullElseGet(this.brokersAddresses,
							this::brokersAddresses);
					this.brokersAddresses = addresses;
					LoggingSystem logging = LoggingSystem.get(Suite.class.getClassLoader());
					// An error for each service that tries to connect while the port
					// closes.
					logging.setLogLevel(ACCEPTING, LogLevel.OFF);
					try {
						stopBroker();
					}
					finally {
						logging.setLogLevel(ACCEPTING, null);
					}
					this.broker = new CompletableFuture<>();
					startBroker(addresses);
					startBrokersHttp(addresses);
				}
			}
		}).join();
	}

	// The ports it has, should any free ones have been asked for.
	private Map<String, Object> brokersAddresses() {
		Map<String, Object> addresses = new HashMap<>();
		ConfigurableEnvironment http = Objects.requireNonNull(this.contexts.get(Part.BROKER)).getEnvironment();
		addresses.put("server.port", Objects.requireNonNull(http.getProperty("local.server.port")));
		EmbeddedBroker running = this.broker.join();
		if (running.port() > 0) {
			addresses.put("warren.broker.port", running.port());
		}
		if (running.sslPort() > 0) {
			addresses.put("warren.broker.ssl.port", running.sslPort());
		}
		return addresses;
	}

	private void startService(Part part) {
		SpringApplication application = part.application().get();
		if (this.arguments.isBrokerEnabled()) {
			application.addInitializers(this::pointAtBroker);
		}
		run(part, application, (context) -> this.contexts.put(part, context));
	}

	private ConfigurableApplicationContext run(Part part, SpringApplication application,
			Consumer<ConfigurableApplicationContext> onCreated) {
		application.addInitializers(onCreated::accept, Suite::leaveLoggingOn);
		application.setRegisterShutdownHook(false);
		application.setLogStartupInfo(false);
		return application.run(this.arguments.forPart(part));
	}

	// Spring Boot ends logging, which is everybody's here, with the first application
	// that
	// is stopped, unless there is something of this name to do it.
	private static void leaveLoggingOn(ConfigurableApplicationContext context) {
		context.getBeanFactory().registerSingleton("springBootLoggingLifecycle", "the suite's");
	}

	// The service waits here, rather than for a retry, until the broker has a port.
	private void pointAtBroker(ConfigurableApplicationContext context) {
		((GenericApplicationContext) context).registerBean(RabbitConnectionDetails.class,
				() -> new SuiteBrokerDetails(this.broker.join()));
	}

	/**
	 * What runs where, and a first command.
	 */
	String welcome() {
		StringBuilder welcome = new StringBuilder("%n".formatted());
		welcome.append(line(Part.CONSOLE.name(), url(Part.CONSOLE), Part.CONSOLE.lesson()));
		if (this.arguments.isBrokerEnabled()) {
			EmbeddedBroker started = this.broker.join();
			welcome.append(line(Part.BROKER.name(), url(Part.BROKER), Part.BROKER.lesson()));
			welcome.append(line("", "amqp://%s:%d".formatted(started.host(), started.port()),
					started.dataDir().map((directory) -> "queues and messages in " + directory).orElse("in memory")));
		}
		Part.SERVICES.forEach((service) -> welcome.append(line(service.name(), url(service), service.lesson())));
		return welcome.append("%n  curl -d 'Hello World!' %s/messages%n".formatted(url(Part.SERVICES.get(0))))
			.toString();
	}

	private static String line(String name, String url, String remark) {
		return "  %-20s %-24s %s%n".formatted(name, url, remark);
	}

	private String url(Part part) {
		ConfigurableApplicationContext context = Objects.requireNonNull(this.contexts.get(part));
		return "http://localhost:" + context.getEnvironment().getProperty("local.server.port");
	}

	/**
	 * Stops the services and the console, at the same time, and then, even if one of them
	 * fails to stop, the broker.
	 */
	@Override
	public void close() {
		try {
			CompletableFuture
				.allOf(this.contexts.keySet()
					.stream()
					.filter((part) -> part != Part.BROKER)
					.map((part) -> inThreadOf(part, () -> stop(this.contexts.get(part))))
					.toArray(CompletableFuture[]::new))
				.join();
		}
		finally {
			inThreadOf(Part.BROKER, () -> {
				synchronized (this.restarting) {
					this.closed = true;
					stopBroker();
				}
			}).join();
		}
	}

	private void stopBroker() {
		try {
			stop(this.contexts.get(Part.BROKER));
		}
		finally {
			stop(this.brokerWithoutHttp);
		}
	}

	private static void stop(@Nullable ConfigurableApplicationContext context) {
		if (context != null) {
			context.close();
		}
	}

}
