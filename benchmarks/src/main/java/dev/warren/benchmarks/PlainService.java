package dev.warren.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageListenerContainer;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.amqp.autoconfigure.CachingConnectionFactoryConfigurer;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.ResponseEntity;
import org.springframework.util.Assert;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * What the work queue service does, written with {@code RabbitTemplate} and
 * {@code @RabbitListener} and nothing else: no states of tasks, no limits, no news
 * between instances, and, unless {@code -Dplain.observed=true}, no trace context in
 * messages.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@RestController
class PlainService {

	private static final String QUEUE = "task_queue";

	private static final String WORKER = "worker";

	private static final boolean OBSERVED = Boolean.getBoolean("plain.observed");

	private final RabbitTemplate template;

	private final RabbitTemplate simple;

	private final RabbitListenerEndpointRegistry listeners;

	private final AtomicLong done = new AtomicLong();

	PlainService(RabbitTemplate template, CachingConnectionFactory connections,
			CachingConnectionFactoryConfigurer configurer, RabbitListenerEndpointRegistry listeners) {
		this.template = template;
		CachingConnectionFactory simple = new CachingConnectionFactory(connections.getRabbitConnectionFactory());
		configurer.configure(simple);
		simple.setPublisherConfirmType(ConfirmType.SIMPLE);
		this.simple = new RabbitTemplate(simple);
		this.simple.setObservationEnabled(OBSERVED);
		this.listeners = listeners;
	}

	static ConfigurableApplicationContext start(String host, int port, int prefetch) {
		return new SpringApplicationBuilder(PlainService.class)
			.properties("spring.config.name=none", "server.port=0", "spring.rabbitmq.host=" + host,
					"spring.rabbitmq.port=" + port, "spring.rabbitmq.publisher-confirm-type=correlated",
					"spring.rabbitmq.publisher-returns=true", "spring.rabbitmq.template.mandatory=true",
					"spring.rabbitmq.template.observation-enabled=" + OBSERVED,
					"spring.rabbitmq.listener.simple.observation-enabled=" + OBSERVED,
					"spring.rabbitmq.listener.simple.prefetch=" + prefetch, "spring.main.banner-mode=off",
					"logging.level.root=warn")
			.run();
	}

	@PostMapping("/tasks")
	CompletableFuture<ResponseEntity<String>> send(@RequestBody String text) {
		CorrelationData correlation = new CorrelationData();
		this.template.send("", QUEUE, message(text), correlation);
		return correlation.getFuture()
			.thenApply((confirm) -> (confirm.ack() && correlation.getReturned() == null)
					? ResponseEntity.accepted().body(correlation.getId())
					: ResponseEntity.internalServerError().build());
	}

	/**
	 * Sends a batch as tutorial 7's third strategy does.
	 * @return how long it took, in nanoseconds
	 */
	long send(List<String> texts) {
		ConcurrentMap<Long, String> outstanding = new ConcurrentHashMap<>();
		long start = System.nanoTime();
		this.simple.<Boolean>invoke((operations) -> {
			for (String text : texts) {
				outstanding.put(operations.<Long>execute((channel) -> channel.getNextPublishSeqNo()), text);
				operations.send("", QUEUE, message(text));
			}
			operations.waitForConfirmsOrDie(5000);
			return true;
		}, (number, multiple) -> outstanding.keySet().removeIf((key) -> multiple ? key <= number : key == number),
				(number, multiple) -> outstanding.clear());
		return System.nanoTime() - start;
	}

	private static Message message(String text) {
		return MessageBuilder.withBody(text.getBytes(StandardCharsets.UTF_8))
			.setMessageId(UUID.randomUUID().toString())
			.setContentType("text/plain")
			.setDeliveryMode(MessageDeliveryMode.PERSISTENT)
			.build();
	}

	@RabbitListener(id = WORKER, queues = QUEUE, autoStartup = "false")
	void work(String task) {
		this.done.incrementAndGet();
	}

	/**
	 * Works until the backlog is done.
	 * @return how long it took, in nanoseconds
	 */
	long drain(long backlog, long pollNanos) {
		MessageListenerContainer worker = this.listeners.getListenerContainer(WORKER);
		Assert.state(worker != null, "there is no worker");
		this.done.set(0);
		long start = System.nanoTime();
		worker.start();
		while (this.done.get() < backlog) {
			java.util.concurrent.locks.LockSupport.parkNanos(pollNanos);
		}
		long time = System.nanoTime() - start;
		worker.stop();
		return time;
	}

}
