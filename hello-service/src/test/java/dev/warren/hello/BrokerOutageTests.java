package dev.warren.hello;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

import dev.warren.messaging.feed.MessageFeed;
import dev.warren.messaging.message.ReceivedMessage;
import dev.warren.test.BrokerUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static dev.warren.test.RestClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The hello service while brokers come and go on one port.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
		"spring.config.name=hello-service", "warren.hello.feed-capacity=100000", "spring.rabbitmq.host=127.0.0.1" })
class BrokerOutageTests {

	private static final Duration RECOVERY = Duration.ofSeconds(30);

	private static final int LOAD_THREADS = 8;

	private static final BrokerUnderTest broker = BrokerUnderTest.stopped();

	private final HelloClient hello;

	private final MessageFeed<ReceivedMessage> feed;

	BrokerOutageTests(@LocalServerPort int port, @Autowired MessageFeed<ReceivedMessage> feed) {
		this.hello = new HelloClient(port);
		this.feed = feed;
	}

	@DynamicPropertySource
	static void brokerPort(DynamicPropertyRegistry registry) {
		registry.add("spring.rabbitmq.port", broker::port);
	}

	@BeforeEach
	void noticeThatThereIsNoBroker() {
		await().until(() -> this.hello.readiness() == 503);
	}

	@AfterEach
	void stopBroker() {
		broker.stop();
	}

	@Test
	void withoutABrokerTheServiceIsAliveAndNotReady() throws Exception {
		assertThat(this.hello.liveness()).isEqualTo(200);
		assertThat(this.hello.readiness()).isEqualTo(503);
		assertThat(json(this.hello.get("/actuator/health/readiness")).get("components")
			.get("broker")
			.get("status")
			.asString()).isEqualTo("DOWN");
		assertThat(this.hello.get("/messages").statusCode()).isEqualTo(200);
		assertThat(this.hello.list("/receivers")).isNotEmpty();
	}

	@Test
	void withoutABrokerNothingIsReportedSent() throws Exception {
		for (HttpResponse<String> response : List.of(this.hello.postText("/messages", "x"),
				this.hello.postJson("/messages", "{\"text\":\"x\"}"), this.hello.get("/queue"))) {
			assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
			assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
			assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
			assertThat(json(response).get("type").asString()).isEqualTo("urn:warren:problem:broker-unavailable");
			assertThat(response.body()).doesNotContain("Exception", "\tat ");
		}
	}

	@Test
	void aReceiverStartedWithoutABrokerReceivesOnceThereIsOne() throws Exception {
		String receiver = this.hello.startReceiver();

		broker.restart();

		await().atMost(RECOVERY).until(() -> this.hello.readiness() == 200);
		await().atMost(RECOVERY).until(() -> {
			this.hello.accepted("to one or the other");
			return this.feed.newest(100).stream().anyMatch((message) -> message.receiver().equals(receiver));
		});
		this.hello.stopReceiver(receiver);
	}

	@Test
	void whenABrokerComesTheServiceRecoversByItselfAndReceivesWhatWasConfirmed() throws Exception {
		broker.restart();

		await().atMost(RECOVERY).until(() -> this.hello.readiness() == 200);
		String id = this.hello.accepted("recovered");

		await().atMost(RECOVERY).until(() -> receivedIds().contains(id));
		assertThat(this.hello.get("/queue").statusCode()).isEqualTo(200);
	}

	@Test
	void whenTheBrokerIsReplacedUnderLoadWhatTheNewOneConfirmedIsReceived() throws Exception {
		broker.restart();
		await().atMost(RECOVERY).until(() -> this.hello.readiness() == 200);
		Set<String> acceptedBefore = ConcurrentHashMap.newKeySet();
		Set<String> acceptedAfter = ConcurrentHashMap.newKeySet();
		AtomicBoolean replaced = new AtomicBoolean();
		AtomicBoolean stop = new AtomicBoolean();
		ExecutorService load = Executors.newFixedThreadPool(LOAD_THREADS);
		try {
			List<Future<?>> senders = new ArrayList<>();
			for (int i = 0; i < LOAD_THREADS; i++) {
				senders.add(load.submit(() -> {
					while (!stop.get()) {
						// Asked before sending: the answer to what was sent to the old
						// broker may come late.
						Set<String> accepted = replaced.get() ? acceptedAfter : acceptedBefore;
						HttpResponse<String> response = this.hello.postText("/messages", "under load");
						assertThat(response.statusCode()).as(response.body()).isIn(202, 503);
						if (response.statusCode() == 202) {
							accepted.add(json(response).get("id").asString());
						}
					}
					return null;
				}));
			}
			await().until(() -> acceptedBefore.size() > 300);

			broker.stop();
			replaced.set(true);
			broker.restart();

			await().atMost(RECOVERY).until(() -> acceptedAfter.size() > 300);
			stop.set(true);
			for (Future<?> sender : senders) {
				sender.get(30, TimeUnit.SECONDS);
			}
		}
		finally {
			stop.set(true);
			load.shutdown();
		}

		await().atMost(RECOVERY).until(() -> receivedIds().containsAll(acceptedAfter));
		List<String> received = this.feed.newest(100_000)
			.stream()
			.map((message) -> String.valueOf(message.id()))
			.toList();
		assertThat(received).filteredOn(acceptedAfter::contains).doesNotHaveDuplicates();
	}

	private Set<String> receivedIds() {
		return this.feed.newest(100_000)
			.stream()
			.map((message) -> String.valueOf(message.id()))
			.collect(Collectors.toSet());
	}

}
