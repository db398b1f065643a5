package dev.warren.rpc;

import com.rabbitmq.client.AMQP;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class StrangersTests {

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final Strangers strangers = new Strangers(this.meters);

	@Test
	void aFloodOfStrangeRequestsIsCountedAndIsNotAFloodOfLogLines(CapturedOutput output) {
		for (int i = 0; i < 1000; i++) {
			this.strangers.report(Strangers.Fault.NO_REPLY_TO, request("flood"));
		}
		this.strangers.report(Strangers.Fault.NO_CORRELATION_ID, request("other"));

		assertThat(output.toString().lines().filter((line) -> line.contains("'flood'"))).hasSize(Strangers.MAX_LOGGED);
		assertThat(output).containsOnlyOnce("'other'");
		assertThat(this.meters.get("warren.rpc.requests.faulty").tag("fault", "no_reply_to").counter().count())
			.isEqualTo(1000);
	}

	@Test
	void aBodyIsShownShortAndOnOneLine(CapturedOutput output) {
		this.strangers.report(Strangers.Fault.NOT_A_NUMBER, request("a\nb\u001b[31m" + "x".repeat(1000)));

		assertThat(output.toString()).contains("'a?b?[31mxxx").doesNotContain("x".repeat(101));
	}

	private static Request request(String body) {
		return new Request(new AMQP.BasicProperties(), body.getBytes());
	}

}
