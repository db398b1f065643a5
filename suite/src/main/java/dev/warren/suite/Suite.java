package dev.warren.suite;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.warren.broker.EmbeddedBroker;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.util.Assert;

/**
 * The running parts. They start at the same time: a service reaches the point where it
 * needs the broker's address about when the broker has one.
 */
final class Suite implements AutoCloseable {

	private final SuiteArguments arguments;

	private final CompletableFuture<EmbeddedBroker> broker = new CompletableFuture<>();

	private final Map<Part, CompletableFuture<ConfigurableApplicationContext>> parts = new LinkedHashMap<>();

	Suite(SuiteArguments arguments) {
		this.arguments = arguments;
	}

	/**
	 * Starts all parts and waits until they are ready.
	 * @return whether they all are; if not, the log says why
	 */
	boolean start() {
		if (this.arguments.isBrokerEnabled()) {
			this.parts.put(Part.BROKER, run(Part.BROKER));
		}
		Part.SERVICES.forEach((service) -> this.parts.put(service, run(service)));
		try {
			// In order: without the broker the services would wait for ever.
			this.parts.values().forEach(CompletableFuture::join);
			return true;
		}
		catch (CompletionException ex) {
			return false;
		}
	}

	private CompletableFuture<ConfigurableApplicationContext> run(Part part) {
		CompletableFuture<ConfigurableApplicationContext> running = new CompletableFuture<>();
		Thread starter = new Thread(() -> {
			PartName.set(part);
			try {
				SpringApplication application = part.application().get();
				application.setRegisterShutdownHook(false);
				application.setLogStartupInfo(false);
				if (part == Part.BROKER) {
					application.addInitializers(this::awaitBroker);
				}
				else if (this.arguments.isBrokerEnabled()) {
					application.addInitializers(this::pointAtBroker);
				}
				running.complete(application.run(this.arguments.forPart(part)));
			}
			catch (RuntimeException | Error ex) {
				running.completeExceptionally(ex);
			}
		}, part.name());
		starter.setDaemon(true);
		starter.start();
		return running;
	}

	private void awaitBroker(ConfigurableApplicationContext context) {
		context.getBeanFactory().addBeanPostProcessor(new BeanPostProcessor() {

			@Override
			public Object postProcessAfterInitialization(Object bean, String beanName) {
				if (bean instanceof EmbeddedBroker started) {
					Suite.this.broker.complete(started);
				}
				return bean;
			}

		});
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
		this.parts.keySet().forEach((part) -> welcome.append(line(part.name(), url(part), part.lesson())));
		EmbeddedBroker started = this.broker.getNow(null);
		if (started != null) {
			welcome.append(line("", "amqp://%s:%d".formatted(started.host(), started.port()),
					started.dataDir().map((directory) -> "queues and messages in " + directory).orElse("in memory")));
		}
		return welcome
			.append("%n  curl -d 'Hello World!' -H 'Content-Type: text/plain' %s/messages%n"
				.formatted(url(Part.SERVICES.get(0))))
			.toString();
	}

	private static String line(String name, String url, String remark) {
		return "  %-20s %-24s %s%n".formatted(name, url, remark);
	}

	/**
	 * Where a part listens for HTTP.
	 */
	String url(Part part) {
		CompletableFuture<ConfigurableApplicationContext> running = this.parts.get(part);
		Assert.state(running != null, () -> part.name() + " does not run");
		return "http://localhost:" + running.join().getEnvironment().getProperty("local.server.port");
	}

	/**
	 * Stops the services, at the same time, and then the broker.
	 */
	@Override
	public void close() {
		CompletableFuture.allOf(Part.SERVICES.stream().map(this::stop).toArray(CompletableFuture<?>[]::new)).join();
		stop(Part.BROKER).join();
	}

	private CompletableFuture<Void> stop(Part part) {
		CompletableFuture<ConfigurableApplicationContext> running = this.parts.get(part);
		if (running == null || !running.isDone() || running.isCompletedExceptionally()) {
			return CompletableFuture.completedFuture(null);
		}
		return CompletableFuture.runAsync(running.join()::close, (task) -> new Thread(() -> {
			PartName.set(part);
			task.run();
		}, part.name() + "-shutdown").start());
	}

}
