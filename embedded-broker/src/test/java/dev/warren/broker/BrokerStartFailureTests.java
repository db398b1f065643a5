package dev.warren.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class BrokerStartFailureTests {

	@TempDir
	Path directory;

	@AfterEach
	void nothingIsLeftRunning() {
		BrokerThreads.awaitNone();
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "0.0.0.0" })
	void aTakenPortIsNamed(String address) throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
			assertStartFails(EmbeddedBroker.builder().port(socket.getLocalPort()),
					"port " + socket.getLocalPort() + " of 127.0.0.1", "warren.broker.port");
		}
	}

	@Test
	void aTakenPortDoesNotTouchTheStore() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			Path data = this.directory.resolve("data");

			assertStartFails(EmbeddedBroker.builder().port(socket.getLocalPort()).diskStore(data), "port",
					"warren.broker.port");

			assertThat(data).doesNotExist();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 65536 })
	void aPortThatDoesNotExistIsNamed(int port) {
		assertStartFails(EmbeddedBroker.builder().port(port), Integer.toString(port), "warren.broker.port");
	}

	@ParameterizedTest
	@ValueSource(strings = { "no.such.host.invalid", "192.0.2.1" })
	void anAddressThatIsNotOfThisMachineIsNamed(String address) {
		assertStartFails(EmbeddedBroker.builder().bindAddress(address), address, "warren.broker.bind-address");
	}

	@ParameterizedTest
	@CsvSource({ "file", "file/data" })
	void aDataDirectoryThatCannotBeOneIsNamed(String path) throws IOException {
		Files.writeString(this.directory.resolve("file"), "mine");
		Path data = this.directory.resolve(path);

		assertStartFails(EmbeddedBroker.builder().diskStore(data), data.toString(), "warren.broker.data-dir");

		assertThat(this.directory.resolve("file")).hasContent("mine");
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "needs a directory where even root may not write")
	void aDataDirectoryThatIsNotWritableIsNamed() {
		assertStartFails(EmbeddedBroker.builder().diskStore(Path.of("/proc/warren")), "/proc/warren",
				"warren.broker.data-dir");
	}

	@Test
	void aDataDirectoryOfALaterVersionIsRefusedAndLeftAlone() throws IOException {
		EmbeddedBroker.builder().diskStore(this.directory).start().close();
		Path format = this.directory.resolve(DataDirectory.FORMAT_FILE);
		assertThat(format).hasContent("1");
		Files.writeString(format, "2");

		assertThatExceptionOfType(BrokerStartException.class)
			.isThrownBy(() -> EmbeddedBroker.builder().diskStore(this.directory).start())
			.withMessageContaining("is in the format '2' of a later version");

		assertThat(format).hasContent("2");
	}

	@Test
	void aDataDirectoryInUseIsNamedAndItsBrokerGoesOn() throws Exception {
		try (EmbeddedBroker first = EmbeddedBroker.builder().diskStore(this.directory).start();
				AmqpClient client = AmqpClient.connect(first.uri())) {
			client.declare("hello");

			assertThatExceptionOfType(BrokerStartException.class)
				.isThrownBy(EmbeddedBroker.builder().diskStore(this.directory)::start)
				.withMessageContaining("in use")
				.withMessageContaining("warren.broker.data-dir");

			client.publishConfirmed("", "hello", List.of("one"));
			assertThat(client.drain("hello")).containsExactly("one");
		}
	}

	@Test
	void aStoreThatCannotBeOpenedIsReportedAndLeftAsItIs() throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().diskStore(this.directory).start();
				AmqpClient client = AmqpClient.connect(broker.uri())) {
			client.declare("hello");
			client.publishConfirmed("", "hello", List.of("one"));
		}
		Path lock = this.directory.resolve("virtual-hosts/%2F/je.lck");
		Files.delete(lock);
		Files.createDirectory(lock);

		assertStartFails(EmbeddedBroker.builder().diskStore(this.directory), this.directory.toString(),
				"warren.broker.data-dir");

		Files.delete(lock);
		try (EmbeddedBroker broker = EmbeddedBroker.builder().diskStore(this.directory).start();
				AmqpClient client = AmqpClient.connect(broker.uri())) {
			assertThat(client.drain("hello")).containsExactly("one");
		}
	}

	@Test
	void virtualHostsThatClientsCannotTellApartAreRefused() {
		assertStartFails(EmbeddedBroker.builder().virtualHost("a").virtualHost("/a"), "[a, /a]",
				"warren.broker.virtual-hosts");
	}

	@Test
	void aUserWithoutANameIsRefused() {
		assertStartFails(EmbeddedBroker.builder().user(" ", "x"), "user name", "warren.broker.users");
	}

	@Test
	void topicPermissionsHaveToBeRegularExpressions() {
		assertThatExceptionOfType(BrokerStartException.class)
			.isThrownBy(
					() -> EmbeddedBroker.builder().topicPermissions("/", "guest", "amq.topic", "^{username}(", ".*"))
			.withMessageContaining("^{username}(")
			.withMessageContaining("'warren.broker.topic-permissions'");
	}

	@Test
	void topicPermissionsOfAnUnknownUserAreRefused() {
		assertStartFails(EmbeddedBroker.builder().topicPermissions("/", "anna", "amq.topic", ".*", ".*"), "'anna'",
				"warren.broker.topic-permissions");
	}

	@Test
	void limitsOfAnUnknownUserAreRefused() {
		assertStartFails(EmbeddedBroker.builder().userLimits("anna", 1, 1), "'anna'", "warren.broker.limits.users");
	}

	@Test
	void limitsOfAnUnknownVirtualHostAreRefused() {
		assertStartFails(EmbeddedBroker.builder().virtualHostLimits("shop", 1, 1), "'shop'",
				"warren.broker.limits.virtual-hosts");
	}

	@Test
	void aConsumerTimeoutThatLeavesNoTimeIsRefused() {
		assertStartFails(EmbeddedBroker.builder().consumerTimeout(Duration.ZERO), "PT0S",
				"warren.broker.consumer-timeout");
	}

	@Test
	void aConsumerTimeoutMayBeForever() {
		EmbeddedBroker.builder().consumerTimeout(ChronoUnit.FOREVER.getDuration()).start().close();
	}

	private static void assertStartFails(EmbeddedBroker.Builder builder, String cause, String property) {
		assertThatExceptionOfType(BrokerStartException.class).isThrownBy(builder::start)
			.withMessageContaining(cause)
			.withMessageContaining("'" + property + "'");
	}

}
