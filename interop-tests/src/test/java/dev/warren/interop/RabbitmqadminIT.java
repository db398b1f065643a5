package dev.warren.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

import dev.warren.interop.Rabbitmqadmin.Result;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The everyday work that RabbitMQ's own tools do over the management API.
 */
@ExtendWith(ManagedBroker.Resolver.class)
class RabbitmqadminIT {

	/** A name for the things that the test of a tool makes. */
	private static String own(Rabbitmqadmin tool) {
		return "tools-" + tool.name().toLowerCase(Locale.ROOT);
	}

	@ParameterizedTest
	@EnumSource
	void itDeclaresPublishesGetsAndDeletes(Rabbitmqadmin tool, ManagedBroker broker) throws Exception {
		tool.require();
		String vhost = own(tool);
		tool.run(broker, "declare", "vhost", "name=" + vhost);
		tool.run(broker, "declare", "permission", "vhost=" + vhost, "user=guest", "configure=.*", "write=.*",
				"read=.*");

		tool.run(broker, "--vhost", vhost, "declare", "queue", "name=orders", "durable=true");
		tool.run(broker, "--vhost", vhost, "declare", "exchange", "name=news", "type=topic");
		tool.run(broker, "--vhost", vhost, "declare", "binding", "source=news", "destination=orders",
				"destination_type=queue", "routing_key=a.#");
		tool.run(broker, "--vhost", vhost, "publish", "exchange=news", "routing_key=a.b", "payload=it came");

		assertThat(tool.run(broker, "--vhost", vhost, "get", "queue=orders", "count=1")).contains("it came", "a.b");
		assertThat(tool.run(broker, "--vhost", vhost, "list", "queues")).contains("orders");
		assertThat(tool.run(broker, "--vhost", vhost, "list", "exchanges")).contains("news", "amq.topic");
		assertThat(tool.run(broker, "--vhost", vhost, "list", "bindings")).contains("a.#");
		Result other = tool.attempt(broker, "--vhost", vhost, "declare", "queue", "name=orders", "durable=false");
		assertThat(other.status()).isNotZero();
		assertThat(other.output()).contains("inequivalent arg");

		tool.run(broker, "--vhost", vhost, "purge", "queue", "name=orders");
		tool.run(broker, "--vhost", vhost, "delete", "exchange", "name=news");
		tool.run(broker, "--vhost", vhost, "delete", "queue", "name=orders");
		assertThat(tool.attempt(broker, "--vhost", vhost, "delete", "queue", "name=orders").status()).isNotZero();
		tool.run(broker, "delete", "vhost", "name=" + vhost);
	}

	@ParameterizedTest
	@EnumSource
	void itManagesUsersPoliciesAndDefinitions(Rabbitmqadmin tool, ManagedBroker broker, @TempDir Path directory)
			throws Exception {
		tool.require();
		String own = own(tool);
		Path file = directory.resolve("definitions.json");
		tool.run(broker, "declare", "user", "name=" + own, "password=a secret", "tags=monitoring");
		tool.run(broker, "declare", "policy", "name=" + own, "pattern=^tools", "definition={\"max-length\":10}",
				"priority=1", "apply-to=queues");

		assertThat(tool.run(broker, "list", "users")).contains(own, "monitoring");
		assertThat(tool.run(broker, "list", "policies")).contains(own, "max-length");
		Result wrong = tool.attempt(broker, "declare", "policy", "name=" + own, "pattern=^tools",
				"definition={\"nothing\":10}", "priority=1", "apply-to=queues");
		assertThat(wrong.status()).isNotZero();
		assertThat(wrong.output()).contains("are not recognised policy settings");

		tool.run(broker, "export", "file=" + file);
		tool.run(broker, "import", "file=" + file);
		assertThat(Files.readString(file)).contains(own, "max-length", "password_hash").doesNotContain("a secret");
		tool.run(broker, "delete", "policy", "name=" + own);
		tool.run(broker, "delete", "user", "name=" + own);
	}

	@ParameterizedTest
	@EnumSource
	void itShowsWhatTheBrokerDoes(Rabbitmqadmin tool, ManagedBroker broker) throws Exception {
		tool.require();

		assertThat(tool.run(broker, "list", "nodes")).contains("@localhost");
		assertThat(tool.run(broker, "show", "overview")).isNotEmpty();
		for (String what : new String[] { "connections", "channels", "consumers", "vhosts" }) {
			tool.run(broker, "list", what);
		}
	}

}
