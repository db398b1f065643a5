package dev.warren.broker.management.sample;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Rates and histories, with a value that is ten times the number of the tick.
 */
class SamplesTests {

	/** The first tick of an hour. */
	private static final long START = 72_000;

	private final Samples samples = new Samples(Span.BASIC);

	private void look(long from, long to) {
		LongStream.rangeClosed(from, to).forEach((tick) -> this.samples.add(START + tick, new long[] { 10 * tick }));
	}

	private Map<String, Object> details(@Nullable Range range) {
		return this.samples.details(0, range);
	}

	private List<Long> history(int age, int increment) {
		List<?> history = (List<?>) Objects.requireNonNull(details(new Range(age, increment)).get("samples"));
		return history.stream().map((sample) -> ((Map<?, ?>) sample).get("sample")).map(Long.class::cast).toList();
	}

	@Test
	void theRateIsThatOfTheLastFiveSeconds() {
		look(1, 1);
		assertThat(details(null)).containsExactlyEntriesOf(Map.of("rate", 0.0));

		look(2, 2);
		assertThat(details(null)).containsExactlyEntriesOf(Map.of("rate", 2.0));
	}

	@Test
	void aHistoryBeginsWithTheNewestAndIsZeroBeforeTheFirst() {
		look(1, 3);

		assertThat(history(20, 5)).containsExactly(30L, 20L, 10L, 0L, 0L);
		assertThat((Double) details(new Range(20, 5)).get("avg")).isEqualTo(12.0);
		assertThat((Double) details(new Range(20, 5)).get("avg_rate")).isEqualTo(1.5);
	}

	@Test
	void tenMinutesAreKeptByFiveSecondsAndAnHourByMinutes() {
		look(1, 1000);

		assertThat(history(600, 5)).hasSize(121).startsWith(10_000L, 9990L).endsWith(8810L, 8800L);
		assertThat(history(3600, 600)).startsWith(10_000L, 8800L).hasSize(7);
		assertThat(history(3600, 600).get(6)).isCloseTo(2800L, within(120L));
	}

	@Test
	void whatWasNotLookedAtIsAsBefore() {
		look(1, 2);
		look(5, 5);

		assertThat(history(20, 5)).containsExactly(50L, 20L, 20L, 20L, 10L);
	}

	@Test
	void whatIsLongAgoIsForgotten() {
		look(1, 2);
		look(5000, 5001);

		assertThat(history(20, 5)).containsExactly(50_010L, 50_000L, 0L, 0L, 0L);
	}

}
