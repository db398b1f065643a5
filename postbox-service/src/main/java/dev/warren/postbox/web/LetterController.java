package dev.warren.postbox.web;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import dev.warren.messaging.api.Problems;
import dev.warren.messaging.message.Text;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.postbox.PostboxTopology;
import dev.warren.postbox.Postman;
import dev.warren.postbox.boxes.Boxes;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Letters in.
 */
@Tag(name = "Letters", description = "Into the boxes")
@RestController
@RequestMapping("/letters")
class LetterController {

	private static final String TO = "to";

	private final Postman postman;

	private final Boxes boxes;

	LetterController(Postman postman, Boxes boxes) {
		this.postman = postman;
		this.boxes = boxes;
	}

	@Operation(summary = "Send a letter",
			description = "202 once the broker has confirmed that it is in a box; 404 if no box has the key")
	@Problems({ ProblemType.NOT_FOUND, ProblemType.BROKER_UNAVAILABLE, ProblemType.NOT_CONFIRMED })
	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	@ResponseStatus(HttpStatus.ACCEPTED)
	CompletableFuture<SentLetter> send(@RequestBody LetterRequest letter) {
		return send(letter.to(), Text.of(letter.text()));
	}

	@Operation(summary = "Send a text as a letter")
	@Problems({ ProblemType.NOT_FOUND, ProblemType.BROKER_UNAVAILABLE, ProblemType.NOT_CONFIRMED })
	@PostMapping(consumes = MediaType.TEXT_PLAIN_VALUE)
	@ResponseStatus(HttpStatus.ACCEPTED)
	CompletableFuture<SentLetter> send(@RequestParam @Schema(example = "jason") String to,
			@RequestBody(required = false) @Schema(example = "Hello World!") byte @Nullable [] text,
			@RequestHeader(name = HttpHeaders.CONTENT_TYPE,
					defaultValue = MediaType.TEXT_PLAIN_VALUE) MediaType contentType) {
		return send(to, Text.of((text != null) ? text : new byte[0], contentType));
	}

	private CompletableFuture<SentLetter> send(@Nullable String to, Text text) {
		String key = Names.key(to, TO);
		String id = UUID.randomUUID().toString();
		return this.boxes.declaringWhatIsMissing(key, () -> this.postman.send(id, key, text.toString()))
			.thenApply((confirmation) -> new SentLetter(id, key, PostboxTopology.SORTING_ROOM, true));
	}

	/**
	 * A letter to send.
	 *
	 * @param to the key of the boxes it is for
	 * @param text its body, up to 64 KiB as UTF-8
	 */
	record LetterRequest(@Schema(example = "jason", requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String to,
			@Schema(example = "Hello World!", requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String text) {

	}

	/**
	 * A letter that is in a box.
	 *
	 * @param id its message id
	 * @param to its routing key
	 * @param exchange the exchange it went through
	 * @param confirmed that the broker has confirmed it
	 */
	record SentLetter(String id, String to, String exchange, boolean confirmed) {

	}

}
