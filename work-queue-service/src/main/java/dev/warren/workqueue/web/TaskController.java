package dev.warren.workqueue.web;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import dev.warren.messaging.api.Problems;
import dev.warren.messaging.broker.Topology;
import dev.warren.messaging.feed.EventStreams;
import dev.warren.messaging.feed.MessageFeed;
import dev.warren.messaging.message.Text;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.workqueue.Sender;
import dev.warren.workqueue.WorkProperties;
import dev.warren.workqueue.tasks.Task;
import dev.warren.workqueue.tasks.TaskEvents;
import dev.warren.workqueue.tasks.Tasks;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Tasks in, and what becomes of them.
 */
@Tag(name = "Tasks", description = "Into the queue, and what becomes of them")
@RestController
@RequestMapping("/tasks")
class TaskController {

	private final Sender sender;

	private final Topology topology;

	private final TaskEvents events;

	private final WorkProperties properties;

	private final Tasks tasks;

	private final MessageFeed<Task> feed;

	private final EventStreams streams;

	TaskController(Sender sender, Topology topology, TaskEvents events, WorkProperties properties, Tasks tasks,
			MessageFeed<Task> feed, EventStreams streams) {
		this.sender = sender;
		this.topology = topology;
		this.events = events;
		this.properties = properties;
		this.tasks = tasks;
		this.feed = feed;
		this.streams = streams;
	}

	@Operation(summary = "Submit a task",
			description = "202 once the broker has confirmed that it is in the queue. "
					+ "Each dot in the text is a second of work; a task that begins with '!' fails")
	@Problems({ ProblemType.BROKER_UNAVAILABLE, ProblemType.NOT_CONFIRMED, ProblemType.NOT_ROUTED })
	@ResponseStatus(HttpStatus.ACCEPTED)
	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	CompletableFuture<ResponseEntity<Task>> submit(@RequestBody TaskRequest request) {
		return submit(request.text());
	}

	@Operation(summary = "Submit a text as a task")
	@Problems({ ProblemType.BROKER_UNAVAILABLE, ProblemType.NOT_CONFIRMED, ProblemType.NOT_ROUTED })
	@ResponseStatus(HttpStatus.ACCEPTED)
	@PostMapping(consumes = MediaType.TEXT_PLAIN_VALUE)
	CompletableFuture<ResponseEntity<Task>> submit(
			@RequestBody(required = false) @Schema(
					example = "A very hard task which takes two seconds..") byte @Nullable [] text,
			@RequestHeader(name = HttpHeaders.CONTENT_TYPE,
					defaultValue = MediaType.TEXT_PLAIN_VALUE) MediaType contentType) {
		return submit(Text.of((text != null) ? text : new byte[0], contentType).toString());
	}

	private CompletableFuture<ResponseEntity<Task>> submit(@Nullable String text) {
		String checked = TaskText.of(text, this.properties);
		String id = UUID.randomUUID().toString();
		// A worker may begin it before the broker has confirmed it.
		Instant submitted = Instant.now();
		return this.topology.declaringWhatIsMissing(() -> this.sender.send(id, checked)).thenApply((confirmed) -> {
			Task task = Task.submitted(id, checked, submitted);
			this.events.announce(task);
			return ResponseEntity.accepted().location(location(id)).body(task);
		});
	}

	// A stranger's message id may have any character.
	static URI location(String id) {
		return UriComponentsBuilder.fromPath("/tasks").pathSegment("{id}").build(id);
	}

	@Operation(summary = "The tasks submitted last, newest first")
	@GetMapping
	List<Task> list(@RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit) {
		return this.tasks.newest(limit);
	}

	@Operation(summary = "A task")
	@Problems(ProblemType.NOT_FOUND)
	@GetMapping("/{id}")
	Task task(@PathVariable String id) {
		return this.tasks.find(id)
			.orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND,
					"There is no task '%s', or it is too long ago".formatted(id), "id"));
	}

	@Operation(summary = "The changes of tasks' states, as they happen")
	@Problems(ProblemType.BUSY)
	@GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	void stream(HttpServletRequest request, HttpServletResponse response) throws IOException {
		this.streams.stream(this.feed, request, response);
	}

	/**
	 * A task to submit.
	 *
	 * @param text what is to be done, up to 64 KiB as UTF-8
	 */
	record TaskRequest(@Schema(example = "A very hard task which takes two seconds..",
			requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String text) {

	}

}
