package dev.warren.broker.management.events;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

import dev.warren.broker.BrokerMessage;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.rabbitmq.event.Detail;
import dev.warren.broker.rabbitmq.event.Event;
import dev.warren.broker.rabbitmq.event.Events;
import dev.warren.broker.rabbitmq.event.Happening;
import dev.warren.broker.rabbitmq.event.Listening;
import dev.warren.broker.rabbitmq.event.Origin;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a reader may have before it loses something, and what it is shown of messages.
 */
class EventBufferTests {

	private final EventBuffer buffer = new EventBuffer();

	@Test
	void theFirstEventsAreLostWhenThereAreTooMany() {
		IntStream.rangeClosed(1, EventBuffer.MOST_EVENTS + 5)
			.forEach((number) -> this.buffer
				.add(new Event(number, 0, Happening.CONNECTED, Origin.BROKER, 0, null, "", Detail.NONE)));

		List<EventBuffer.Batch> batches = takeAll();

		assertThat(batches).extracting(EventBuffer.Batch::lost).containsExactly(5L, 0L, 0L, 0L, 0L);
		assertThat(batches).extracting((batch) -> batch.events().size()).containsOnly(EventBuffer.MOST_EVENTS_OF_BATCH);
		assertThat(batches.stream().flatMap((batch) -> batch.events().stream()).map(Event::number))
			.isEqualTo(IntStream.rangeClosed(6, EventBuffer.MOST_EVENTS + 5).mapToObj(Long::valueOf).toList());
	}

	private List<EventBuffer.Batch> takeAll() {
		List<EventBuffer.Batch> batches = new ArrayList<>();
		EventBuffer.Batch next = this.buffer.take();
		while (!next.events().isEmpty()) {
			batches.add(next);
			next = this.buffer.take();
		}
		return batches;
	}

	@Test
	void largeMessagesAreLostSooner() {
		List<Event> events = eventsOf(BrokerMessage.of("x".repeat(1_000_000)).withHeader("large", "x".repeat(100_000)),
				100);

		events.forEach(this.buffer::add);

		List<EventBuffer.Batch> batches = takeAll();
		long lost = batches.stream().mapToLong(EventBuffer.Batch::lost).sum();
		List<Event> left = batches.stream().flatMap((batch) -> batch.events().stream()).toList();
		assertThat(lost).isPositive();
		assertThat(left.size() + lost).isEqualTo(events.size());
		assertThat(left).allSatisfy(
				(event) -> assertThat(Objects.requireNonNull(event.content()).weight()).isBetween(100_000, 102_000));
		assertThat(left.stream().map(Event::content).distinct().mapToLong((one) -> one.weight()).sum())
			.isLessThan(EventBuffer.MOST_OCTETS);
		assertThat(batches).hasSizeGreaterThan(6);
	}

	@Test
	void whatClientsWroteIsCut() {
		BrokerMessage message = BrokerMessage.of("\ud83d\udc30".repeat(10_000))
			.withHeader("texts", Collections.nCopies(500, "\ud83d\udc30".repeat(1000)));

		String json = EventJson.of(eventsOf(message, 1));

		assertThat(json).hasSizeLessThan(30_000)
			.contains("\"body\":\"" + "\ud83d\udc30".repeat(128) + "\",")
			.contains("\"texts\":[\"" + "\ud83d\udc30".repeat(128) + "\u2026\",");
	}

	/**
	 * What is told of messages that go to nobody.
	 */
	private static List<Event> eventsOf(BrokerMessage message, int count) {
		List<Event> heard = new ArrayList<>();
		try (EmbeddedBroker broker = EmbeddedBroker.builder().timeline(false).start()) {
			Events events = Objects.requireNonNull(broker.administration().virtualHost("/")).queues().events();
			try (Listening listening = events.listen(EventJson.OCTETS_OF_BODY, heard::add)) {
				assertThat(listening.since()).isZero();
				IntStream.range(0, count).forEach((i) -> broker.publish("", "nowhere", message));
			}
			broker.publish("", "nowhere", "unheard");
		}
		assertThat(heard).hasSize(2 * count);
		return heard;
	}

}
