package dev.warren.broker.autoconfigure;

import java.nio.file.Path;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.RabbitMqVersion;
import dev.warren.broker.definitions.DefinitionImport;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;

/**
 * Starts an embedded broker, and points the application's connections at it, unless the
 * application names another one: by property, or by connection details of its own, as
 * Testcontainers and Docker Compose bring them.
 */
@AutoConfiguration(beforeName = { "org.springframework.boot.rabbitmq.autoconfigure.RabbitAutoConfiguration",
		"org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration",
		"org.springframework.boot.autoconfigure.amqp.RabbitAutoConfiguration" })
@ConditionalOnBooleanProperty(name = "warren.broker.enabled", matchIfMissing = true)
@Conditional(OnNoOtherBrokerCondition.class)
@ConditionalOnMissingBean(type = { ConnectionDetailsRegistrar.BOOT_4_2, ConnectionDetailsRegistrar.BOOT_4,
		ConnectionDetailsRegistrar.BOOT_3 })
@Import(ConnectionDetailsRegistrar.class)
@EnableConfigurationProperties(WarrenBrokerProperties.class)
final class EmbeddedBrokerAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	EmbeddedBroker embeddedBroker(WarrenBrokerProperties properties, ObjectProvider<SslBundles> sslBundles) {
		String version = properties.version();
		EmbeddedBroker.Builder builder = EmbeddedBroker.builder()
			.port(properties.port())
			.bindAddress(properties.bindAddress())
			.consumerTimeout(properties.consumerTimeout())
			.handshakeTimeout(properties.handshakeTimeout())
			.timeline(properties.timeline())
			.operatorLog(properties.operatorLog());
		if (version != null) {
			builder.version(RabbitMqVersion.of(version));
		}
		if (properties.store() == WarrenBrokerProperties.Store.DISK) {
			builder.diskStore(properties.dataDir());
		}
		properties.users().forEach(builder::user);
		properties.virtualHosts().forEach(builder::virtualHost);
		properties.permissions()
			.forEach((one) -> builder.permissions(one.virtualHost(), one.user(), one.configure(), one.write(),
					one.read()));
		properties.topicPermissions()
			.forEach((one) -> builder.topicPermissions(one.virtualHost(), one.user(), one.exchange(), one.write(),
					one.read()));
		WarrenBrokerProperties.Limits limits = properties.limits();
		builder.connectionMax(limits.connectionMax())
			.connectionsPerSecond(limits.connectionsPerSecond())
			.failedLoginsPerMinute(limits.failedLoginsPerMinute());
		limits.users().forEach((one) -> builder.userLimits(one.user(), one.maxConnections(), one.maxChannels()));
		limits.virtualHosts()
			.forEach((one) -> builder.virtualHostLimits(one.virtualHost(), one.maxConnections(), one.maxQueues()));
		String bundle = properties.ssl().bundle();
		if (bundle == null) {
			return start(builder, properties);
		}
		BrokerSslBundle sslBundle = new BrokerSslBundle(sslBundles.getObject(), bundle, properties.ssl());
		sslBundle.applyTo(builder);
		EmbeddedBroker broker = start(builder, properties);
		sslBundle.keepUpToDate(broker);
		return broker;
	}

	private static EmbeddedBroker start(EmbeddedBroker.Builder builder, WarrenBrokerProperties properties) {
		EmbeddedBroker broker = builder.start();
		Path definitions = properties.definitions();
		if (definitions == null) {
			return broker;
		}
		try {
			new DefinitionImport(broker.administration()).load(definitions);
			return broker;
		}
		catch (RuntimeException ex) {
			broker.close();
			throw ex;
		}
	}

}
