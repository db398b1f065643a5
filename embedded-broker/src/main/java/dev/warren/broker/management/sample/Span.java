package dev.warren.broker.management.sample;

import java.util.List;

/**
 * How long values are kept, and how many.
 *
 * @param ticks how many ticks are between one and the next
 * @param most how many there are at most
 */
record Span(int ticks, int most) {

	private static final Span TEN_MINUTES = new Span(1, 121);

	private static final Span HOUR = new Span(12, 61);

	/** A day, of the broker as a whole. RabbitMQ's "global" retention. */
	static final List<Span> DAY = List.of(TEN_MINUTES, HOUR, new Span(120, 49), new Span(360, 49));

	/** RabbitMQ's "basic" retention, an hour. */
	static final List<Span> BASIC = List.of(TEN_MINUTES, HOUR);

	/** RabbitMQ's "detailed" retention, ten minutes. */
	static final List<Span> DETAILED = List.of(TEN_MINUTES);

	/** A minute, where there is a lot to keep. */
	static final List<Span> SHORT = List.of(new Span(1, 13));

}
