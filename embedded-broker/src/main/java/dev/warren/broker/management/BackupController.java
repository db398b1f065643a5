package dev.warren.broker.management;

import java.io.UncheckedIOException;
import java.nio.file.Path;

import dev.warren.broker.EmbeddedBroker;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Copies of the data directory. RabbitMQ's API has none; this is for {@code warrenctl},
 * and for nobody else, since it writes files.
 */
@RestController
@For(Tag.ADMINISTRATOR)
final class BackupController {

	private final EmbeddedBroker broker;

	BackupController(EmbeddedBroker broker) {
		this.broker = broker;
	}

	@PostMapping("/api/backup")
	ResponseEntity<Void> backUp(Caller caller, Body body) {
		if (!caller.owner()) {
			throw ApiException.notAuthorised("Not the owner of the data directory");
		}
		body.require("directory");
		try {
			this.broker.backUp(Path.of(body.text("directory", "")).toAbsolutePath());
		}
		catch (UncheckedIOException | IllegalStateException ex) {
			throw ApiException.badRequest(String.valueOf(ex.getMessage()));
		}
		return ResponseEntity.noContent().build();
	}

}
