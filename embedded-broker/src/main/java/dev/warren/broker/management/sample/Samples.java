package dev.warren.broker.management.sample;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What was counted of one thing, at each tick of the last time. Thread-safe.
 */
public final class Samples {

	/** From one tick to the next. */
	static final int TICK_MILLIS = 5000;

	static final Samples NONE = new Samples(List.of(new Span(1, 1)));

	/** The finest first. */
	private final List<Ring> rings;

	Samples(List<Span> spans) {
		this.rings = spans.stream().map(Ring::new).toList();
	}

	/**
	 * @param row is copied if need be
	 */
	synchronized void add(long tick, long[] row) {
		long[] kept = this.rings.get(0).shared(row);
		this.rings.forEach((ring) -> ring.add(tick, kept));
	}

	/**
	 * What RabbitMQ calls the details of a value: its rate and, if wanted, its samples.
	 * @param column which of the values
	 */
	public synchronized Map<String, Object> details(int column, @Nullable Range range) {
		Map<String, Object> details = new LinkedHashMap<>();
		long last = this.rings.get(0).lastTick();
		details.put("rate", (value(last, column) - value(last - 1, column)) * 1000.0 / TICK_MILLIS);
		if (range != null && last > 0) {
			addSamples(details, column, range, last);
		}
		return details;
	}

	private void addSamples(Map<String, Object> details, int column, Range range, long last) {
		List<Map<String, Object>> samples = new ArrayList<>();
		long newest = value(last, column);
		long oldest = newest;
		double sum = 0;
		for (int i = 0; i < range.samples(); i++) {
			long millis = last * TICK_MILLIS - i * range.increment() * 1000L;
			oldest = valueBefore(millis / TICK_MILLIS, column);
			sum += oldest;
			samples.add(Map.of("sample", oldest, "timestamp", millis));
		}
		details.put("samples", samples);
		details.put("avg_rate", (range.seconds() > 0) ? (newest - oldest) / (double) range.seconds() : 0.0);
		details.put("avg", sum / samples.size());
	}

	/**
	 * The value then; while it was not known, the first one that was.
	 */
	private long value(long tick, int column) {
		long[] row = row(tick);
		return (row != null) ? row[column] : value(this.rings.get(0), column);
	}

	private static long value(Ring ring, int column) {
		long[] newest = ring.at(ring.lastTick());
		return (newest != null) ? newest[column] : 0;
	}

	/**
	 * The value then; 0 before it was known.
	 */
	private long valueBefore(long tick, int column) {
		long[] row = row(tick);
		return (row != null) ? row[column] : 0;
	}

	private long @Nullable [] row(long tick) {
		for (Ring ring : this.rings) {
			long[] row = ring.at(tick);
			if (row != null) {
				return row;
			}
		}
		return null;
	}

}
