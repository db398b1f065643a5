package dev.warren.console;

import java.util.concurrent.Semaphore;

import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Restarts the broker for the page.
 */
@RestController
class RestartController {

	private final ObjectProvider<BrokerRestart> restart;

	private final Semaphore one = new Semaphore(1);

	RestartController(ObjectProvider<BrokerRestart> restart) {
		this.restart = restart;
	}

	@PostMapping("/restart-broker")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void restart() {
		BrokerRestart found = this.restart.getIfAvailable();
		if (found == null) {
			throw new ProblemException(ProblemType.NOT_FOUND,
					"Only the suite's console can restart the broker; with Docker: docker compose restart");
		}
		if (!this.one.tryAcquire()) {
			throw new ProblemException(ProblemType.CONFLICT, "The broker is being restarted already");
		}
		try {
			found.restart();
		}
		finally {
			this.one.release();
		}
	}

}
