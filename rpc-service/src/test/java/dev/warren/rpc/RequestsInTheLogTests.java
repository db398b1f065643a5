package dev.warren.rpc;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Delivery;
import dev.warren.test.BrokerUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a server logs of a request. Each test has a service of its own, since the log
 * counts what is more than 50 lines in a second instead of showing it.
 */
@ExtendWith(OutputCaptureExtension.class)
class RequestsInTheLogTests {

	private BrokerUnderTest broker;

	private RpcService rpc;

	private Stranger stranger;

	@BeforeEach
	void start() throws Exception {
		this.broker = RpcService.broker();
		this.rpc = RpcService.start(this.broker);
		this.stranger = new Stranger(this.broker);
		this.stranger.awaitConsumers(1);
	}

	@AfterEach
	void stop() throws Exception {
		this.stranger.close();
		this.rpc.close();
		this.broker.close();
	}

	@Test
	void aRequestThatIsNoIndexIsLoggedOnce(CapturedOutput output) throws Exception {
		this.stranger.request("thirty", this.stranger.replyQueue(), "bad");

		assertThat(Stranger.header(this.stranger.next(), "x-error")).isEqualTo("INVALID_REQUEST");
		assertThat(output).containsOnlyOnce("received 'thirty', correlation id bad,");
	}

	@Test
	void aRequestWithoutReplyToIsLoggedOnceAndDropped(CapturedOutput output) throws Exception {
		this.stranger.request("30", null, "nobody");
		this.stranger.request("31".getBytes(StandardCharsets.UTF_8), null);

		assertThat(RpcService.value(this.rpc.get("/fibonacci/10"))).isEqualTo("55");
		assertThat(output).containsOnlyOnce("correlation id nobody")
			.contains("dropped '31': there is no queue to reply to");
		assertThat(this.stranger.ready()).isZero();
	}

	@Test
	void aRequestWithoutCorrelationIdIsLoggedOnceAndAnswered(CapturedOutput output) throws Exception {
		String replyTo = this.stranger.replyQueue();

		this.stranger.request("7", replyTo, null);

		Delivery reply = this.stranger.next();
		assertThat(Stranger.text(reply)).isEqualTo("13");
		assertThat(reply.getProperties().getCorrelationId()).isNull();
		assertThat(output).containsOnlyOnce("reply to " + replyTo);
	}

	@Test
	void whatAServerLogsTellsTheTraceOfTheRequest(CapturedOutput output) throws Exception {
		String trace = "4bf92f3577b34da6a3ce929d0e0e4736";

		this.stranger.request("traced".getBytes(StandardCharsets.UTF_8),
				new AMQP.BasicProperties.Builder().replyTo(this.stranger.replyQueue())
					.correlationId("traced")
					.headers(Map.of("traceparent", "00-" + trace + "-00f067aa0ba902b7-01"))
					.build());

		assertThat(Stranger.header(this.stranger.next(), "traceparent")).contains(trace);
		assertThat(output.toString().lines()).anySatisfy((line) -> assertThat(line).contains("'traced'", trace));
	}

}
