package dev.warren.broker.rabbitmq;

import java.util.Date;
import java.util.List;
import java.util.Map;

import dev.warren.broker.rabbitmq.death.Death;
import dev.warren.broker.rabbitmq.death.DeathHistory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DeathHistoryTests {

	@Test
	void theFirstDeathIsKeptInHeadersOfItsOwn() {
		Map<String, @Nullable Object> headers = DeathHistory.withDeath(Map.of("mine", "kept"), death("q", "expired"));

		headers = DeathHistory.withDeath(headers, death("dlq", "rejected"));

		assertThat(headers).containsEntry("mine", "kept")
			.containsEntry("x-first-death-queue", "q")
			.containsEntry("x-first-death-reason", "expired")
			.containsEntry("x-last-death-queue", "dlq")
			.containsEntry("x-last-death-reason", "rejected");
	}

	@Test
	void theLatestDeathComesFirst() {
		Map<String, @Nullable Object> headers = DeathHistory.withDeath(Map.of(), death("q", "expired"));
		headers = DeathHistory.withDeath(headers, death("dlq", "expired"));

		assertThat(deaths(headers)).extracting("queue").containsExactly("dlq", "q");
	}

	@Test
	void theSameQueueAndReasonIsCountedUp() {
		Map<String, @Nullable Object> headers = DeathHistory.withDeath(Map.of(), death("q", "rejected"));
		headers = DeathHistory.withDeath(headers, death("dlq", "expired"));
		headers = DeathHistory.withDeath(headers, death("q", "rejected"));

		assertThat(deaths(headers)).extracting("queue").containsExactly("q", "dlq");
		assertThat(deaths(headers)).extracting("count").containsExactly(2L, 1L);
	}

	@Test
	void theSameQueueWithAnotherReasonIsAnotherDeath() {
		Map<String, @Nullable Object> headers = DeathHistory.withDeath(Map.of(), death("q", "rejected"));
		headers = DeathHistory.withDeath(headers, death("q", "maxlen"));

		assertThat(deaths(headers)).extracting("reason").containsExactly("maxlen", "rejected");
	}

	@Test
	void comingBackWithoutARejectionIsACycle() {
		Map<String, @Nullable Object> headers = DeathHistory.withDeath(Map.of(), death("q", "expired"));
		headers = DeathHistory.withDeath(headers, death("dlq", "maxlen"));

		assertThat(DeathHistory.closesCycle("q", headers)).isTrue();
		assertThat(DeathHistory.closesCycle("another", headers)).isFalse();
	}

	@Test
	void aRejectionOnTheWayMakesItNoCycle() {
		Map<String, @Nullable Object> headers = DeathHistory.withDeath(Map.of(), death("q", "expired"));
		headers = DeathHistory.withDeath(headers, death("dlq", "rejected"));
		headers = DeathHistory.withDeath(headers, death("third", "expired"));

		assertThat(DeathHistory.closesCycle("q", headers)).isFalse();
	}

	private static Death death(String queue, String reason) {
		return new Death(queue, reason, "exchange", List.of("key"), null, new Date(0));
	}

	private static List<?> deaths(Map<String, @Nullable Object> headers) {
		assertThat(headers.get("x-death")).isInstanceOf(List.class);
		return (headers.get("x-death") instanceof List<?> deaths) ? deaths : List.of();
	}

}
