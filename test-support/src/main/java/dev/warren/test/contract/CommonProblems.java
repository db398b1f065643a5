package dev.warren.test.contract;

import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Has a service give the answers that an operation can give whatever it does.
 */
final class CommonProblems {

	/** As many bodies as a service receives at once. */
	private static final int BODIES = 128;

	private final Contract contract;

	CommonProblems(Contract contract) {
		this.contract = contract;
	}

	void provoke() throws Exception {
		for (Operation operation : this.contract.operations()) {
			HttpRequest request = this.contract.lastSuccess(operation).build();
			String uri = request.uri().toString();
			this.contract.provoke(operation, copy(request).uri(URI.create(uri.replaceFirst("\\?.*", "") + "?x=%FF")));
			this.contract.provoke(operation, copy(request).header("Origin", "http://elsewhere.example"));
			this.contract.provoke(operation, copy(request).header("Accept", "image/png"));
			if (operation.hasBody()) {
				this.contract.provoke(operation,
						body(operation, "x".repeat(2_000_000), operation.bodyTypes().iterator().next()));
				this.contract.provoke(operation, body(operation, "x", "image/png"));
			}
			if (operation.isStream()) {
				// All the streams that may be open are.
				this.contract.provoke(operation, copy(request));
			}
		}
		provokeByStalledBodies();
	}

	private static HttpRequest.Builder copy(HttpRequest request) {
		return HttpRequest.newBuilder(request, (name, value) -> true);
	}

	private HttpRequest.Builder body(Operation operation, String body, String type) {
		return this.contract.client()
			.request(path(operation))
			.header("Content-Type", type)
			.method(operation.method(), BodyPublishers.ofString(body));
	}

	private String path(Operation operation) {
		return this.contract.lastSuccess(operation).build().uri().getRawPath();
	}

	private void provokeByStalledBodies() throws Exception {
		List<Operation> operations = this.contract.operations().stream().filter(Operation::hasBody).toList();
		if (operations.isEmpty()) {
			return;
		}
		List<Socket> stalled = new ArrayList<>();
		try {
			for (int i = 0; i < BODIES; i++) {
				stalled.add(stalled(operations.get(i % operations.size())));
			}
			Operation first = operations.get(0);
			Awaitility.await()
				.atMost(Duration.ofMinutes(1))
				.until(() -> this.contract.client().send(body(first, "x", "image/png")).statusCode() == 503);
			for (Operation operation : operations) {
				this.contract.provoke(operation, body(operation, "x", "image/png"));
			}
			for (int i = 0; i < operations.size(); i++) {
				String answer = new String(stalled.get(i).getInputStream().readAllBytes(), StandardCharsets.UTF_8);
				assertThat(answer).startsWith("HTTP/1.1 408").contains("application/problem+json");
				// It may be in chunks.
				String json = answer.substring(answer.indexOf('{'), answer.lastIndexOf('}') + 2);
				assertThat(this.contract.faultIn(operations.get(i), 408, "application/problem+json", json)).isNull();
			}
		}
		finally {
			for (Socket socket : stalled) {
				socket.close();
			}
		}
	}

	private Socket stalled(Operation operation) throws Exception {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.contract.client().port());
		socket.getOutputStream()
			.write(("%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nConnection: close\r\n\r\n")
				.formatted(operation.method(), path(operation))
				.getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

}
