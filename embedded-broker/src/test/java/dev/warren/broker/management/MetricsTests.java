package dev.warren.broker.management;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.app.EmbeddedBrokerApplication;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The metrics beside those of RabbitMQ 4.3's Prometheus plugin, which
 * {@code src/test/metric-names.sh} listed.
 */
class MetricsTests {

	private static final String FAMILIES = Stream
		.of("connection_churn_metrics", "node_coarse_metrics", "node_metrics", "queue_coarse_metrics",
				"queue_consumer_count", "queue_metrics", "queue_delivery_metrics", "channel_metrics",
				"channel_exchange_metrics", "channel_queue_metrics", "channel_queue_exchange_metrics",
				"connection_coarse_metrics", "connection_metrics", "exchange_metrics", "vhost_status",
				"exchange_bindings", "exchange_names")
		.map((family) -> "family=" + family)
		.collect(Collectors.joining("&", "/metrics/detailed?", ""));

	/** What is not counted by queue or by exchange, but by channel or by queue alone. */
	private static final Pattern COARSER = Pattern
		.compile("rabbitmq_(detailed_)?(channel_(get|messages)\\w*|queue_messages_published)_total");

	private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? (\\S+)");

	private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");

	private static final HttpClient http = HttpClient.newHttpClient();

	private static ConfigurableApplicationContext context;

	private static int port;

	private static Connection connection;

	@BeforeAll
	static void start() throws Exception {
		context = EmbeddedBrokerApplication.application()
			.run("--server.port=0", "--warren.metrics.port=0", "--warren.broker.port=0",
					"--warren.broker.store=memory");
		port = context.getBean(MetricsPort.class).number();
		ConnectionFactory connections = new ConnectionFactory();
		connections.setUri(context.getBean(EmbeddedBroker.class).uri());
		connection = connections.newConnection();
		Channel channel = connection.createChannel();
		channel.queueDeclare("a \"quoted\" queue", true, false, false, Map.of());
		channel.queueDeclare("quorum", true, false, false, Map.of("x-queue-type", "quorum"));
		channel.confirmSelect();
		channel.basicPublish("", "quorum", null, new byte[1]);
		channel.basicPublish("", "quorum", null, new byte[1]);
		channel.basicGet("quorum", true);
		channel.waitForConfirmsOrDie(10_000);
	}

	@AfterAll
	static void stop() throws Exception {
		connection.close();
		context.close();
	}

	private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
		return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
				HttpResponse.BodyHandlers.ofString());
	}

	@ParameterizedTest
	@ValueSource(strings = { "/metrics", "/metrics/per-object", "/metrics/detailed" })
	void metricsHaveTheNamesTypesAndLabelsOfRabbitMqs(String path) throws Exception {
		Map<String, Metric> ours = metrics(get(port, path.endsWith("detailed") ? FAMILIES : path).body());
		Map<String, Metric> theirs = recorded(path);
		List<Pattern> leftOut = leftOut();

		assertThat(ours.keySet()).isSubsetOf(theirs.keySet());
		assertThat(theirs.keySet()
			.stream()
			.filter((name) -> !ours.containsKey(name))
			.filter((name) -> leftOut.stream().noneMatch((pattern) -> pattern.matcher(name).matches()))).isEmpty();
		ours.forEach((name, metric) -> {
			Metric recorded = Objects.requireNonNull(theirs.get(name));
			assertThat(metric.type()).as(name).isEqualTo(recorded.type());
			if (COARSER.matcher(name).matches()) {
				assertThat(metric.labels()).as(name).isSubsetOf(recorded.labels());
			}
			else {
				assertThat(metric.labels()).as(name).isEqualTo(recorded.labels());
			}
		});
	}

	private static Map<String, Metric> metrics(String text) {
		Map<String, String> types = new HashMap<>();
		Map<String, Metric> metrics = new HashMap<>();
		text.lines().forEach((line) -> {
			String[] words = line.split(" ");
			if (words[0].equals("#")) {
				if (words[1].equals("TYPE")) {
					types.put(words[2], words[3]);
				}
				return;
			}
			Matcher sample = SAMPLE.matcher(line);
			assertThat(sample.matches()).as(line).isTrue();
			Set<String> labels = new TreeSet<>();
			String all = sample.group(2);
			if (all != null) {
				LABEL.matcher(all).results().forEach((label) -> labels.add(label.group(1)));
			}
			String type = Objects.requireNonNull(types.get(sample.group(1)), line);
			metrics.put(sample.group(1), new Metric(type, labels));
		});
		return metrics;
	}

	private static Map<String, Metric> recorded(String path) {
		return lines("metrics-4.3.txt").map((line) -> line.split(" "))
			.filter((words) -> words[0].equals(path))
			.collect(Collectors.toMap((words) -> words[1],
					(words) -> new Metric(words[2],
							(words.length > 3) ? new TreeSet<>(List.of(words[3].split(","))) : Set.of()),
					(one, other) -> one));
	}

	private static List<Pattern> leftOut() {
		return lines("metrics-left-out.txt").filter((line) -> !line.startsWith("#"))
			.map((line) -> Pattern.compile(line.split(" ", 2)[0]))
			.toList();
	}

	private static Stream<String> lines(String resource) {
		try (BufferedReader reader = new BufferedReader(new InputStreamReader(
				Objects.requireNonNull(MetricsTests.class.getResourceAsStream(resource)), StandardCharsets.UTF_8))) {
			return reader.lines().toList().stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void metricsTellWhatHappened() throws Exception {
		assertThat(get(port, "/metrics").body().lines()).contains("rabbitmq_connections 1", "rabbitmq_channels 1",
				"rabbitmq_queues 2", "rabbitmq_queue_messages_ready 1", "rabbitmq_channel_messages_published_total 2",
				"rabbitmq_channel_messages_confirmed_total 2", "rabbitmq_channel_get_total 1",
				"rabbitmq_global_messages_delivered_get_auto_ack_total{protocol=\"amqp091\",queue_type=\"rabbit_quorum_queue\"} 1");
		assertThat(get(port, "/metrics/per-object").body().lines()).contains(
				"rabbitmq_queue_messages{vhost=\"/\",queue=\"quorum\"} 1",
				"rabbitmq_queue_messages{vhost=\"/\",queue=\"a \\\"quoted\\\" queue\"} 0");
		assertThat(get(port, "/metrics/detailed?family=queue_coarse_metrics&vhost=other").body())
			.doesNotContain("queue=");
		assertThat(get(port, "/metrics/detailed").body()).doesNotContain("rabbitmq_detailed_");
	}

	@Test
	void theirPortHasNothingElseAndTheirPathNeedsAUserElsewhere() throws Exception {
		int api = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);

		assertThat(get(port, "/api/overview").statusCode()).isEqualTo(404);
		assertThat(get(port, "/metrics/../api/overview").statusCode()).isEqualTo(404);
		assertThat(get(port, "/actuator/health").statusCode()).isEqualTo(404);
		assertThat(get(api, "/metrics").statusCode()).isEqualTo(401);
		assertThat(get(port, "/metrics").headers().firstValue("Content-Type"))
			.hasValue("text/plain;version=0.0.4;charset=utf-8");
	}

	/** A metric, and the labels it has. */
	private record Metric(String type, Set<String> labels) {

	}

}
