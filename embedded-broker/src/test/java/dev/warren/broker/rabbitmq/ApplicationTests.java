package dev.warren.broker.rabbitmq;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@CompatibilityTests
@DisplayName("Applications that change with the version")
class ApplicationTests {

	private OldApplications applications;

	@BeforeEach
	void connect(TestClient client) {
		this.applications = new OldApplications(client.host(), client.port());
	}

	@AfterEach
	void disconnect() {
		this.applications.close();
	}

	@Test
	@DisplayName("Spring retries, rejects, and reads the dead letter")
	void springRetry() {
		assertThat(this.applications.springRetryThenReject()).isEqualTo("3 attempts, redelivered false");
	}

	@Test
	@DisplayName("A failing Spring listener and a delivery limit of 2")
	void springRequeue() {
		assertThat(this.applications.springRequeueWithDeliveryLimit()).isEqualTo(onThisVersion("3", "3", "for ever"));
	}

	@Test
	@DisplayName("A Spring listener gives back with `basic.nack`, a delivery limit of 2")
	void springNack() {
		assertThat(this.applications.springGivesBackByItself(true)).isEqualTo(onThisVersion("3", "3", "for ever"));
	}

	@Test
	@DisplayName("A Spring listener gives back with `basic.reject`, a delivery limit of 2")
	void springReject() {
		assertThat(this.applications.springGivesBackByItself(false)).isEqualTo("3");
	}

	@Test
	@DisplayName("A Spring listener drops with `basic.reject`, and reads the dead letter")
	void springDrop() {
		assertThat(this.applications.springDropsByItself())
			.isEqualTo(onThisVersion("redelivered false", "redelivered false", "redelivered true"));
	}

	@Test
	@DisplayName("Celery's global prefetch of 2 on two queues")
	void celery() throws Exception {
		assertThat(this.applications.celeryWithGlobalPrefetch())
			.isEqualTo(onThisVersion("2 of 10", "2 of 10", "4 of 10"));
	}

	@Test
	@DisplayName("A queue that is neither durable nor exclusive")
	void transientQueue() throws Exception {
		assertThat(this.applications.transientQueue()).isEqualTo("used: true");
	}

	@Test
	@DisplayName("A message of 20 MiB")
	void largeMessage() throws Exception {
		assertThat(this.applications.largeMessage()).isEqualTo(onThisVersion("confirmed", "406", "406"));
	}

	private static String onThisVersion(String as310, String as40, String as43) {
		return switch (BrokerUnderTest.version()) {
			case V3_10 -> as310;
			case V4_0 -> as40;
			case V4_3 -> as43;
		};
	}

}
