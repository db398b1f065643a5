package dev.warren.messaging.web;

import java.util.concurrent.atomic.AtomicInteger;

import dev.warren.messaging.MessagingSupportConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.amqp.core.MessageListener;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "spring.config.location=classpath:warren-service.yml", "spring.application.name=meters",
				"warren.api.description=Meters", "server.port=0", "spring.rabbitmq.template.observation-enabled=true" })
class BoundedMetersTests {

	@LocalServerPort
	private int port;

	@Test
	void whatStrangersNameMakesNoSeries(@Autowired RabbitTemplate template, @Autowired ConnectionFactory connections,
			@Autowired ApplicationContext context) throws Exception {
		nameThings(0, BoundedMeters.MAX_VALUES_OF_A_TAG + 5, template, connections, context);
		// The scrapes are measured, too.
		series();
		long series = series();

		nameThings(BoundedMeters.MAX_VALUES_OF_A_TAG + 5, 2000, template, connections, context);

		assertThat(series()).isEqualTo(series);
	}

	private void nameThings(int from, int to, RabbitTemplate template, ConnectionFactory connections,
			ApplicationContext context) throws Exception {
		for (int i = from; i < to; i++) {
			template.convertAndSend("amq.topic", "key." + i, "text");
		}
		for (int i = from; i < Math.min(to, 60); i++) {
			receive(new Queue("queue-" + i, false, true, true), template, connections, context);
		}
		for (int i = from; i < Math.min(to, 200); i++) {
			send("GET /nothing-here/" + i);
			send("GET /things/" + i + "?" + i + "=" + i);
			send("METHOD" + i + " /things/" + i);
			send("METHOD" + i + " /nothing-here");
		}
	}

	private void receive(Queue queue, RabbitTemplate template, ConnectionFactory connections,
			ApplicationContext context) {
		AtomicInteger received = new AtomicInteger();
		new RabbitAdmin(connections).declareQueue(queue);
		DirectMessageListenerContainer container = new DirectMessageListenerContainer(connections);
		container.setListenerId("listener-" + queue.getName());
		container.setQueueNames(queue.getName());
		container.setObservationEnabled(true);
		container.setApplicationContext(context);
		container.setMessageListener((MessageListener) (message) -> received.incrementAndGet());
		container.afterPropertiesSet();
		container.start();
		try {
			template.convertAndSend("", queue.getName(), "text");
			await().until(() -> received.get() == 1);
		}
		finally {
			container.stop();
		}
	}

	private void send(String request) throws Exception {
		RawHttp.exchange(this.port, request + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
	}

	// Those of the JVM and of the machine come and go by themselves.
	private long series() throws Exception {
		String metrics = RawHttp.exchange(this.port,
				"GET /actuator/prometheus HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n");
		assertThat(metrics).contains("spring_rabbit_template", "spring_rabbit_listener", "http_server_requests");
		return metrics.lines()
			.filter((line) -> !line.startsWith("#") && !line.startsWith("jvm_") && !line.startsWith("executor_"))
			.filter((line) -> line.contains("{"))
			.count();
	}

	@Test
	void aNameHasNoMoreMetersThanAllowed() {
		MeterRegistry registry = new SimpleMeterRegistry();
		registry.config().meterFilter(new BoundedMeters());

		for (int i = 0; i < 5000; i++) {
			registry.counter("letters", "box", "box-" + i).increment();
		}
		registry.remove(registry.get("letters").tag("box", "box-7").counter());
		registry.counter("letters", "box", "box-7").increment();

		assertThat(registry.get("letters").counters()).hasSize(BoundedMeters.MAX_METERS_OF_A_NAME);
		assertThat(registry.get("letters").tag("box", "box-7").counter().count()).isEqualTo(1);
		registry.counter("another").increment();
		assertThat(registry.get("another").counter().count()).isEqualTo(1);
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import({ MessagingSupportConfiguration.class, ThingController.class })
	static class Application {

	}

	@RestController
	static class ThingController {

		@GetMapping("/things/{id}")
		String thing(@PathVariable String id) {
			return id;
		}

	}

}
