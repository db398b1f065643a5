package dev.warren.broker.autoconfigure;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.UpgradeReport;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * The embedded broker's upgrade report, at {@code /actuator/upgradereport} where that is
 * exposed.
 */
@Endpoint(id = "upgradereport")
final class UpgradeReportEndpoint {

	private final EmbeddedBroker broker;

	UpgradeReportEndpoint(EmbeddedBroker broker) {
		this.broker = broker;
	}

	@ReadOperation
	UpgradeReport upgradeReport() {
		return this.broker.upgradeReport();
	}

}
