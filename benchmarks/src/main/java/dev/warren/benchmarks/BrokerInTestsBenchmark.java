package dev.warren.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.warren.broker.EmbeddedBroker;

import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What the embedded broker costs a test suite: to start it, to give a test class a
 * virtual host, to empty that before a test, and what a Spring context takes longer with
 * it than without.
 */
public final class BrokerInTestsBenchmark {

	private static final int STARTS = Integer.getInteger("starts", 31);

	private static final int CLASSES = Integer.getInteger("classes", 1000);

	private static final int PARALLEL = 8;

	private static final int QUEUES = 100;

	private static final int MESSAGES = 1000;

	private static final int RESETS = 51;

	private static final int CONTEXTS = Integer.getInteger("contexts", 11);

	private static final byte[] BODY = new byte[100];

	private static final AtomicInteger count = new AtomicInteger();

	private BrokerInTestsBenchmark() {
	}

	/**
	 * Runs the benchmark and prints its figures as Markdown.
	 * @param arguments none
	 * @throws Exception if something fails
	 */
	public static void main(String[] arguments) throws Exception {
		System.out.println(Machine.describe());
		System.out.println("\n| | median | longest |\n|---|---|---|");
		List<Double> starts = new ArrayList<>();
		for (int i = 0; i < STARTS; i++) {
			long begin = System.nanoTime();
			EmbeddedBroker broker = EmbeddedBroker.builder().start();
			starts.add(millisSince(begin));
			broker.close();
		}
		print("first start in the JVM", starts.subList(0, 1));
		print("later starts", starts.subList(1, starts.size()));
		try (EmbeddedBroker broker = EmbeddedBroker.builder().start()) {
			virtualHosts(broker);
			resets(broker);
			contexts(broker);
		}
	}

	private static void virtualHosts(EmbeddedBroker broker) throws Exception {
		print("virtual host for a class, of the first 20 classes", classes(broker, 20));
		classes(broker, 80);
		int threads = threads();
		long heap = heap();
		print("virtual host for a class, of %d".formatted(CLASSES), classes(broker, CLASSES));
		int threadsLeft = threads();
		long heapLeft = heap();
		ExecutorService executor = Executors.newFixedThreadPool(PARALLEL);
		List<Future<List<Double>>> all = new ArrayList<>();
		for (int i = 0; i < PARALLEL; i++) {
			all.add(executor.submit(() -> classes(broker, CLASSES / PARALLEL)));
		}
		List<Double> inParallel = new ArrayList<>();
		for (Future<List<Double>> one : all) {
			inParallel.addAll(one.get());
		}
		executor.shutdown();
		print("virtual host for a class, %d at once".formatted(PARALLEL), inParallel);
		System.out.printf("%n%d classes: heap before %d kB, after %d kB; threads %d, %d%n%n| | | |%n|---|---|---|%n",
				CLASSES, heap / 1000, heapLeft / 1000, threads, threadsLeft);
	}

	/**
	 * Test classes that declare a queue and have a message go through.
	 * @return the milliseconds that each waited for its virtual host, to come and to go
	 */
	private static List<Double> classes(EmbeddedBroker broker, int number) throws Exception {
		List<Double> times = new ArrayList<>();
		for (int i = 0; i < number; i++) {
			long begin = System.nanoTime();
			EmbeddedBroker ofClass = broker.withVirtualHost("class-" + count.incrementAndGet());
			double time = millisSince(begin);
			try (Connection connection = connect(ofClass); Channel channel = connection.createChannel()) {
				channel.queueDeclare("hello", true, false, false, null);
				channel.basicPublish("", "hello", null, BODY);
				channel.basicGet("hello", true);
			}
			begin = System.nanoTime();
			ofClass.close();
			times.add(time + millisSince(begin));
		}
		return times;
	}

	private static void resets(EmbeddedBroker broker) throws Exception {
		List<Double> times = new ArrayList<>();
		try (EmbeddedBroker ofClass = broker.withVirtualHost("resets");
				Connection connection = connect(ofClass);
				Channel channel = connection.createChannel()) {
			for (int queue = 0; queue < QUEUES; queue++) {
				channel.queueDeclare("queue" + queue, true, false, false, null);
			}
			channel.confirmSelect();
			for (int i = 0; i < RESETS; i++) {
				for (int message = 0; message < MESSAGES; message++) {
					channel.basicPublish("", "queue" + message % QUEUES, null, BODY);
				}
				channel.waitForConfirmsOrDie(30_000);
				long begin = System.nanoTime();
				ofClass.reset();
				times.add(millisSince(begin));
			}
		}
		print("reset of %d queues with %d messages".formatted(QUEUES, MESSAGES), times);
	}

	private static void contexts(EmbeddedBroker broker) throws Exception {
		List<Double> with = new ArrayList<>();
		List<Double> without = new ArrayList<>();
		for (int i = 0; i < CONTEXTS; i++) {
			long begin = System.nanoTime();
			EmbeddedBroker ofClass = broker.withVirtualHost("context-" + i);
			ConfigurableApplicationContext context = start("--spring.rabbitmq.addresses=" + ofClass.uri());
			context.getBean(RabbitTemplate.class).convertAndSend("orders", "Hello World!");
			if (context.getBean(Application.class).received.poll(10, TimeUnit.SECONDS) == null) {
				throw new IllegalStateException("Nothing received");
			}
			with.add(millisSince(begin));
			context.close();
			ofClass.close();

			begin = System.nanoTime();
			context = start("--spring.rabbitmq.listener.simple.auto-startup=false");
			without.add(millisSince(begin));
			context.close();
		}
		print("Spring context with a listener that receives", with.subList(1, CONTEXTS));
		print("Spring context without a broker", without.subList(1, CONTEXTS));
	}

	private static ConfigurableApplicationContext start(String... properties) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.logStartupInfo(false)
			.properties("spring.main.banner-mode=off", "logging.level.root=warn", "spring.config.name=broker-in-tests")
			.run(properties);
	}

	private static Connection connect(EmbeddedBroker broker) throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setAutomaticRecoveryEnabled(false);
		factory.setUri(broker.uri());
		return factory.newConnection();
	}

	private static double millisSince(long begin) {
		return (System.nanoTime() - begin) / 1e6;
	}

	private static int threads() throws InterruptedException {
		// Some of Qpid's, and of ours, stay for a second or two after their work.
		Thread.sleep(3000);
		return Thread.getAllStackTraces().size();
	}

	private static long heap() {
		for (int i = 0; i < 3; i++) {
			System.gc();
		}
		return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
	}

	private static void print(String what, List<Double> millis) {
		List<Double> sorted = millis.stream().sorted().toList();
		System.out.printf("| %s | %.1f ms | %.1f ms |%n", what, sorted.get(sorted.size() / 2), Collections.max(sorted));
	}

	/**
	 * An application that listens.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(RabbitAutoConfiguration.class)
	static class Application {

		private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

		@Bean
		Queue orders() {
			return new Queue("orders");
		}

		@RabbitListener(queues = "orders")
		void receive(String order) {
			this.received.add(order);
		}

	}

}
