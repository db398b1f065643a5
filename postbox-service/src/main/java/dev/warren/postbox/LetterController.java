package dev.warren.postbox;

import java.util.concurrent.CompletableFuture;

import dev.warren.messaging.message.Text;
import io.swagger.v3.oas.annotations.Operation;
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
@RestController
@RequestMapping("/letters")
class LetterController {

	private static final String TO = "to";

	private final Sender sender;

	LetterController(Sender sender) {
		this.sender = sender;
	}

	@Operation(summary = "Send a letter",
			description = "202 once the broker has confirmed that it is in a box; 404 if no box has the key")
	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	@ResponseStatus(HttpStatus.ACCEPTED)
	CompletableFuture<Sender.SentLetter> send(@RequestBody LetterRequest letter) {
		return this.sender.send(Names.key(letter.to(), TO), Text.of(letter.text()));
	}

	@Operation(summary = "Send a text as a letter")
	@PostMapping(consumes = MediaType.TEXT_PLAIN_VALUE)
	@ResponseStatus(HttpStatus.ACCEPTED)
	CompletableFuture<Sender.SentLetter> send(@RequestParam String to,
			@RequestBody(required = false) byte @Nullable [] text, @RequestHeader(name = HttpHeaders.CONTENT_TYPE,
					defaultValue = MediaType.TEXT_PLAIN_VALUE) MediaType contentType) {
		return this.sender.send(Names.key(to, TO), Text.of((text != null) ? text : new byte[0], contentType));
	}

	/**
	 * A letter to send.
	 *
	 * @param to the key of the boxes it is for
	 * @param text its body, up to 64 KiB as UTF-8
	 */
	record LetterRequest(@Nullable String to, @Nullable String text) {

	}

}
