package dev.warren.hello;

import java.net.URI;
import java.util.List;

import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import io.swagger.v3.oas.annotations.Operation;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Starts and stops receivers: with none, messages wait in the queue; with several, they
 * take turns.
 */
@RestController
@RequestMapping("/receivers")
class ReceiverController {

	private final Receivers receivers;

	ReceiverController(Receivers receivers) {
		this.receivers = receivers;
	}

	@Operation(summary = "The receivers")
	@GetMapping
	List<ReceiverStatus> list() {
		return this.receivers.list().stream().map(ReceiverStatus::of).toList();
	}

	@Operation(summary = "Start one more receiver")
	@PostMapping
	ResponseEntity<ReceiverStatus> start() {
		Receiver receiver = this.receivers.startOne()
			.orElseThrow(() -> new ProblemException(ProblemType.CONFLICT,
					"There are as many receivers as warren.hello.max-receivers allows"));
		return ResponseEntity.created(URI.create("/receivers/" + receiver.id()))
			.body(new ReceiverStatus(receiver.id(), 0));
	}

	@Operation(summary = "Stop a receiver")
	@DeleteMapping("/{id}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void stop(@PathVariable String id) {
		if (!this.receivers.stop(id)) {
			throw new ProblemException(ProblemType.NOT_FOUND, "There is no receiver '%s'".formatted(id), "id");
		}
	}

	/**
	 * A receiver.
	 *
	 * @param id its id, which is its consumer tag, too
	 * @param received how many messages it has received
	 */
	record ReceiverStatus(String id, long received) {

		static ReceiverStatus of(Receiver receiver) {
			return new ReceiverStatus(receiver.id(), receiver.received());
		}

	}

}
