package dev.warren.rpc;

import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.Map;

import com.rabbitmq.client.AMQP;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RequestTests {

	private static final long NOW = 1_800_000_000_000L;

	@ParameterizedTest
	@CsvSource({ "30, 30", "0, 0", "' 30\n', 30", "-1, -1", "1.5, -1", "1e3, -1", "'', -1", "030, 30",
			"99999999999999999999, -1", "\u0663, -1" })
	void aNumberIsInDecimalDigits(String body, int n) {
		assertThat(request(new AMQP.BasicProperties(), body).n()).isEqualTo(n);
	}

	@Test
	void aRetriedRequestKeepsItsPropertiesAndWhatIsLeftOfItsTime() {
		AMQP.BasicProperties original = new AMQP.BasicProperties.Builder().contentType("text/plain")
			.contentEncoding("UTF-8")
			.headers(Map.of("x-deadline", String.valueOf(NOW + 700), "traceparent", "00-1-2-03", "theirs", 1))
			.deliveryMode(2)
			.priority(3)
			.correlationId("c")
			.replyTo("r")
			.expiration("5000")
			.messageId("m")
			.timestamp(new Date(NOW))
			.type("t")
			.appId("a")
			.clusterId("i")
			.build();

		AMQP.BasicProperties retried = request(original, "30").retried(2, NOW);

		assertThat(retried).usingRecursiveComparison()
			.isEqualTo(original.builder()
				.expiration("700")
				.headers(Map.of("x-deadline", String.valueOf(NOW + 700), "traceparent", "00-1-2-03", "theirs", 1,
						"x-crashes", 2))
				.build());
		assertThat(request(retried, "30").crashes()).isEqualTo(2);
	}

	@Test
	void aStrangersRequestHasNoMoreTimeForEachRetry() {
		AMQP.BasicProperties original = new AMQP.BasicProperties.Builder().expiration("5000").build();

		AMQP.BasicProperties first = request(original, "30").retried(1, NOW);
		AMQP.BasicProperties second = request(first, "30").retried(2, NOW + 2000);
		AMQP.BasicProperties third = request(second, "30").retried(3, NOW + 9000);

		assertThat(first.getExpiration()).isEqualTo("5000");
		assertThat(second.getExpiration()).isEqualTo("3000");
		assertThat(third.getExpiration()).isEqualTo("0");
	}

	@Test
	void aRequestThatDoesNotExpireDoesNotBegin() {
		assertThat(request(new AMQP.BasicProperties(), "30").retried(1, NOW).getExpiration()).isNull();
	}

	// The broker refuses another user's name, and would send more copies to where CC
	// says.
	@Test
	void whatWouldHaveTheBrokerRefuseOrRepeatIsNotKept() {
		AMQP.BasicProperties original = new AMQP.BasicProperties.Builder().userId("somebody")
			.headers(Map.of("CC", "elsewhere"))
			.build();

		AMQP.BasicProperties retried = request(original, "30").retried(1, NOW);

		assertThat(retried.getUserId()).isNull();
		assertThat(retried.getHeaders()).containsOnlyKeys("x-crashes");
	}

	@Test
	void headersOfAnotherTypeAreAsGoodAsNone() {
		Request request = request(new AMQP.BasicProperties.Builder()
			.headers(Map.of("x-crashes", "many", "x-deadline", "never", "traceparent", 7))
			.expiration("soon")
			.replyTo("")
			.build(), "30");

		assertThat(request.replyTo()).isNull();
		assertThat(request.crashes()).isZero();
		assertThat(request.deadline()).isNull();
		assertThat(request.retried(1, NOW).getExpiration()).isEqualTo("soon");
	}

	private static Request request(AMQP.BasicProperties properties, String body) {
		return new Request(properties, body.getBytes(StandardCharsets.UTF_8));
	}

}
