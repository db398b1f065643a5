package dev.warren.workqueue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

import dev.warren.messaging.feed.MessageFeed;
import dev.warren.messaging.publish.Confirmation;
import dev.warren.messaging.publish.ConfirmedPublisher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * What an instance hears and tells, with a publisher that fails as it is told to.
 */
class TaskEventsTests {

	private static final String TASK = """
			{"id":"%s","text":"x","state":"done","attempts":1,"redeliveries":0,"replays":0,
			"submittedAt":"2026-11-21T10:00:00Z"}""";

	private static final WorkProperties PROPERTIES = new WorkProperties(Duration.ZERO, Duration.ZERO, 3, 0, 1, 1,
			Duration.ZERO, 1, 100, DataSize.ofMegabytes(1), 100);

	private final ConfirmedPublisher publisher = mock(ConfirmedPublisher.class);

	private final Tasks tasks = new Tasks(new MessageFeed<>(100, DataSize.ofMegabytes(1), Task::memorySize),
			PROPERTIES);

	private final TaskEvents events = new TaskEvents(this.tasks, this.publisher, new JsonMapper(), new Instance("this"),
			new Queue("events"), containers(), PROPERTIES);

	private static SimpleRabbitListenerContainerFactory containers() {
		SimpleRabbitListenerContainerFactory containers = mock(SimpleRabbitListenerContainerFactory.class);
		given(containers.createListenerContainer()).willReturn(mock(SimpleMessageListenerContainer.class));
		return containers;
	}

	@Test
	void whatAnotherInstanceTellsIsKnown() {
		hear("{\"question\":false,\"tasks\":[" + TASK.formatted("known") + "]}");

		assertThat(this.tasks.newest(10)).extracting(Task::id).containsExactly("known");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "null", "7", "{\"question\":false}", "{\"question\":false,\"tasks\":null}",
			"{\"question\":false,\"tasks\":[null]}", "{\"question\":false,\"tasks\":[{}]}",
			"{\"question\":false,\"tasks\":[{\"text\":\"x\",\"state\":\"done\",\"attempts\":1,\"redeliveries\":0,\"replays\":0,\"submittedAt\":\"2026-11-21T10:00:00Z\"}]}",
			"{\"question\":false,\"tasks\":[{\"id\":\"a\",\"state\":\"done\",\"attempts\":1,\"redeliveries\":0,\"replays\":0,\"submittedAt\":\"2026-11-21T10:00:00Z\"}]}",
			"{\"question\":false,\"tasks\":[{\"id\":\"a\",\"text\":\"x\",\"attempts\":1,\"redeliveries\":0,\"replays\":0,\"submittedAt\":\"2026-11-21T10:00:00Z\"}]}",
			"{\"question\":false,\"tasks\":[{\"id\":\"a\",\"text\":\"x\",\"state\":\"done\",\"attempts\":1,\"redeliveries\":0,\"replays\":0}]}" })
	void aStrangersMalformedEventIsIgnored(String event) {
		hear(event);

		assertThat(this.tasks.newest(10)).isEmpty();
	}

	@Test
	void whatIsBeingToldAtTheStopIsToldAgain() {
		given(this.publisher.publish(anyString(), anyString(), any())).willReturn(new CompletableFuture<>())
			.willReturn(CompletableFuture.completedFuture(new Confirmation(true)));
		this.events.start();
		this.events.announce(Task.submitted("told", "x", Instant.now()));
		verify(this.publisher, timeout(10_000)).publish(anyString(), anyString(), any());

		this.events.stop();

		verify(this.publisher, times(2)).publish(anyString(), anyString(),
				argThat((message) -> new String(message.getBody(), StandardCharsets.UTF_8).contains("told")));
	}

	private void hear(String event) {
		this.events.onMessage(new Message(event.getBytes(StandardCharsets.UTF_8)));
	}

}
