package dev.warren.broker.rabbitmq;

import java.util.stream.Stream;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.RabbitMqVersion;
import dev.warren.broker.UpgradeReport.Use;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * What the upgrade report says of applications that {@link ApplicationTests} sees change
 * with the version.
 */
class ApplicationUpgradeTests {

	@ParameterizedTest(name = "{1}: {2}")
	@MethodSource("applications")
	void theReportNamesWhatTheApplicationMeets(Application application, RabbitMqVersion version, String changes)
			throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().version(version).start();
				OldApplications applications = new OldApplications(broker.host(), broker.port())) {
			application.run(applications);

			assertThat(broker.upgradeReport().changes()).containsExactlyInAnyOrder(changes.split(", "));
			assertThat(broker.upgradeReport().uses()).extracting(Use::connection)
				.allMatch((name) -> name.isEmpty() || name.startsWith("old application"));
		}
	}

	static Stream<Arguments> applications() {
		return Stream.of(RabbitMqVersion.V3_10, RabbitMqVersion.V4_0)
			.flatMap((version) -> Stream.concat(ofAny(version),
					(version == RabbitMqVersion.V3_10)
							? Stream
								.of(arguments((Application) OldApplications::largeMessage, version, "large-message"))
							: Stream.of()));
	}

	private static Stream<Arguments> ofAny(RabbitMqVersion version) {
		return Stream.of(
				arguments((Application) OldApplications::springDropsByItself, version, "redelivered-dead-letter"),
				arguments((Application) (applications) -> applications.springGivesBackByItself(true), version,
						"uncounted-nack, redelivered-dead-letter"),
				arguments((Application) OldApplications::springRequeueWithDeliveryLimit, version,
						"uncounted-nack, redelivered-dead-letter"),
				arguments((Application) OldApplications::celeryWithGlobalPrefetch, version, "global-prefetch"),
				arguments((Application) OldApplications::transientQueue, version, "transient-queue"));
	}

	private interface Application {

		void run(OldApplications applications) throws Exception;

	}

}
