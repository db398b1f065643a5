package dev.warren.workqueue;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.Semaphore;

import dev.warren.messaging.message.Text;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import io.swagger.v3.oas.annotations.Operation;

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
@RestController
@RequestMapping("/tasks/batch")
class BatchController {

	private static final String RETRY_AFTER_SECONDS = "1";

	private final Sender sender;

	private final BatchReader reader;

	private final Semaphore batches;

	BatchController(Sender sender, BatchReader reader, WorkProperties properties) {
		this.sender = sender;
		this.reader = reader;
		this.batches = new Semaphore(properties.maxBatches());
	}

	@Operation(summary = "Submit many tasks",
			description = "A JSON array, or newline-delimited JSON, of up to 10,000 texts or objects with a text. "
					+ "202 if the broker has confirmed all, 207 if it has confirmed some, 503 if it has confirmed none")
	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<BatchReceipt> submit(@RequestParam(defaultValue = "async") String confirm, InputStream body)
			throws IOException, InterruptedException {
		return submit(confirm, () -> this.reader.readArray(body));
	}

	@Operation(summary = "Submit many tasks, one a line")
	@PostMapping(consumes = MediaType.APPLICATION_NDJSON_VALUE)
	ResponseEntity<BatchReceipt> submitLines(@RequestParam(defaultValue = "async") String confirm, InputStream body)
			throws IOException, InterruptedException {
		return submit(confirm, () -> this.reader.readLines(body));
	}

	private ResponseEntity<BatchReceipt> submit(String confirm, Batched batched)
			throws IOException, InterruptedException {
		ConfirmStrategy strategy = ConfirmStrategy.of(confirm);
		if (!this.batches.tryAcquire()) {
			throw new ProblemException(ProblemType.BUSY,
					"As many batches are being sent as warren.work.max-batches allows");
		}
		try {
			BatchReceipt receipt = this.sender.send(batched.read(), strategy);
			return answer(receipt);
		}
		finally {
			this.batches.release();
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

		List<Text> read() throws IOException;

	}

}
