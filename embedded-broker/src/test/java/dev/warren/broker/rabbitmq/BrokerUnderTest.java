package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.RabbitMqVersion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test a {@link TestClient} and a {@link PolicyClient} of the broker under
 * test: the embedded broker, one for all tests of the JVM, or what the system property
 * {@code warren.test.amqp-uri} or the environment variable {@code WARREN_TEST_AMQP_URI}
 * points to. Users and virtual hosts are those of
 * {@code src/test/rabbitmq-definitions.json}.
 */
class BrokerUnderTest implements ParameterResolver {

	private static @Nullable String rabbitMqVersion;

	private static final Namespace NAMESPACE = Namespace.create(BrokerUnderTest.class);

	static boolean isRabbitMq() {
		return rabbitMq().isPresent();
	}

	/**
	 * The version under test: of the RabbitMQ, or the one that the embedded broker plays.
	 */
	static RabbitMqVersion version() {
		if (!isRabbitMq()) {
			return RabbitMqVersion.ofThisJvm();
		}
		return RabbitMqVersion.of(rabbitMqVersion().replaceAll("\\.\\d+$", ""));
	}

	/**
	 * The version of the RabbitMQ in full.
	 */
	static synchronized String rabbitMqVersion() {
		if (rabbitMqVersion == null) {
			URI uri = rabbitMq().orElseThrow();
			try (TestClient client = new TestClient(uri.getHost(), uri.getPort())) {
				rabbitMqVersion = String.valueOf(client.connection().getServerProperties().get("version"));
			}
			catch (IOException | TimeoutException ex) {
				throw new IllegalStateException("The RabbitMQ at " + uri + " does not answer", ex);
			}
		}
		return rabbitMqVersion;
	}

	private static Optional<URI> rabbitMq() {
		return Optional.ofNullable(System.getProperty("warren.test.amqp-uri"))
			.or(() -> Optional.ofNullable(System.getenv("WARREN_TEST_AMQP_URI")))
			.map(URI::create);
	}

	static EmbeddedBroker startEmbedded() {
		return embedded().start();
	}

	static EmbeddedBroker.Builder embedded() {
		EmbeddedBroker.Builder builder = EmbeddedBroker.builder();
		for (String user : List.of("guest", "limited", "powerless", "outsider", "topical", "topicless",
				"two connections", "no connections", "two channels", "no channels", "unlimited")) {
			builder.user(user, user);
		}
		for (String virtualHost : List.of("/", "other", "with/slash", "two of each", "nothing")) {
			builder.virtualHost(virtualHost).permissions(virtualHost, "guest", ".*", ".*", ".*");
		}
		for (String user : List.of("topical", "topicless", "two connections", "no connections", "two channels",
				"no channels", "unlimited")) {
			builder.permissions("/", user, ".*", ".*", ".*");
		}
		for (String user : List.of("outsider", "topical", "two connections", "two channels")) {
			builder.permissions("other", user, ".*", ".*", ".*");
		}
		return builder.permissions("/", "limited", "^[crw]*c[crw]*-", "^[crw]*w[crw]*-", "^[crw]*r[crw]*-")
			.permissions("/", "powerless", "", "", "")
			.topicPermissions("/", "topical", "amq.topic", "^w\\.|^{username}\\.", "^r\\.|^{vhost}$|^{client_id}\\.")
			.topicPermissions("/", "topical", "amq.direct", "", "")
			.topicPermissions("/", "topicless", "amq.topic", "", "")
			.userLimits("two connections", 2, -1)
			.userLimits("no connections", 0, -1)
			.userLimits("two channels", -1, 2)
			.userLimits("no channels", -1, 0)
			.userLimits("unlimited", -1, -1)
			.virtualHostLimits("two of each", 2, 2)
			.virtualHostLimits("nothing", 0, 0)
			.virtualHostLimits("other", -1, -1);
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return List.of(TestClient.class, PolicyClient.class).contains(parameter.getParameter().getType());
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		Store store = context.getStore(NAMESPACE);
		if (parameter.getParameter().getType() == PolicyClient.class) {
			return store.computeIfAbsent(PolicyClient.class,
					(type) -> new PolicyClient(isRabbitMq() ? null : embedded(context).administration().definitions()),
					PolicyClient.class);
		}
		URI uri = rabbitMq().orElseGet(() -> URI.create(embedded(context).uri()));
		return store.computeIfAbsent(TestClient.class, (type) -> new TestClient(uri.getHost(), uri.getPort()),
				TestClient.class);
	}

	/**
	 * The root store closes the broker after the last test.
	 */
	private static EmbeddedBroker embedded(ExtensionContext context) {
		return context.getRoot()
			.getStore(NAMESPACE)
			.computeIfAbsent(EmbeddedBroker.class, (type) -> startEmbedded(), EmbeddedBroker.class);
	}

}
