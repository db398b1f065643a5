package dev.warren.workqueue.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.Semaphore;

import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.workqueue.WorkProperties;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Many tasks in one request. All are read and checked before the first is sent: one that
 * is not acceptable is named, and none is sent.
 */
@Tag(name = "Tasks", description = "Into the queue, and what becomes of them")
@RestController
@RequestMapping("/tasks/batch")
class BatchController {

	private static final String RETRY_AFTER_SECONDS = "1";

	private final Batches batches;

	private final BatchReader reader;

	private final Semaphore underWay;

	BatchController(Batches batches, BatchReader reader, WorkProperties properties) {
		this.batches = batches;
		this.reader = reader;
		this.underWay = new Semaphore(properties.maxBatches());
	}

	@Operation(summary = "Submit many tasks",
			description = "A JSON array, or newline-delimited JSON, of up to 10,000 texts or objects with a text. "
					+ "202 if the broker has confirmed all, 207 if it has confirmed some, 503 if it has confirmed none")
	@RequestBody(required = true,
			content = {
					@Content(mediaType = MediaType.APPLICATION_JSON_VALUE,
							array = @ArraySchema(schema = @Schema(types = { "string", "object" })),
							examples = @ExampleObject("[\"First task.\", \"Second task..\"]")),
					@Content(mediaType = MediaType.APPLICATION_NDJSON_VALUE, schema = @Schema(type = "string"),
							examples = @ExampleObject("\"First task.\"")) })
	@ApiResponse(responseCode = "202", description = "All are confirmed", useReturnTypeSchema = true)
	@ApiResponse(responseCode = "207", description = "Some are confirmed", useReturnTypeSchema = true)
	@ApiResponse(responseCode = "503", description = "None is confirmed", useReturnTypeSchema = true)
	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<BatchReceipt> submit(
			@RequestParam(defaultValue = "async") @Schema(
					allowableValues = { "individual", "batch", "async" }) String confirm,
			InputStream body) throws IOException {
		return submit(confirm, () -> this.reader.readArray(body));
	}

	@Operation(summary = "Submit many tasks, one a line")
	@ApiResponse(responseCode = "202", description = "All are confirmed", useReturnTypeSchema = true)
	@ApiResponse(responseCode = "207", description = "Some are confirmed", useReturnTypeSchema = true)
	@ApiResponse(responseCode = "503", description = "None is confirmed", useReturnTypeSchema = true)
	@PostMapping(consumes = MediaType.APPLICATION_NDJSON_VALUE)
	ResponseEntity<BatchReceipt> submitLines(
			@RequestParam(defaultValue = "async") @Schema(
					allowableValues = { "individual", "batch", "async" }) String confirm,
			InputStream body) throws IOException {
		return submit(confirm, () -> this.reader.readLines(body));
	}

	private ResponseEntity<BatchReceipt> submit(String confirm, Batched batched) throws IOException {
		ConfirmStrategy strategy = ConfirmStrategy.of(confirm);
		if (!this.underWay.tryAcquire()) {
			throw new ProblemException(ProblemType.BUSY,
					"As many batches are being sent as warren.work.max-batches allows");
		}
		try {
			BatchReceipt receipt = this.batches.send(batched.read(), strategy);
			return answer(receipt);
		}
		finally {
			this.underWay.release();
		}
	}

	private static ResponseEntity<BatchReceipt> answer(BatchReceipt receipt) {
		if (receipt.unconfirmed().isEmpty()) {
			return ResponseEntity.accepted().body(receipt);
		}
		if (receipt.confirmed() > 0) {
			return ResponseEntity.status(HttpStatus.MULTI_STATUS).body(receipt);
		}
		return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
			.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
			.body(receipt);
	}

	@FunctionalInterface
	private interface Batched {

		List<String> read() throws IOException;

	}

}
