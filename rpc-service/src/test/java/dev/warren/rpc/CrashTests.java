package dev.warren.rpc;

import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Delivery;
import dev.warren.messaging.log.MessageLog;
import dev.warren.messaging.listener.ListenerGroup;
import dev.warren.test.AmqpProxy;
import dev.warren.test.BrokerUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static dev.warren.test.RestClient.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Servers that crash, lose their connections, and are stopped. Some numbers take as long
 * as a test wants.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashTests {

	private static final int CALLS = Integer.getInteger("warren.test.rpc-calls", 10_000);

	private static final int MIN_CRASHES = 5;

	private static final String SLOW_VALUE = FibonacciTests.independently(SlowServers.SLOW).toString();

	private BrokerUnderTest broker;

	private AmqpProxy link;

	private RpcService rpc;

	@BeforeAll
	void start() throws Exception {
		this.broker = RpcService.broker();
		this.link = new AmqpProxy(this.broker);
		this.rpc = RpcService.start(this.link.address(), SlowServers.class, "--warren.rpc.timeout=30s",
				"--spring.main.allow-bean-definition-overriding=true");
		await().until(this.rpc::isReady);
	}

	@AfterAll
	void stop() throws Exception {
		this.rpc.close();
		this.link.close();
		this.broker.close();
	}

	@BeforeEach
	void oneServer() throws Exception {
		this.rpc.bean(SlowServers.class).reset();
		this.rpc.scale(1);
	}

	@Test
	void aRequestThatCrashesItsServerIsAnsweredByAnother() throws Exception {
		CompletableFuture<HttpResponse<String>> call = this.rpc.getAsync("/fibonacci/" + SlowServers.SLOW);
		this.rpc.crash(begun());
		String second = this.rpc.startServer();
		assertThat(begun()).isEqualTo(second);

		this.rpc.bean(SlowServers.class).finish();

		assertThat(RpcService.value(call.join())).isEqualTo(SLOW_VALUE);
		assertThat(RpcService.json(call.join()).get("server").asString()).isEqualTo(second);
	}

	@Test
	void aServerThatIsDoneAsItCrashesDoesNotReply() throws Exception {
		long discarded = this.rpc.replies("discarded");
		CompletableFuture<HttpResponse<String>> call = this.rpc.getAsync("/fibonacci/" + SlowServers.LAST_BREATH);
		String first = begun();
		String second = this.rpc.startServer();

		this.rpc.crash(first);

		assertThat(begun()).isEqualTo(second);
		this.rpc.bean(SlowServers.class).finish();
		assertThat(RpcService.json(assertStatus(call.join(), 200)).get("server").asString()).isEqualTo(second);
		assertThat(this.rpc.replies("discarded")).isEqualTo(discarded);
	}

	@Test
	void aRequestThatCrashesThreeServersIsAnsweredWithAnErrorAndTheFourthLives() throws Exception {
		CompletableFuture<HttpResponse<String>> call = this.rpc.getAsync("/fibonacci/" + SlowServers.SLOW);
		for (int i = 0; i < 3; i++) {
			this.rpc.crash(begun());
			this.rpc.startServer();
		}

		assertThat(call.join().statusCode()).isEqualTo(502);
		assertThat(RpcService.type(call.join())).isEqualTo("urn:warren:problem:server-failed");
		assertThat(call.join().body()).contains("took down 3 servers");
		assertThat(this.rpc.servers("running")).hasSize(1);
		assertThat(RpcService.value(this.rpc.get("/fibonacci/10"))).isEqualTo("55");
	}

	@ParameterizedTest
	@ValueSource(ints = { SlowServers.LETHAL, SlowServers.BROKEN })
	void aRequestAtWhichAServerFailsIsAnsweredWithAnErrorAndTheServerLives(int n) throws Exception {
		HttpResponse<String> response = this.rpc.get("/fibonacci/" + n);

		assertThat(response.statusCode()).isEqualTo(502);
		assertThat(RpcService.type(response)).isEqualTo("urn:warren:problem:server-failed");
		assertThat(this.rpc.bean(SlowServers.class).begun).hasSize(1);
		assertThat(RpcService.value(this.rpc.get("/fibonacci/10"))).isEqualTo("55");
	}

	@Test
	void aRequestWhoseServerLosesItsConnectionIsAnsweredAfterAll() throws Exception {
		try (Stranger stranger = new Stranger(this.broker)) {
			stranger.request(String.valueOf(SlowServers.SLOW), stranger.replyQueue(), "c-1");
			begun();
			this.link.cut();

			this.rpc.bean(SlowServers.class).finish();

			assertThat(Stranger.text(stranger.next())).isEqualTo(SLOW_VALUE);
		}
	}

	@Test
	void aRetriedRequestExpiresWithItsCaller() throws Exception {
		try (Stranger stranger = new Stranger(this.broker)) {
			long deadline = System.currentTimeMillis() + 1_000_000;
			stranger.request(String.valueOf(SlowServers.SLOW).getBytes(),
					new AMQP.BasicProperties.Builder().replyTo(stranger.replyQueue())
						.correlationId("c-1")
						.messageId("m-1")
						.expiration("2000000")
						.headers(Map.of("x-deadline", String.valueOf(deadline)))
						.build());
			this.rpc.crash(begun());
			Delivery redelivered = retried();

			assertThat(redelivered.getProperties().getMessageId()).isEqualTo("m-1");
			assertThat(Stranger.header(redelivered, "x-crashes")).isEqualTo("1");
			assertThat(Stranger.header(redelivered, "x-deadline")).isEqualTo(String.valueOf(deadline));
			assertThat(Long.parseLong(redelivered.getProperties().getExpiration())).isBetween(1L, 1_000_000L);
		}
	}

	// A server puts the copy back, and is crashed as it works on it, so that it is there
	// to be looked at.
	private Delivery retried() throws Exception {
		this.rpc.startServer();
		String second = begun();
		try (Stranger colleague = new Stranger(this.broker).serve()) {
			this.rpc.crash(second);
			Delivery retried = colleague.next();
			colleague.channel().basicAck(retried.getEnvelope().getDeliveryTag(), false);
			return retried;
		}
	}

	@Test
	void aServerThatHoldsNoRequestCrashesToo() throws Exception {
		String idle = this.rpc.servers("running").get(0);
		String other = this.rpc.startServer();

		this.rpc.crash(idle);

		assertThat(RpcService.json(this.rpc.get("/fibonacci/10")).get("server").asString()).isEqualTo(other);
		assertThat(this.rpc.post("/servers/" + idle + "/crash").statusCode()).isEqualTo(404);
		assertThat(this.rpc.servers("crashed")).containsExactly(idle);
		assertThat(this.rpc.delete("/servers/" + idle).statusCode()).isEqualTo(204);
		assertThat(this.rpc.servers("crashed")).isEmpty();
	}

	@Test
	void aCrashDoesNotTouchTheRequestsOfOthers() throws Exception {
		CompletableFuture<HttpResponse<String>> call = this.rpc.getAsync("/fibonacci/" + SlowServers.SLOW);
		String busy = begun();
		for (int i = 0; i < 5; i++) {
			this.rpc.crash(this.rpc.startServer());
		}

		this.rpc.bean(SlowServers.class).finish();

		assertThat(RpcService.json(call.join()).get("server").asString()).isEqualTo(busy);
		assertThat(this.rpc.bean(SlowServers.class).begun).isEmpty();
	}

	@Test
	void aStoppedServerAnswersTheRequestItHolds() throws Exception {
		CompletableFuture<HttpResponse<String>> call = this.rpc.getAsync("/fibonacci/" + SlowServers.SLOW);
		String busy = begun();

		this.rpc.delete("/servers/" + busy);

		assertThat(this.rpc.servers("stopping")).containsExactly(busy);
		this.rpc.bean(SlowServers.class).finish();
		assertThat(RpcService.json(call.join()).get("server").asString()).isEqualTo(busy);
		await().until(() -> this.rpc.servers("stopping").isEmpty());
	}

	@Test
	void everyCallIsAnsweredOnceAndRightlyOrIsUnavailableWhileAServerCrashesEachSecond() throws Exception {
		this.rpc.scale(3);
		Map<Integer, String> values = new HashMap<>();
		for (int n = 0; n < 300; n++) {
			values.put(n, FibonacciTests.independently(n).toString());
		}
		Map<Integer, Integer> statuses = new ConcurrentHashMap<>();
		BlockingQueue<String> wrong = new LinkedBlockingQueue<>();
		AtomicInteger next = new AtomicInteger();
		Semaphore crashes = new Semaphore(0);
		ScheduledExecutorService killer = Executors.newSingleThreadScheduledExecutor();
		ExecutorService callers = Executors.newFixedThreadPool(64);
		killer.scheduleAtFixedRate(() -> crashOne(crashes, wrong), 1, 1, TimeUnit.SECONDS);

		List<CompletableFuture<Void>> all = new ArrayList<>();
		for (int caller = 0; caller < 64; caller++) {
			all.add(CompletableFuture.runAsync(() -> {
				for (int i = next.getAndIncrement(); i < CALLS
						|| crashes.availablePermits() < MIN_CRASHES; i = next.getAndIncrement()) {
					call(i % 300, values, statuses, wrong);
				}
			}, callers));
		}
		CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).get(5, TimeUnit.MINUTES);
		// Not interrupted: it may be about to crash one more.
		killer.shutdown();
		assertThat(killer.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
		callers.shutdown();

		assertThat(wrong).isEmpty();
		assertThat(statuses.keySet()).isSubsetOf(200, 503, 504);
		int calls = statuses.values().stream().mapToInt(Integer::intValue).sum();
		assertThat(calls).isGreaterThanOrEqualTo(CALLS);
		// What is killed is a server, not a call.
		assertThat(statuses.get(200)).isGreaterThan(calls * 99 / 100);
		assertThat(this.rpc.replies("waiting")).isZero();
	}

	private void crashOne(Semaphore crashes, BlockingQueue<String> wrong) {
		try {
			List<String> running = this.rpc.servers("running");
			this.rpc.crash(running.get(crashes.availablePermits() % running.size()));
			this.rpc.startServer();
			crashes.release();
		}
		catch (Exception ex) {
			wrong.add(ex.toString());
		}
	}

	private void call(int n, Map<Integer, String> values, Map<Integer, Integer> statuses, BlockingQueue<String> wrong) {
		try {
			HttpResponse<String> response = this.rpc.get("/fibonacci/" + n);
			statuses.merge(response.statusCode(), 1, Integer::sum);
			if (response.statusCode() == 200 && !RpcService.value(response).equals(values.get(n))) {
				wrong.add(response.body());
			}
		}
		catch (Exception ex) {
			wrong.add(ex.toString());
		}
	}

	/**
	 * Waits until a server has begun to work on a slow request.
	 */
	private String begun() throws Exception {
		String server = this.rpc.bean(SlowServers.class).begun.poll(30, TimeUnit.SECONDS);
		assertThat(server).isNotNull();
		return server;
	}

	/**
	 * Servers for which some numbers are special.
	 */
	@Configuration(proxyBeanMethods = false)
	static class SlowServers {

		/** It takes until the test says so. */
		static final int SLOW = 1077;

		/** It takes as long, and is not given up: it is done when its server crashes. */
		static final int LAST_BREATH = 1789;

		/** It throws an error, as of a full heap. */
		static final int LETHAL = 1666;

		/** It throws an exception. */
		static final int BROKEN = 1404;

		/** The servers that have begun to work on one of them. */
		final BlockingQueue<String> begun = new LinkedBlockingQueue<>();

		private volatile CountDownLatch finished = new CountDownLatch(1);

		void reset() {
			finish();
			this.finished = new CountDownLatch(1);
			this.begun.clear();
		}

		void finish() {
			this.finished.countDown();
		}

		// In place of the service's own.
		@Bean
		ListenerGroup<FibonacciServer> servers(RpcProperties properties, CrashedRequests crashed, MessageLog log,
				SimpleRabbitListenerContainerFactory serverContainers) {
			return new ListenerGroup<>("server", 1, properties.maxServers(),
					(id) -> new SlowServer(id, properties, crashed, log), serverContainers);
		}

		private final class SlowServer extends FibonacciServer {

			private final String id;

			SlowServer(String id, RpcProperties properties, CrashedRequests crashed, MessageLog log) {
				super(id, properties, crashed, log);
				this.id = id;
			}

			@Override
			BigInteger compute(int n, BooleanSupplier expired) {
				if (n == SLOW || n == LAST_BREATH || n == LETHAL || n == BROKEN) {
					SlowServers.this.begun.add(this.id);
				}
				if (n == LETHAL) {
					throw new OutOfMemoryError("not really");
				}
				if (n == BROKEN) {
					throw new IllegalStateException("broken, for the test");
				}
				while (n == SLOW && SlowServers.this.finished.getCount() > 0) {
					if (expired.getAsBoolean()) {
						throw new Fibonacci.ExpiredException();
					}
					LockSupport.parkNanos(1_000_000);
				}
				while (n == LAST_BREATH && SlowServers.this.finished.getCount() > 0) {
					if (expired.getAsBoolean()) {
						return BigInteger.ONE;
					}
					LockSupport.parkNanos(1_000_000);
				}
				return super.compute(n, expired);
			}

		}

	}

}
