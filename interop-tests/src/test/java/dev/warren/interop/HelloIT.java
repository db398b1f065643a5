package dev.warren.interop;

import java.util.List;

import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(SuiteUnderTest.class)
class HelloIT {

	private final Suite suite;

	private final Service hello;

	HelloIT(Suite suite) {
		this.suite = suite;
		this.hello = suite.service("hello-service");
	}

	@Row(tutorial = Tutorial.HELLO_WORLD, direction = Direction.TO_SERVICE)
	void theServiceReceivesWhatTheClientSends(Client client) throws Exception {
		this.hello.scale("/receivers", 1);

		this.suite.run(client, "send", "Hello from " + client, "Anybody there?");

		await().untilAsserted(() -> assertThat(this.hello.<List<String>>get("/messages?limit=2", "$[*].text"))
			.containsExactly("Anybody there?", "Hello from " + client));
	}

	@Row(tutorial = Tutorial.HELLO_WORLD, direction = Direction.TO_CLIENT)
	void theClientReceivesWhatTheServiceSends(Client client) throws Exception {
		this.hello.scale("/receivers", 0);

		this.hello.postText("/messages", "Hello " + client);
		this.hello.postText("/messages", "Anybody there?");

		this.suite.run(client, "receive", "Hello " + client, "Anybody there?");
		assertThat(this.hello.<Integer>get("/queue", "$.messages")).isZero();
	}

}
