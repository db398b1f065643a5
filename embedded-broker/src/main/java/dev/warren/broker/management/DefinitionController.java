package dev.warren.broker.management;

import java.util.List;
import java.util.Map;

import dev.warren.broker.Administration;
import dev.warren.broker.definitions.DefinitionExport;
import dev.warren.broker.definitions.DefinitionImport;
import dev.warren.broker.rabbitmq.definitions.VirtualHostDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Exports and imports all that is defined, or what is in a virtual host.
 */
@RestController
@For(Tag.ADMINISTRATOR)
final class DefinitionController {

	private final DefinitionExport export;

	private final DefinitionImport imports;

	DefinitionController(Administration broker) {
		this.export = new DefinitionExport(broker);
		this.imports = new DefinitionImport(broker);
	}

	@GetMapping({ "/api/definitions", "/api/all-configuration" })
	ResponseEntity<Map<String, @Nullable Object>> definitions(
			@RequestParam(required = false) @Nullable String download) {
		return answer(this.export.all(OverviewController.NODE), download);
	}

	@GetMapping("/api/definitions/{virtualHost}")
	ResponseEntity<Map<String, @Nullable Object>> definitions(Caller caller, @PathVariable String virtualHost,
			@RequestParam(required = false) @Nullable String download) {
		VirtualHostDefinition found = caller.definitions().virtualHosts().get(virtualHost);
		if (found == null) {
			throw ApiException.badRequest("vhost_not_found");
		}
		return answer(this.export.of(found), download);
	}

	private static ResponseEntity<Map<String, @Nullable Object>> answer(Map<String, @Nullable Object> definitions,
			@Nullable String download) {
		ResponseEntity.BodyBuilder answer = ResponseEntity.ok();
		if (download != null) {
			answer.header(HttpHeaders.CONTENT_DISPOSITION,
					ContentDisposition.attachment().filename(download).build().toString());
		}
		return answer.body(definitions);
	}

	@PostMapping("/api/definitions")
	ResponseEntity<Void> load(Caller caller, Body body) {
		return load(() -> this.imports.all(body.json(), List.of(caller.name())));
	}

	@PostMapping("/api/definitions/{virtualHost}")
	ResponseEntity<Void> load(Caller caller, Body body, @PathVariable String virtualHost) {
		if (caller.definitions().virtualHosts().get(virtualHost) == null) {
			throw ApiException.notFound("vhost_not_found");
		}
		return load(() -> this.imports.into(virtualHost, body.json()));
	}

	private static ResponseEntity<Void> load(Runnable load) {
		try {
			load.run();
			return ResponseEntity.noContent().build();
		}
		catch (IllegalArgumentException ex) {
			throw ApiException.badRequest(String.valueOf(ex.getMessage()));
		}
	}

}
