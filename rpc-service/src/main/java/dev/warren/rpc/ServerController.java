package dev.warren.rpc;

import java.io.IOException;
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
 * Starts, stops and crashes servers.
 */
@RestController
@RequestMapping("/servers")
@ConditionalOnRole(RpcProperties.Role.SERVER)
class ServerController {

	private final Servers servers;

	ServerController(Servers servers) {
		this.servers = servers;
	}

	@Operation(summary = "The servers")
	@GetMapping
	List<ServerStatus> list() {
		return this.servers.list().stream().map(ServerStatus::of).toList();
	}

	@Operation(summary = "Start one more server")
	@PostMapping
	ResponseEntity<ServerStatus> start() {
		FibonacciServer server = this.servers.startOne()
			.orElseThrow(() -> new ProblemException(ProblemType.CONFLICT,
					"There are as many servers as warren.rpc.max-servers allows"));
		return ResponseEntity.created(URI.create("/servers/" + server.id())).body(ServerStatus.of(server));
	}

	@Operation(summary = "Stop a server, once it has answered the request it holds")
	@DeleteMapping("/{id}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void stop(@PathVariable String id) {
		if (!this.servers.stop(id)) {
			throw noSuchServer(id);
		}
	}

	@Operation(summary = "Crash a server: the request it holds goes to another")
	@PostMapping("/{id}/crash")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void crash(@PathVariable String id) throws IOException {
		this.servers.find(id).orElseThrow(() -> noSuchServer(id)).crash();
	}

	private static ProblemException noSuchServer(String id) {
		return new ProblemException(ProblemType.NOT_FOUND, "There is no server '%s'".formatted(id), "id");
	}

	/**
	 * A server.
	 *
	 * @param id its id, which is its consumer tag, too
	 * @param answered how many requests it has answered
	 */
	record ServerStatus(String id, long answered) {

		static ServerStatus of(FibonacciServer server) {
			return new ServerStatus(server.id(), server.answered());
		}

	}

}
