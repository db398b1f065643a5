package dev.warren.hello;

import dev.warren.test.BrokerUnderTest;
import dev.warren.test.LocalService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The hello service when a stranger sends what is larger than it receives.
 */
@ExtendWith(OutputCaptureExtension.class)
class LargeMessageTests {

	private static final String TOO_LARGE = "Message body is too large";

	@Test
	void aMessageThatIsTooLargeIsToldAndCanBeRemoved(CapturedOutput output) throws Exception {
		try (BrokerUnderTest broker = BrokerUnderTest.start().withoutQueues("hello");
				LocalService service = LocalService.start(HelloServiceApplication.application(), broker.address())) {
			HelloClient hello = new HelloClient(service.port());
			hello.awaitReady();

			broker.withChannel((channel) -> channel.basicPublish("", "hello", null, new byte[3 * 1024 * 1024]));

			await().until(() -> output.getAll().contains(TOO_LARGE));
			hello.awaitNotReady();
			await().until(() -> hello.delete("/queue?force=true").statusCode() == 204);

			hello.awaitReady();
			String id = hello.accepted("after that");
			await().until(() -> hello.receivedIds().contains(id));
			assertThat(output).containsOnlyOnce(TOO_LARGE);
		}
	}

}
