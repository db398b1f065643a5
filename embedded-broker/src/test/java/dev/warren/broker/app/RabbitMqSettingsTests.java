package dev.warren.broker.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.warren.broker.AmqpClient;
import dev.warren.broker.BrokerStartException;
import dev.warren.broker.EmbeddedBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The app told what RabbitMQ is told. A variable such as {@code RABBITMQ_DEFAULT_USER} is
 * given as the property of that name.
 */
@ExtendWith(OutputCaptureExtension.class)
class RabbitMqSettingsTests {

	@TempDir
	Path directory;

	@Test
	void theVariablesOfRabbitMqsImageCount() throws Exception {
		try (ConfigurableApplicationContext context = run("--rabbitmq.default.user=my.user",
				"--rabbitmq.default.pass=a${secret}", "--rabbitmq.default.vhost=mine")) {
			EmbeddedBroker broker = context.getBean(EmbeddedBroker.class);

			assertThat(broker.administration().definitions().current().users().get("guest")).isNull();
			connect(broker, "my.user:a$%7Bsecret%7D", "mine").close();
		}
	}

	@Test
	void theCommonestKeysOfAConfigurationFileCount(CapturedOutput output) throws Exception {
		Path conf = Files.writeString(this.directory.resolve("rabbitmq.conf"), """
				## The user
				default_user = conf
				default_pass = 'secret = 1'
				default_vhost = of-conf
				default_user_tags.administrator = true
				default_permissions.configure = .*
				default_permissions.write = .*
				default_permissions.read = ^r

				consumer_timeout = 60000
				connection_max = 1
				listeners.tcp.1 = 127.0.0.1:1
				loopback_users.guest = true
				vm_memory_high_watermark.relative = 0.6
				disk_free_limit.absolute = 2GB
				ssl_options.password = hidden
				""");

		try (ConfigurableApplicationContext context = run(
				"--rabbitmq.config.file=" + conf.resolveSibling("rabbitmq"))) {
			EmbeddedBroker broker = context.getBean(EmbeddedBroker.class);

			try (AmqpClient client = connect(broker, "conf:secret%20%3D%201", "of-conf")) {
				client.declare("readable");
				assertThat(client.drain("readable")).isEmpty();
				assertThatExceptionOfType(Exception.class).isThrownBy(() -> connect(broker, "conf:x", "of-conf"));
			}
			assertThat(context.getEnvironment().getPropertySources().get("RabbitMQ")).isNotNull()
				.extracting((properties) -> properties.getProperty("warren.broker.port"))
				.isEqualTo("1");
			assertThat(broker.administration().definitions().current().permissions().get("of-conf", "conf"))
				.hasFieldOrPropertyWithValue("read", "^r");
		}
		assertThat(output.getOut().lines().filter((line) -> line.contains("does not take"))).singleElement()
			.asString()
			.contains("disk_free_limit.absolute, ssl_options.password, vm_memory_high_watermark.relative")
			.doesNotContain("hidden", "default_");
	}

	@Test
	void ownPropertiesCountBefore() throws Exception {
		try (ConfigurableApplicationContext context = run("--warren.broker.users.own=own",
				"--rabbitmq.default.user=other")) {
			assertThat(context.getBean(EmbeddedBroker.class).administration().definitions().current().users().all())
				.extracting("name")
				.containsExactly("own");
		}
	}

	@Test
	void definitionsAreLoadedAtTheStart() throws Exception {
		Path definitions = Files.writeString(this.directory.resolve("definitions.json"), """
				{"vhosts":[{"name":"loaded"}],"users":[{"name":"u","password":"p","tags":""}],
				 "permissions":[{"user":"u","vhost":"loaded","configure":"","write":".*","read":".*"}],
				 "queues":[{"name":"q","vhost":"loaded","durable":true,"auto_delete":false,"arguments":{}}]}""");
		Path conf = Files.writeString(this.directory.resolve("rabbitmq.conf"), "load_definitions = " + definitions);

		try (ConfigurableApplicationContext context = run("--rabbitmq.config.file=" + conf);
				AmqpClient client = connect(context.getBean(EmbeddedBroker.class), "u:p", "loaded")) {
			client.publishConfirmed("", "q", List.of("1"));
			assertThat(client.drain("q")).containsExactly("1");
		}
	}

	@Test
	void definitionsThatCannotBeLoadedEndTheStart() throws Exception {
		Path broken = Files.writeString(this.directory.resolve("broken.json"),
				"{\"policies\":[{\"vhost\":\"/\",\"name\":\"p\",\"pattern\":\"\",\"definition\":{\"x\":1}}]}");

		assertThatExceptionOfType(Exception.class).isThrownBy(() -> run("--warren.broker.definitions=" + broken))
			.havingRootCause()
			.withMessageContaining("are not recognised policy settings");
		assertThatExceptionOfType(Exception.class)
			.isThrownBy(() -> run("--warren.broker.definitions=" + this.directory.resolve("missing.json")))
			.satisfies((ex) -> assertThat(ex).hasStackTraceContaining(BrokerStartException.class.getName())
				.hasStackTraceContaining("it cannot be read"));
	}

	private static ConfigurableApplicationContext run(String... arguments) {
		String[] all = List.of(List.of("--warren.broker.port=0", "--warren.broker.store=memory"), List.of(arguments))
			.stream()
			.flatMap(List::stream)
			.toArray(String[]::new);
		return EmbeddedBrokerApplication.withoutHttp().run(all);
	}

	private static AmqpClient connect(EmbeddedBroker broker, String user, String virtualHost) throws Exception {
		return AmqpClient.connect("amqp://" + user + "@127.0.0.1:" + broker.port() + "/" + virtualHost);
	}

}
