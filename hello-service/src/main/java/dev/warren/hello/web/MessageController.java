package dev.warren.hello.web;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.warren.hello.HelloTopology;
import dev.warren.hello.Sender;
import dev.warren.messaging.api.Problems;
import dev.warren.messaging.broker.Topology;
import dev.warren.messaging.feed.EventStreams;
import dev.warren.messaging.feed.MessageFeed;
import dev.warren.messaging.message.ReceivedMessage;
import dev.warren.messaging.message.Text;
import dev.warren.messaging.problem.ProblemType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.util.AlternativeJdkIdGenerator;
import org.springframework.util.IdGenerator;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Messages in and out.
 */
@Tag(name = "Messages", description = "Into the queue, and out of it")
@RestController
@RequestMapping("/messages")
class MessageController {

	private final Sender sender;

	private final Topology topology;

	private final MessageFeed<ReceivedMessage> feed;

	private final EventStreams streams;

	private final IdGenerator ids = new AlternativeJdkIdGenerator();

	MessageController(Sender sender, Topology topology, MessageFeed<ReceivedMessage> feed, EventStreams streams) {
		this.sender = sender;
		this.topology = topology;
		this.feed = feed;
		this.streams = streams;
	}

	@Operation(summary = "Send a message", description = "202 once the broker has confirmed that it is in the queue")
	@Problems({ ProblemType.BROKER_UNAVAILABLE, ProblemType.NOT_CONFIRMED, ProblemType.NOT_ROUTED })
	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	@ResponseStatus(HttpStatus.ACCEPTED)
	CompletableFuture<SentMessage> send(@RequestBody @Valid SendRequest request) {
		return send(Text.of(request.text()),
				(request.properties() != null) ? request.properties() : SendProperties.NONE);
	}

	@Operation(summary = "Send a text")
	@Problems({ ProblemType.BROKER_UNAVAILABLE, ProblemType.NOT_CONFIRMED, ProblemType.NOT_ROUTED })
	@PostMapping(consumes = MediaType.TEXT_PLAIN_VALUE)
	@ResponseStatus(HttpStatus.ACCEPTED)
	CompletableFuture<SentMessage> send(
			@RequestBody(required = false) @Schema(example = "Hello World!") byte @Nullable [] text,
			@RequestHeader(name = HttpHeaders.CONTENT_TYPE,
					defaultValue = MediaType.TEXT_PLAIN_VALUE) MediaType contentType) {
		return send(Text.of((text != null) ? text : new byte[0], contentType), SendProperties.NONE);
	}

	private CompletableFuture<SentMessage> send(Text text, SendProperties properties) {
		String id = this.ids.generateId().toString();
		return this.topology.declaringWhatIsMissing(() -> this.sender.send(id, text.toString(), properties))
			.thenApply((confirmation) -> new SentMessage(id));
	}

	@Operation(summary = "What the receivers got, newest first")
	@GetMapping
	List<ReceivedMessage> received(@RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit) {
		return this.feed.newest(limit);
	}

	@Operation(summary = "What the receivers get, as they get it")
	@Problems(ProblemType.BUSY)
	@GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	void stream(HttpServletRequest request, HttpServletResponse response) throws IOException {
		this.streams.stream(this.feed, request, response);
	}

	/**
	 * A message to send.
	 *
	 * @param text its body, up to 64 KiB as UTF-8
	 * @param properties its properties
	 */
	record SendRequest(
			@Schema(example = "Hello World!", requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String text,
			@Nullable @Valid SendProperties properties) {

	}

	/**
	 * A message that is in the queue.
	 *
	 * @param id its message id
	 * @param queue the queue
	 * @param confirmed that the broker has confirmed it
	 */
	record SentMessage(String id, String queue, boolean confirmed) {

		SentMessage(String id) {
			this(id, HelloTopology.QUEUE, true);
		}

	}

}
