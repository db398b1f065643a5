package dev.warren.rpc.web;

import java.net.URI;
import java.util.List;
import java.util.Locale;

import dev.warren.messaging.api.Problems;
import dev.warren.messaging.listener.ListenerGroup;
import dev.warren.messaging.listener.ListenerGroup.Member;
import dev.warren.messaging.log.Printable;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.rpc.ConditionalOnRole;
import dev.warren.rpc.FibonacciServer;
import dev.warren.rpc.RpcProperties;
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
 * Starts, stops and crashes the servers of this instance.
 */
@Tag(name = "Servers", description = "Who answers requests")
@RestController
@RequestMapping("/servers")
@ConditionalOnRole(RpcProperties.Role.SERVER)
class ServerController {

	private final ListenerGroup<FibonacciServer> servers;

	ServerController(ListenerGroup<FibonacciServer> servers) {
		this.servers = servers;
	}

	@Operation(summary = "The servers of this instance")
	@GetMapping
	List<ServerStatus> list() {
		return this.servers.list().stream().map(ServerStatus::of).toList();
	}

	@Operation(summary = "Start one more server")
	@Problems(ProblemType.CONFLICT)
	@ResponseStatus(HttpStatus.CREATED)
	@PostMapping
	ResponseEntity<ServerStatus> start() {
		Member<FibonacciServer> server = this.servers.startOne()
			.orElseThrow(() -> new ProblemException(ProblemType.CONFLICT,
					"There are as many servers as warren.rpc.max-servers allows, or the service stops"));
		return ResponseEntity.created(URI.create("/servers/" + server.id())).body(ServerStatus.of(server));
	}

	@Operation(summary = "Stop a server",
			description = "It takes no more requests and goes when the one it holds has its reply")
	@Problems(ProblemType.NOT_FOUND)
	@DeleteMapping("/{id}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void stop(@PathVariable String id) {
		this.servers.stop(id).orElseThrow(() -> noSuchServer(id));
	}

	@Operation(summary = "Have a server crash",
			description = "Its channel closes without an acknowledgement: the request it holds goes to another")
	@Problems(ProblemType.NOT_FOUND)
	@PostMapping("/{id}/crash")
	ServerStatus crash(@PathVariable String id) {
		return this.servers.crash(id).map(ServerStatus::of).orElseThrow(() -> noSuchServer(id));
	}

	private static ProblemException noSuchServer(String id) {
		return new ProblemException(ProblemType.NOT_FOUND, "There is no server '%s'".formatted(Printable.line(id)),
				"id");
	}

	/**
	 * A server.
	 *
	 * @param id its id, which is its consumer tag, too
	 * @param state {@code running}, {@code stopping} or {@code crashed}
	 * @param answered how many requests got a reply from it
	 */
	record ServerStatus(String id, String state, long answered) {

		static ServerStatus of(Member<FibonacciServer> server) {
			return new ServerStatus(server.id(), server.state().name().toLowerCase(Locale.ROOT),
					server.listener().answered());
		}

	}

}
