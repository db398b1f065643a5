package dev.warren.rpc;

import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Delivery;
import dev.warren.test.BrokerUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The service through its REST interface and beside the tutorial's own programs.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RpcServiceTests {

	private BrokerUnderTest broker;

	private RpcService rpc;

	private Stranger stranger;

	@BeforeAll
	void start() throws Exception {
		this.broker = RpcService.broker();
		this.rpc = RpcService.start(this.broker, "--warren.rpc.timeout=20s");
	}

	@AfterAll
	void stop() {
		this.rpc.close();
		this.broker.close();
	}

	@BeforeEach
	void oneServerAndAStranger() throws Exception {
		this.rpc.scale(1);
		this.stranger = new Stranger(this.broker);
		this.stranger.awaitConsumers(1);
	}

	@AfterEach
	void noStranger() throws Exception {
		this.stranger.close();
	}

	@ParameterizedTest
	@CsvSource({ "0, 0", "1, 1", "30, 832040" })
	void aNumberIsAnsweredOverAmqp(int n, String value) throws Exception {
		HttpResponse<String> response = this.rpc.get("/fibonacci/" + n);

		assertThat(RpcService.value(response)).isEqualTo(value);
		JsonNode answer = RpcService.json(response);
		assertThat(answer.get("n").asInt()).isEqualTo(n);
		assertThat(answer.get("correlationId").asString()).isNotEmpty();
		assertThat(answer.get("server").asString()).startsWith("server-");
		assertThat(answer.get("elapsedMs").asDouble()).isPositive();
	}

	@Test
	void theLargestNumberComesWhole() throws Exception {
		assertThat(RpcService.value(this.rpc.get("/fibonacci/100000")))
			.isEqualTo(FibonacciTests.independently(Fibonacci.MAX_N).toString());
	}

	@Test
	void aBatchIsAnsweredInItsOrder() throws Exception {
		List<Integer> numbers = IntStream.range(0, 1000).map((i) -> 999 - i).boxed().toList();

		HttpResponse<String> response = this.rpc.postJson("/fibonacci/batch", numbers.toString());

		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		List<Integer> answered = new ArrayList<>();
		for (JsonNode answer : RpcService.json(response)) {
			answered.add(answer.get("n").asInt());
			assertThat(answer.get("value").asString())
				.isEqualTo(FibonacciTests.independently(answer.get("n").asInt()).toString());
		}
		assertThat(answered).isEqualTo(numbers);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "100001", "ten", "1.5", "99999999999", "0x10", "+7", "%D9%A3" })
	void whatIsNoIndexIsABadRequest(String n) throws Exception {
		HttpResponse<String> response = this.rpc.get("/fibonacci/" + n);

		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(RpcService.type(response)).isEqualTo("urn:warren:problem:invalid-value");
		assertThat(RpcService.json(response).get("field").asString()).isEqualTo("n");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "[1,2,-3]|400|[2]", "[1,null]|400|[1]", "[1,\"x\"]|400|[1]",
			"[1,100001]|400|[1]", "{}|400|", "[1.5]|400|[0]", "nonsense|400|" })
	void aBadElementOfABatchIsNamedAndNothingIsAsked(String batch, int status, String field) throws Exception {
		long answered = this.rpc.replies("answered");

		HttpResponse<String> response = this.rpc.postJson("/fibonacci/batch", batch);

		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		assertThat(RpcService.json(response).path("field").asString(""))
			.isEqualTo(Objects.requireNonNullElse(field, ""));
		assertThat(this.rpc.replies("answered")).isEqualTo(answered);
	}

	@Test
	void aBatchOfMoreThanAThousandIsTooLarge() throws Exception {
		HttpResponse<String> response = this.rpc.postJson("/fibonacci/batch",
				IntStream.rangeClosed(0, 1000).boxed().toList().toString());

		assertThat(response.statusCode()).isEqualTo(413);
		assertThat(RpcService.type(response)).isEqualTo("urn:warren:problem:too-large");
	}

	@Test
	void theTutorialsClientIsAnswered() throws Exception {
		this.stranger.request("30", this.stranger.replyQueue(), "c-1");

		Delivery reply = this.stranger.next();
		assertThat(Stranger.text(reply)).isEqualTo("832040");
		assertThat(reply.getProperties().getCorrelationId()).isEqualTo("c-1");
	}

	@Test
	void aClientWithDirectReplyToIsAnswered() throws Exception {
		this.stranger.consume("amq.rabbitmq.reply-to", true);
		this.stranger.request("30", "amq.rabbitmq.reply-to", "c-1");

		assertThat(Stranger.text(this.stranger.next())).isEqualTo("832040");
	}

	@Test
	void theTutorialsServerAnswers() throws Exception {
		this.rpc.scale(0);
		this.stranger.serve();
		CompletableFuture<HttpResponse<String>> call = this.rpc.getAsync("/fibonacci/30");
		Delivery request = this.stranger.next();
		assertThat(Stranger.text(request)).isEqualTo("30");

		this.stranger.reply(request, "832040");

		assertThat(RpcService.value(call.join())).isEqualTo("832040");
		assertThat(RpcService.json(call.join()).has("server")).isFalse();
	}

	@Test
	void aRequestOnTheWireIsPlainTextThatExpiresWithTheCall() throws Exception {
		this.rpc.scale(0);
		this.stranger.serve();
		CompletableFuture<HttpResponse<String>> call = this.rpc.getAsync("/fibonacci/30");

		Delivery request = this.stranger.next();
		this.stranger.reply(request, "832040");
		call.join();

		AMQP.BasicProperties properties = request.getProperties();
		assertThat(properties.getContentType()).isEqualTo("text/plain");
		assertThat(properties.getAppId()).isEqualTo("rpc-service");
		assertThat(Long.parseLong(properties.getExpiration())).isBetween(1L, 20_000L);
		assertThat(Stranger.header(request, "traceparent")).startsWith("00-");
		assertThat(Long.parseLong(Objects.requireNonNull(Stranger.header(request, "x-deadline"))))
			.isGreaterThan(properties.getTimestamp().getTime());
	}

	@Test
	void aReplyThatIsNoNumberIsABadGateway() throws Exception {
		this.rpc.scale(0);
		this.stranger.serve();
		CompletableFuture<HttpResponse<String>> call = this.rpc.getAsync("/fibonacci/30");

		this.stranger.reply(this.stranger.next(), "eight");

		assertThat(call.join().statusCode()).isEqualTo(502);
		assertThat(RpcService.type(call.join())).isEqualTo("urn:warren:problem:server-failed");
	}

	@Test
	void theTextOfAStrangersErrorIsShownOnOneLine() throws Exception {
		this.rpc.scale(0);
		this.stranger.serve();
		CompletableFuture<HttpResponse<String>> call = this.rpc.getAsync("/fibonacci/30");

		this.stranger.reply(this.stranger.next(), "a\nb\u001b[31m" + "x".repeat(1000));

		assertThat(call.join().statusCode()).isEqualTo(502);
		assertThat(RpcService.json(call.join()).get("detail").asString()).hasSizeLessThan(300)
			.doesNotContain("\n", "\u001b");
	}

	@ParameterizedTest
	@ValueSource(strings = { "thirty", "", "-1", "1.5", "100001", "99999999999999999999", "\u0000\uffff" })
	void aRequestThatIsNoIndexGetsAnErrorForAReply(String body) throws Exception {
		String correlationId = "bad-" + body.hashCode();

		this.stranger.request(body, this.stranger.replyQueue(), correlationId);

		Delivery reply = this.stranger.next();
		assertThat(Stranger.header(reply, "x-error")).isEqualTo("INVALID_REQUEST");
		assertThat(reply.getProperties().getCorrelationId()).isEqualTo(correlationId);
		assertThat(RpcService.value(this.rpc.get("/fibonacci/10"))).isEqualTo("55");
	}

	@Test
	void bytesThatAreNoTextGetAnErrorForAReply() throws Exception {
		this.stranger.request(new byte[] { (byte) 0xff, (byte) 0xfe, 0 },
				new AMQP.BasicProperties.Builder().replyTo(this.stranger.replyQueue()).correlationId("bytes").build());

		assertThat(Stranger.header(this.stranger.next(), "x-error")).isEqualTo("INVALID_REQUEST");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "no-such-exchange/key", "a://no-such-exchange" })
	void aRequestThatNamesNoQueueToReplyToIsDroppedAndTheServerLives(String replyTo) throws Exception {
		String server = this.rpc.servers("running").get(0);

		this.stranger.request("30", replyTo, "nobody");

		assertThat(RpcService.json(this.rpc.get("/fibonacci/10")).get("server").asString()).isEqualTo(server);
		assertThat(this.stranger.ready()).isZero();
	}

	@Test
	void repliesComeInAnyOrder() throws Exception {
		this.rpc.scale(0);
		this.stranger.serve();
		List<CompletableFuture<HttpResponse<String>>> calls = IntStream.range(0, 20)
			.mapToObj((n) -> this.rpc.getAsync("/fibonacci/" + n))
			.toList();
		List<Delivery> requests = this.stranger.next(20);

		for (int i = 19; i >= 0; i--) {
			this.stranger.reply(requests.get(i), Stranger.text(requests.get(i)) + "000");
		}

		for (int n = 0; n < 20; n++) {
			assertThat(RpcService.value(calls.get(n).join())).isEqualTo(n + "000");
		}
	}

	@Test
	void lateAndUnknownRepliesAreCountedAndDropped() throws Exception {
		long discarded = this.rpc.replies("discarded");
		this.rpc.scale(0);
		this.stranger.serve();
		CompletableFuture<HttpResponse<String>> call = this.rpc.getAsync("/fibonacci/10");
		Delivery request = this.stranger.next();
		String replyTo = request.getProperties().getReplyTo();
		this.stranger.channel().basicPublish("", replyTo, null, new byte[0]);
		this.stranger.channel()
			.basicPublish("", replyTo, new AMQP.BasicProperties.Builder().correlationId("unknown").build(),
					new byte[0]);
		this.stranger.reply(request, "55");
		this.stranger.channel()
			.basicPublish("", replyTo, request.getProperties(), "56".getBytes(StandardCharsets.UTF_8));

		assertThat(RpcService.value(call.join())).isEqualTo("55");

		await().untilAsserted(() -> assertThat(this.rpc.replies("discarded")).isEqualTo(discarded + 3));
	}

	@Test
	void aDeletedReplyQueueFailsTheCallsUnderWayAndTheNextCallWorks() throws Exception {
		this.rpc.scale(0);
		this.stranger.serve();
		CompletableFuture<HttpResponse<String>> call = this.rpc.getAsync("/fibonacci/10");
		Delivery request = this.stranger.next();

		// It is exclusive: who deletes it must have its connection.
		this.rpc.deleteQueue(request.getProperties().getReplyTo());

		assertThat(call.join().statusCode()).isEqualTo(503);
		assertThat(call.join().headers().firstValue("Retry-After")).hasValue("1");
		assertThat(RpcService.type(call.join())).isEqualTo("urn:warren:problem:broker-unavailable");
		CompletableFuture<HttpResponse<String>> next = this.rpc.getAsync("/fibonacci/10");
		this.stranger.reply(this.stranger.next(), "55");
		assertThat(RpcService.value(next.join())).isEqualTo("55");
	}

	@Test
	void aLostConnectionFailsTheCallsUnderWayAndTheNextCallWorks() throws Exception {
		this.rpc.scale(0);
		this.stranger.serve();
		CompletableFuture<HttpResponse<String>> call = this.rpc.getAsync("/fibonacci/10");
		this.stranger.next();

		this.rpc.loseConnection();

		assertThat(call.join().statusCode()).isEqualTo(503);
		CompletableFuture<HttpResponse<String>> next = this.rpc.getAsync("/fibonacci/10");
		this.stranger.reply(this.stranger.next(), "55");
		assertThat(RpcService.value(next.join())).isEqualTo("55");
	}

	@Test
	void aDeletedRequestQueueIsDeclaredAgainByTheServers() throws Exception {
		this.stranger.channel().queueDelete("rpc_queue");

		await().untilAsserted(() -> assertThat(this.rpc.get("/fibonacci/10").statusCode()).isEqualTo(200));
	}

	@Test
	void whereNoServerHasBeenACallFailsAtOnce() throws Exception {
		this.rpc.scale(0);
		this.stranger.channel().queueDelete("rpc_queue");

		HttpResponse<String> response = this.rpc.get("/fibonacci/10");

		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
		assertThat(RpcService.type(response)).isEqualTo("urn:warren:problem:not-routed");
	}

	@Test
	void callsAndRequestsAreCountedAndObserved() throws Exception {
		RpcService.value(this.rpc.get("/fibonacci/10"));

		assertThat(this.rpc.get("/actuator/prometheus").body()).contains("warren_rpc_calls_total",
				"outcome=\"answered\"", "outcome=\"timed_out\"", "outcome=\"failed\"", "outcome=\"cancelled\"",
				"outcome=\"refused\"", "warren_rpc_replies_discarded_total", "warren_rpc_calls_waiting",
				"warren_rpc_requests_total", "warren_queue_messages{application=\"rpc-service\",queue=\"rpc_queue\"}",
				"outcome=\"invalid_request\"", "outcome=\"crashed\"");
	}

	@Test
	void whatIsNoServerIsNotFound() throws Exception {
		assertThat(this.rpc.delete("/servers/server-0").statusCode()).isEqualTo(404);
		assertThat(this.rpc.post("/servers/server-0/crash").statusCode()).isEqualTo(404);
	}

}
