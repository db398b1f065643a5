package dev.warren.postbox.web;

import java.io.IOException;
import java.net.URI;
import java.util.List;

import dev.warren.messaging.api.Problems;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.postbox.PostboxProperties;
import dev.warren.postbox.boxes.BoxStatus;
import dev.warren.postbox.boxes.Boxes;
import dev.warren.postbox.deliveries.Deliveries;
import dev.warren.postbox.deliveries.Letter;
import dev.warren.postbox.deliveries.LetterStreams;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Boxes, and letters out of them.
 */
@Tag(name = "Boxes", description = "Queues that keep letters")
@RestController
@RequestMapping("/boxes")
class BoxController {

	private final Boxes boxes;

	private final Deliveries deliveries;

	private final LetterStreams streams;

	private final PostboxProperties properties;

	BoxController(Boxes boxes, Deliveries deliveries, LetterStreams streams, PostboxProperties properties) {
		this.boxes = boxes;
		this.deliveries = deliveries;
		this.streams = streams;
		this.properties = properties;
	}

	@Operation(summary = "Declare a box and its bindings",
			description = "201 if it is new, 200 if it is there already, 409 if it is there with other keys, "
					+ "or if there is a queue of that name that is not a box")
	@ApiResponse(responseCode = "200", description = "It is there already", useReturnTypeSchema = true)
	@ApiResponse(responseCode = "201", description = "It is new", useReturnTypeSchema = true)
	@Problems({ ProblemType.CONFLICT, ProblemType.BUSY, ProblemType.BROKER_UNAVAILABLE })
	@PutMapping(path = "/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<BoxStatus> declare(@PathVariable @Schema(example = "po_box") String name,
			@RequestBody BoxRequest request) {
		Boxes.Declared declared = this.boxes.declare(Names.box(name),
				Names.keys(request.keys(), this.properties.maxKeys()));
		return (declared.created() ? ResponseEntity.created(location(name)) : ResponseEntity.ok()).body(declared.box());
	}

	// A queue's name may have any character.
	private static URI location(String name) {
		return UriComponentsBuilder.fromPath("/boxes").pathSegment("{name}").build(name);
	}

	@Operation(summary = "The boxes")
	@Problems({ ProblemType.BUSY, ProblemType.BROKER_UNAVAILABLE })
	@GetMapping
	List<BoxStatus> list() {
		return this.boxes.list();
	}

	@Operation(summary = "A box and what is in it")
	@Problems({ ProblemType.NOT_FOUND, ProblemType.BUSY, ProblemType.BROKER_UNAVAILABLE })
	@GetMapping("/{name}")
	BoxStatus get(@PathVariable @Schema(example = "po_box") String name) {
		return this.boxes.get(Names.box(name));
	}

	@Operation(summary = "Delete a box and the letters in it",
			description = "The box po_box is declared again, empty, as this service declares it")
	@Problems({ ProblemType.NOT_FOUND, ProblemType.BUSY, ProblemType.BROKER_UNAVAILABLE })
	@DeleteMapping("/{name}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void delete(@PathVariable @Schema(example = "po_box") String name) {
		this.boxes.delete(Names.box(name));
	}

	@Operation(summary = "Collect the next letter",
			description = "200 with the letter, 204 if there is none. With 'ack' manual it has a handle, "
					+ "by which it is to be acknowledged or rejected in time; with auto it is gone from the box")
	@ApiResponse(responseCode = "200", description = "A letter", useReturnTypeSchema = true)
	@ApiResponse(responseCode = "204", description = "There is none")
	@Problems({ ProblemType.NOT_FOUND, ProblemType.BUSY, ProblemType.BROKER_UNAVAILABLE })
	@PostMapping("/{name}/collect")
	ResponseEntity<Letter> collect(@PathVariable @Schema(example = "po_box") String name,
			@RequestParam(defaultValue = "manual") @Schema(allowableValues = { "manual", "auto" }) String ack) {
		return this.deliveries.collect(Names.box(name), isAuto(ack))
			.map(ResponseEntity::ok)
			.orElseGet(() -> ResponseEntity.noContent().build());
	}

	@Operation(summary = "Consume letters as they come",
			description = "With 'ack' manual each has a handle, by which it is to be acknowledged or rejected in time; "
					+ "with auto it is gone from the box as it is written, whether or not it is read. "
					+ "What is not acknowledged when the reader leaves goes back")
	@Problems({ ProblemType.NOT_FOUND, ProblemType.BUSY, ProblemType.BROKER_UNAVAILABLE })
	@GetMapping(path = "/{name}/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	void stream(@PathVariable @Schema(example = "po_box") String name,
			@RequestParam(defaultValue = "manual") @Schema(allowableValues = { "manual", "auto" }) String ack,
			HttpServletResponse response) throws IOException {
		this.streams.stream(Names.box(name), isAuto(ack), response);
	}

	private static boolean isAuto(String ack) {
		return switch (ack) {
			case "manual" -> false;
			case "auto" -> true;
			default -> throw new ProblemException(ProblemType.INVALID_VALUE, "'ack' must be 'manual' or 'auto'", "ack");
		};
	}

	/**
	 * A box to declare.
	 *
	 * @param keys the keys whose letters it gets
	 */
	record BoxRequest(@Schema(example = "[\"jason\"]",
			requiredMode = Schema.RequiredMode.REQUIRED) @Nullable List<@Nullable String> keys) {

	}

}
