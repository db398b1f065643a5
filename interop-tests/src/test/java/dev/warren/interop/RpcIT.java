package dev.warren.interop;

import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(SuiteUnderTest.class)
class RpcIT {

	private static final String FIBONACCI_OF_100 = "354224848179261915075";

	private final Suite suite;

	private final Service rpc;

	RpcIT(Suite suite) {
		this.suite = suite;
		this.rpc = suite.service("rpc-service");
	}

	@Row(tutorial = Tutorial.RPC, direction = Direction.TO_SERVICE)
	void theServiceAnswersTheClient(Client client) throws Exception {
		this.rpc.scale("/servers", 1);

		this.suite.run(client, "rpc_client", "100", FIBONACCI_OF_100);
	}

	@Row(tutorial = Tutorial.RPC, direction = Direction.TO_CLIENT,
			clients = { Client.PIKA, Client.PY_AMQP, Client.PY_AMQPLIB, Client.NODE })
	void theClientAnswersTheService(Client client) throws Exception {
		this.rpc.scale("/servers", 0);

		try (Program server = this.suite.start(client, "rpc_server", "2")) {
			assertThat(this.rpc.<String>get("/fibonacci/30", "$.value")).isEqualTo("832040");
			assertThat(this.rpc.<String>get("/fibonacci/100", "$.value")).isEqualTo(FIBONACCI_OF_100);

			server.awaitSuccess();
		}
	}

}
