package dev.warren.workqueue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

import dev.warren.messaging.message.Text;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import io.swagger.v3.oas.annotations.Operation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

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
@RestController
@RequestMapping("/tasks/batch")
class BatchController {

	static final int MAX_TASKS = 10_000;

	private static final String TEXT = "text";

	private final Sender sender;

	private final Work work;

	private final JsonMapper jsonMapper;

	private final Semaphore batches;

	BatchController(Sender sender, Work work, JsonMapper jsonMapper, WorkProperties properties) {
		this.sender = sender;
		this.work = work;
		this.jsonMapper = jsonMapper;
		this.batches = new Semaphore(properties.maxBatches());
	}

	@Operation(summary = "Submit many tasks",
			description = "A JSON array, or newline-delimited JSON, of up to 10,000 texts or objects with a text. "
					+ "202 if the broker has confirmed all, 207 if it has confirmed some, 503 if it has confirmed none")
	@PostMapping(consumes = { MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_NDJSON_VALUE })
	ResponseEntity<BatchReceipt> submit(@RequestParam(defaultValue = "async") String confirm, InputStream body)
			throws IOException, InterruptedException {
		ConfirmStrategy strategy = ConfirmStrategy.of(confirm);
		if (!this.batches.tryAcquire()) {
			throw new ProblemException(ProblemType.BUSY,
					"As many batches are being sent as warren.work.max-batches allows");
		}
		try {
			BatchReceipt receipt = this.sender.send(read(body), strategy);
			return ResponseEntity.status(status(receipt)).body(receipt);
		}
		finally {
			this.batches.release();
		}
	}

	private static HttpStatus status(BatchReceipt receipt) {
		if (receipt.unconfirmed().isEmpty()) {
			return HttpStatus.ACCEPTED;
		}
		return (receipt.confirmed() > 0) ? HttpStatus.MULTI_STATUS : HttpStatus.SERVICE_UNAVAILABLE;
	}

	private List<Text> read(InputStream body) throws IOException {
		List<Text> texts = new ArrayList<>();
		// Unwraps an array as it reads, and reads values that follow each other as well.
		try (MappingIterator<JsonNode> elements = this.jsonMapper.readerFor(JsonNode.class).readValues(body)) {
			while (elements.hasNextValue()) {
				JsonNode element = elements.nextValue();
				if (texts.size() == MAX_TASKS) {
					throw new ProblemException(ProblemType.TOO_LARGE,
							"The batch has more than %d tasks; nothing was sent".formatted(MAX_TASKS));
				}
				texts.add(text(element, texts.size()));
			}
		}
		catch (StreamReadException ex) {
			throw new ProblemException(
					ProblemType.MALFORMED_REQUEST, "Task %d is not JSON: line %d, column %d; nothing was sent"
						.formatted(texts.size(), ex.getLocation().getLineNr(), ex.getLocation().getColumnNr()),
					field(texts.size()));
		}
		if (texts.isEmpty()) {
			throw new ProblemException(ProblemType.INVALID_VALUE, "The batch has no tasks");
		}
		return texts;
	}

	private Text text(JsonNode element, int index) {
		JsonNode value = element.isObject() ? element.path(TEXT) : element;
		if (!value.isString() || (element.isObject() && element.size() > 1)) {
			throw new ProblemException(ProblemType.INVALID_VALUE,
					"Task %d is neither a text nor an object with a 'text' and nothing else; nothing was sent"
						.formatted(index),
					field(index));
		}
		try {
			this.work.check(value.asString());
			return Text.of(value.asString());
		}
		catch (ProblemException ex) {
			ProblemType type = (ex.getStatusCode() == ProblemType.TOO_LARGE.status()) ? ProblemType.TOO_LARGE
					: ProblemType.INVALID_VALUE;
			throw new ProblemException(type, "Task %d: %s; nothing was sent".formatted(index, ex.getBody().getDetail()),
					field(index));
		}
	}

	private static String field(int index) {
		return "[" + index + "]";
	}

}
