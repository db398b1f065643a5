package dev.warren.hello.web;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.warren.hello.Receiver;
import dev.warren.messaging.api.Problems;
import dev.warren.messaging.listener.ListenerGroup;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;

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
@Tag(name = "Receivers", description = "Who takes messages out of the queue")
@RestController
@RequestMapping("/receivers")
class ReceiverController {

	private final ListenerGroup<Receiver> receivers;

	ReceiverController(ListenerGroup<Receiver> receivers) {
		this.receivers = receivers;
	}

	@Operation(summary = "The receivers")
	@GetMapping
	List<ReceiverStatus> list() {
		return this.receivers.list()
			.stream()
			.filter((member) -> member.state() == ListenerGroup.State.RUNNING)
			.map(ReceiverStatus::of)
			.toList();
	}

	@Operation(summary = "Start one more receiver")
	@Problems(ProblemType.CONFLICT)
	@PostMapping
	@ResponseStatus(HttpStatus.CREATED)
	ResponseEntity<ReceiverStatus> start() {
		// As it starts: what has waited for it may have arrived by now.
		return this.receivers.startOne()
			.map((member) -> ResponseEntity.created(URI.create("/receivers/" + member.id()))
				.body(new ReceiverStatus(member.id(), 0)))
			.orElseThrow(() -> new ProblemException(ProblemType.CONFLICT,
					"There are as many receivers as warren.hello.max-receivers allows"));
	}

	@Operation(summary = "Stop a receiver", description = "204 when it has dealt with what it held, and is gone")
	@Problems(ProblemType.NOT_FOUND)
	@DeleteMapping("/{id}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	CompletableFuture<Void> stop(@PathVariable String id) {
		return this.receivers.stop(id)
			.orElseThrow(
					() -> new ProblemException(ProblemType.NOT_FOUND, "There is no receiver '%s'".formatted(id), "id"));
	}

	/**
	 * A receiver.
	 *
	 * @param id its id, which is its consumer tag, too
	 * @param received how many messages it has received
	 */
	record ReceiverStatus(String id, long received) {

		static ReceiverStatus of(ListenerGroup.Member<Receiver> member) {
			return new ReceiverStatus(member.id(), member.listener().received());
		}

	}

}
