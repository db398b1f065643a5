package dev.warren.broker.app;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import dev.warren.broker.AmqpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ExecutableJarIT {

	private static final Path JAR = Path.of("target", "embedded-broker-exec.jar").toAbsolutePath();

	@TempDir
	Path directory;

	@Test
	void itTakesMessagesAndTellsItsHealthAndNothingElse() throws Exception {
		try (BrokerProcess broker = BrokerProcess.fromJar(JAR, this.directory);
				AmqpClient client = AmqpClient.connect(broker.awaitUri())) {
			client.declare("hello");
			client.publishConfirmed("", "hello", List.of("Hello World!"));
			HttpResponse<String> health = get(broker.awaitHealthUrl());
			HttpResponse<String> info = get(broker.awaitHealthUrl().replace("health", "info"));

			assertThat(client.drain("hello")).containsExactly("Hello World!");
			assertThat(health.statusCode()).isEqualTo(200);
			assertThat(health.body()).contains("Qpid Broker-J", "\"store\":\"disk\"",
					this.directory.resolve("data").toString());
			assertThat(info.statusCode()).isEqualTo(404);
			assertThat(broker.terminate()).isEqualTo(143);
		}
	}

	@Test
	void itHasNeitherClientNorTestLibraries() throws Exception {
		try (JarFile jar = new JarFile(JAR.toFile())) {
			assertThat(jar.stream().map((entry) -> entry.getName()).filter((name) -> name.endsWith(".jar")))
				.isNotEmpty()
				.noneMatch((name) -> name.matches(".*(amqp-client|spring-rabbit|junit|assertj|netty).*"));
		}
	}

	@Test
	void theNoticeNamesEachJarInIt() throws Exception {
		try (JarFile jar = new JarFile(JAR.toFile())) {
			String notice = new String(jar.getInputStream(jar.getEntry("META-INF/NOTICE")).readAllBytes(),
					StandardCharsets.UTF_8);
			List<String> named = Pattern.compile("\\S+-(?=\\*)")
				.matcher(notice)
				.results()
				.map(MatchResult::group)
				.toList();

			assertThat(jar.stream()
				.map((entry) -> Path.of(entry.getName()))
				.filter((file) -> file.startsWith("BOOT-INF/lib"))
				.map((file) -> file.getFileName().toString())
				.filter((name) -> name.endsWith(".jar"))).isNotEmpty()
				.allMatch((name) -> named.stream().anyMatch(name::startsWith));
		}
	}

	private static HttpResponse<String> get(String url) throws Exception {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
	}

}
