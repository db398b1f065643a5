package dev.warren.suite;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.warren.console.ConsoleApplication;
import dev.warren.logs.LogsServiceApplication;
import dev.warren.test.RestClient;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.WebElement;

import org.springframework.context.ConfigurableApplicationContext;

import static dev.warren.test.RestClient.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The console as a person uses it: in a browser, with a mouse, looking at what the
 * drawing shows.
 */
@InBrowser
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleInBrowserTests {

	private static final String MARKUP = "<img src=x onerror=alert(1)>";

	private static final List<String> LESSONS = List.of("hello", "work-queues", "publish-subscribe", "routing",
			"topics", "headers", "rpc", "publisher-confirms", "postbox");

	/** What an experiment shows on the way: a selector of the drawing. */
	private static final Map<String, String> SHOWN = Map.ofEntries(
			Map.entry("hello/nobody-listens", "[data-node='q:hello'][data-ready='2']"),
			Map.entry("publish-subscribe/copies", ".dot ~ .dot"),
			Map.entry("publish-subscribe/nobody-yet", "[data-node='x:logs'].flash-bad"),
			Map.entry("publish-subscribe/slow-subscriber", "[data-node='q:slow-subscriber'][data-ready='5']"),
			Map.entry("routing/not-asked-for", "[data-node='x:direct_logs'].flash-bad"),
			Map.entry("routing/no-patterns", "[data-node='x:direct_logs'].flash-bad"),
			Map.entry("topics/once", ".tag.flash"), Map.entry("topics/words", ".tag.flash"),
			Map.entry("topics/to-nobody", ".exchange.flash-bad"),
			Map.entry("headers/any-all", "[data-node='x:headers_logs'].flash-bad"),
			Map.entry("headers/number-text", "[data-node='x:headers_logs'].flash-bad"));

	/**
	 * That a service refuses may be what an experiment shows; the browser tells it, too.
	 */
	private static final Pattern ANSWER = Pattern.compile(
			"/(hello|work-queue|logs|rpc|postbox|broker)/\\S* - Failed to load resource: the server responded with a status");

	private SuiteProcess suite;

	private Browser browser;

	private String console;

	@BeforeAll
	void start(@TempDir Path directory) throws IOException {
		this.suite = SuiteProcess.onFreePorts(directory, "--warren.broker.store=disk").awaitReady();
		this.console = this.suite.url("console");
		this.browser = new Browser();
		Awaitility.setDefaultTimeout(Browser.PATIENCE);
	}

	@AfterAll
	void stop() {
		Awaitility.reset();
		this.browser.close();
		this.suite.close();
	}

	@AfterEach
	void nothingIsInTheBrowsersConsole() {
		assertThat(this.browser.problems()).filteredOn((problem) -> !ANSWER.matcher(problem).find()).isEmpty();
	}

	private static List<String> lessons() {
		return LESSONS;
	}

	private static List<String> pages() {
		return List.of("", "lessons/hello", "lessons/work-queues", "lessons/topics", "lessons/rpc", "playground",
				"overview");
	}

	@ParameterizedTest
	@MethodSource("lessons")
	void experimentsShowAndTellWhatHappens(String lesson) throws IOException {
		open("lessons/" + lesson);
		List<String> experiments = this.browser.all(".experiment")
			.stream()
			.map((experiment) -> Objects.requireNonNull(experiment.getDomAttribute("data-experiment")))
			.toList();

		assertThat(experiments).isNotEmpty();
		for (String experiment : experiments) {
			String details = "[data-experiment='" + experiment + "']";
			this.browser.click(details + " > summary");
			this.browser.click(details + " button.primary");
			String shown = SHOWN.get(lesson + "/" + experiment);
			if (shown != null) {
				this.browser.awaitOne(shown);
			}
			await(experiment).atMost(Duration.ofSeconds(90))
				.until(() -> !this.browser.all(details + " .explanation").isEmpty());
			this.browser.picture(lesson + "-" + experiment);
			awaitEnd(experiment);
			assertThat(this.browser.attribute(details, "data-state")).as(this.browser.text(details)).isEqualTo("done");
			assertThat(this.browser.text(details + " .explanation")).doesNotContain("undefined", "NaN", "null");
			this.browser.click(details + " > summary");
		}
	}

	private void awaitEnd(String experiment) {
		await(experiment).atMost(Duration.ofSeconds(90))
			.until(() -> !"running"
				.equals(this.browser.attribute("[data-experiment='" + experiment + "']", "data-state")));
	}

	private void open(String path) {
		this.browser.open(this.console + "/" + path);
		if (path.startsWith("lessons/")) {
			this.browser.awaitOne(".drawing .node.exchange");
			await().until(() -> this.browser.all(".stage > .notice").isEmpty());
		}
	}

	@Test
	void aMessageMovesToItsReceiverAndTellsItsWay() throws IOException {
		open("lessons/hello");

		this.browser.type("#send-text", "Hello World!");
		this.browser.click("form[data-control='send'] button");

		this.browser.awaitOne(".dot");
		this.browser.picture("hello-sent");
		this.browser.awaitOne("[data-total='acknowledged']");
		await().until(() -> this.browser.text("[data-total='acknowledged']").equals("1"));
		this.browser.click(".happened button");
		this.browser.awaitOne(".message-panel");
		assertThat(this.browser.text(".message-panel")).contains("Hello World!",
				"was published to the default exchange", "Why there?", "was acknowledged");
		this.browser.picture("hello-message");
	}

	@Test
	void everyControlHasItsCommandAndItsJava() {
		for (String lesson : LESSONS) {
			open("lessons/" + lesson);
			for (WebElement java : this.browser.all(".java > summary")) {
				this.browser.script("arguments[0].click()", java);
			}
			await(lesson).until(() -> this.browser.all(".java").size() == this.browser.all(".java mark").size());
			assertThat(this.browser.all(".command code"))
				.allSatisfy((command) -> assertThat(command.getText()).startsWith("curl "));
		}
	}

	@Test
	void theTimeCanBeStoppedSteppedAndTurnedBack() {
		open("lessons/hello");
		this.browser.click(".time button:nth-of-type(1)");
		this.browser.click("form[data-control='send'] button");
		this.browser.awaitOne(".answer[data-status='202']");
		await().until(() -> this.browser.text(".time").contains("to come"));

		this.browser.click(".time button:nth-of-type(2)");

		await().until(() -> this.browser.text("[data-total='published']").equals("1"));
		assertThat(this.browser.text("[data-total='acknowledged']")).isEqualTo("0");
		this.browser.click(".time button:last-of-type");
		await().until(() -> this.browser.text("[data-total='acknowledged']").equals("1"));
	}

	@Test
	void whatIsTypedIsText() {
		open("lessons/hello");
		this.browser.type("#send-text", MARKUP);
		this.browser.click("form[data-control='send'] button");
		await().until(() -> this.browser.text("[data-total='acknowledged']").equals("1"));
		this.browser.click(".happened button");
		this.browser.awaitOne(".message-panel");
		assertThat(this.browser.text(".message-panel")).contains(MARKUP);

		open("playground");
		this.browser.type("[name='queue']", MARKUP);
		this.browser.click("[data-form='queue'] button");
		this.browser.awaitOne("[data-form='queue'] + .answer[data-status='201']");
		this.browser.type("[name='key']", MARKUP);
		this.browser.type("[name='headers']", "{\"" + MARKUP + "\":\"" + MARKUP + "\"}");
		this.browser.click("[data-form='publish'] button.primary");
		this.browser.awaitOne("[data-form='publish'] + .answer[data-status='200']");

		this.browser.awaitOne(".node.queue[data-ready='1'] .slots rect");
		assertThat(this.browser.all("img")).isEmpty();
		this.browser.script("const s = document.querySelector('.drawing [data-ready=\"1\"] .message');"
				+ "s.dispatchEvent(new MouseEvent('click', { bubbles: true }))");
		this.browser.awaitOne(".message-panel");
		assertThat(this.browser.all("img")).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("pages")
	void nobodyIsShutOut(String page) throws IOException {
		for (String colours : List.of("light", "dark")) {
			for (int width : new int[] { 360, 1440 }) {
				this.browser.look(width, colours);
				open(page);
				assertThat(this.browser.accessibilityProblems()).isEmpty();
				this.browser
					.picture("%s-%d-%s".formatted(page.isEmpty() ? "home" : page.replace('/', '-'), width, colours));
			}
		}
		this.browser.lookAsUsual();
	}

	@Test
	void aBrokerThatIsRestartedUnderAnOpenPageIsShownAgain() throws Exception {
		open("lessons/hello");
		RestClient client = new RestClient(this.console);

		client.post("/restart-broker");

		await().atMost(Duration.ofSeconds(60)).until(() -> this.browser.all(".stage > .notice").isEmpty());
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertStatus(client.postText("/hello/messages", "Hello again!"), 202));
		await().until(() -> !this.browser.text("[data-total='acknowledged']").equals("0"));
		// While the broker was away the browser itself wrote down each request that
		// failed.
		assertThat(this.browser.problems()).allMatch((problem) -> problem.contains("503") || problem.contains("502")
				|| problem.contains("ERR_INCOMPLETE_CHUNKED_ENCODING"));
	}

	/**
	 * Every kind of event, many times: what the page counts is what the broker did, but
	 * for the events that it says it lost.
	 * @param pace after how many messages the page is waited for; it keeps up with few
	 */
	@ParameterizedTest
	@ValueSource(ints = { 500, 10_000 })
	void whatIsDrawnIsWhatHappened(int pace) throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(this.suite.amqp());
		try (Connection connection = factory.newConnection("ten-thousand");
				Channel channel = connection.createChannel()) {
			channel.queueDeclare("counted", false, false, false, Map.of("x-max-length", 2000));
			channel.exchangeDeclare("counting", "direct");
			channel.queueBind("counted", "counting", "to-one");
			open("playground");
			// Others use the broker, too.
			this.browser.type("[name='filter']", "count");
			this.browser.awaitOne("[data-node='q:counted']");
			await().until(() -> this.browser.all(".node.queue").size() == 1);

			int acknowledged = 0;
			int requeued = 0;
			int rejected = 0;
			channel.confirmSelect();
			for (int i = 0; i < 10_000; i++) {
				channel.basicPublish("counting", (i % 4 == 3) ? "to-nobody" : "to-one", new AMQP.BasicProperties(),
						("message " + i).getBytes(StandardCharsets.UTF_8));
				if (i % 3 == 0) {
					GetResponse got = channel.basicGet("counted", false);
					if (got != null && i % 9 == 0) {
						channel.basicReject(got.getEnvelope().getDeliveryTag(), true);
						requeued++;
					}
					else if (got != null && i % 9 == 3) {
						channel.basicReject(got.getEnvelope().getDeliveryTag(), false);
						rejected++;
					}
					else if (got != null) {
						channel.basicAck(got.getEnvelope().getDeliveryTag(), false);
						acknowledged++;
					}
				}
				int published = i + 1;
				if (published % pace == 0 && published < 10_000) {
					await().atMost(Duration.ofSeconds(60)).until(() -> sum(counted(Set.of("published"))) >= published);
				}
			}
			channel.waitForConfirms();
			long ready = channel.messageCount("counted");

			Map<String, Integer> expected = Map.of("published", 10_000, "routed", 7500, "unroutable", 2500,
					"acknowledged", acknowledged, "requeued", requeued, "rejected", rejected);
			await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
				Map<String, Integer> counted = counted(expected.keySet());
				assertThat(counted)
					.allSatisfy((what, count) -> assertThat(count).isLessThanOrEqualTo(expected.get(what)));
				assertThat(sum(expected) - sum(counted)).isLessThanOrEqualTo(lost());
			});
			await().atMost(Duration.ofSeconds(60))
				.until(() -> String.valueOf(ready)
					.equals(this.browser.attribute("[data-node='q:counted']", "data-ready")));
			if (pace < 10_000) {
				assertThat(lost()).isZero();
			}
			channel.queueDelete("counted");
			channel.exchangeDelete("counting");
		}
	}

	private static int sum(Map<String, Integer> counts) {
		return counts.values().stream().mapToInt(Integer::intValue).sum();
	}

	private int lost() {
		String lost = this.browser.attribute("[data-lost]", "data-lost");
		return (lost != null) ? Integer.parseInt(lost) : 0;
	}

	private Map<String, Integer> counted(Set<String> what) {
		return what.stream().collect(Collectors.toMap((name) -> name, (name) -> {
			String selector = "[data-total='" + name + "']";
			return this.browser.all(selector).isEmpty() ? 0 : Integer.parseInt(this.browser.text(selector));
		}));
	}

	@ParameterizedTest
	@CsvSource({ "spring, Topology", "junit, TopologyTests", "definitions, " })
	void thePlaygroundWritesDownWhatIsThere(String kind, @Nullable String type, @TempDir Path directory)
			throws Exception {
		open("playground");
		this.browser.awaitOne("[data-node='x:sorting_room']");

		this.browser.select("export", kind);

		this.browser.awaitOne("[data-export='" + kind + "']");
		String written = (String) Objects
			.requireNonNull(this.browser.script("return document.querySelector('[data-export]').textContent"));
		assertThat(written).contains("sorting_room", "po_box", "jason");
		if (type != null) {
			assertCompiles(written, directory, type + ".java");
		}
		else {
			RestClient client = new RestClient(this.console);
			assertStatus(client.postJson("/broker/api/definitions/%2F", written), 204);
		}
	}

	private static void assertCompiles(String source, Path directory, String name) throws IOException {
		Path file = Files.writeString(directory.resolve(name), source);
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		StringWriter complaints = new StringWriter();
		try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
			boolean compiled = compiler
				.getTask(complaints, files, null, List.of("-proc:none", "-d", directory.toString()), null,
						files.getJavaFileObjects(file))
				.call();
			assertThat(compiled).as(complaints.toString()).isTrue();
		}
	}

	@Test
	void thePlaygroundSaysWhereAMessageWouldGo() {
		open("playground");
		this.browser.awaitOne("[data-node='x:sorting_room']");
		this.browser.select("target", "sorting_room");
		this.browser.type("[name='key']", "jason");

		this.browser.click("[data-action='ask']");

		this.browser.awaitOne("[data-route]");
		assertThat(this.browser.text("[data-route]")).contains("po_box", "jason");
	}

	@Test
	void aLineThatIsDrawnIsABinding() throws Exception {
		RestClient client = new RestClient(this.console);
		for (String type : List.of("fanout", "topic")) {
			assertStatus(client.putJson("/broker/api/exchanges/%2F/drawn-" + type, "{\"type\":\"" + type + "\"}"), 201);
		}
		assertStatus(client.putJson("/broker/api/queues/%2F/drawn-queue", "{}"), 201);
		open("playground");
		this.browser.type("[name='filter']", "drawn");
		await().until(() -> this.browser.all(".node").size() == 3);

		this.browser.drag("[data-node='x:drawn-fanout']", "[data-node='q:drawn-queue']");
		this.browser.awaitOne("[data-edge='x:drawn-fanout > q:drawn-queue']");

		this.browser.drag("[data-node='x:drawn-topic']", "[data-node='q:drawn-queue']");
		this.browser.awaitOne("[name='bindingKey']:focus");
		this.browser.type("[name='bindingKey']", "a.#\n");
		this.browser.awaitOne("[data-binding='x:drawn-topic > q:drawn-queue']");
		assertThat(client.list("/broker/api/exchanges/%2F/drawn-topic/bindings/source"))
			.extracting((binding) -> binding.get("routing_key").asString())
			.containsExactly("a.#");
		this.browser.picture("playground-drawn");
		for (String thing : List.of("exchanges/%2F/drawn-fanout", "exchanges/%2F/drawn-topic",
				"queues/%2F/drawn-queue")) {
			assertStatus(client.delete("/broker/api/" + thing), 204);
		}
	}

	@Test
	void theOverviewLeadsToThePagesOfTheOthers() {
		open("overview");
		this.browser.click("[data-service='hello'] a[href*='swagger']");
		this.browser.awaitText(".title", "hello-service");

		open("overview");
		this.browser.press("operate it");
		this.browser.awaitOne("input[autocomplete='username']");
	}

	@Test
	void aServiceThatIsRestartedUnderAnOpenPageIsUsedAgain() throws Exception {
		String broker = "--spring.rabbitmq.addresses=" + this.suite.amqp();
		ConfigurableApplicationContext service = LogsServiceApplication.application().run("--server.port=0", broker);
		String port = service.getEnvironment().getRequiredProperty("local.server.port");
		try (ConfigurableApplicationContext another = ConsoleApplication.application()
			.run("--server.port=0", "--warren.console.services.logs.url=http://localhost:" + port,
					"--warren.console.broker.url=" + this.suite.url("embedded-broker"))) {
			this.browser.open("http://localhost:" + another.getEnvironment().getProperty("local.server.port")
					+ "/lessons/publish-subscribe");
			String send = "[data-control='send'] button";
			this.browser.click(send);
			this.browser.awaitOne(".answer[data-status='202']");

			service.close();
			this.browser.click(send);
			this.browser.awaitOne(".answer[data-status='503']");

			service = LogsServiceApplication.application().run("--server.port=" + port, broker);
			this.browser.click(send);
			this.browser.awaitOne(".answer[data-status='202']");
			// Not a page whose console is gone.
			open("overview");
		}
		finally {
			service.close();
		}
	}

	@Test
	void aStrangersPageGetsNothing() throws Exception {
		RestClient client = new RestClient(this.console);
		String events = "/broker/api/events/%2F";

		assertStatus(client.send(client.request(events).header("Origin", "http://stranger.example")), 403);
		assertStatus(client.send(client.request(events).header("Sec-Fetch-Site", "cross-site")), 403);
	}

}
