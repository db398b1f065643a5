package dev.warren.suite;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.app.EmbeddedBrokerApplication;
import org.assertj.core.api.AutoCloseableSoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The page to operate the broker, in a real browser.
 */
@InBrowser
class OperatorPageInBrowserTests {

	private static final String MARKUP = "<img src=x onerror=alert(1)>";

	private static Browser browser;

	private static ConfigurableApplicationContext context;

	private static String address;

	@BeforeAll
	static void start() {
		browser = new Browser();
		context = EmbeddedBrokerApplication.application()
			.run("--server.port=0", "--warren.broker.port=0", "--warren.broker.store=memory");
		address = "http://localhost:" + context.getEnvironment().getRequiredProperty("local.server.port") + "/";
	}

	@AfterAll
	static void stop() {
		if (context != null) {
			context.close();
		}
		if (browser != null) {
			browser.close();
		}
	}

	@AfterEach
	void theBrowserHasNothingToComplainOf() {
		assertThat(browser.problems()).isEmpty();
	}

	private static void logIn(String name, String password) {
		forget();
		browser.open(address);
		browser.look(1440, "light");
		browser.fill("User name", name);
		browser.fill("Password", password);
		browser.press("Log in");
	}

	/**
	 * Nobody is logged in any more.
	 */
	private static void forget() {
		// Not at the page, which may be about to keep who is.
		browser.open(address + "api");
		browser.script("sessionStorage.clear()");
	}

	private static EmbeddedBroker broker() {
		return context.getBean(EmbeddedBroker.class);
	}

	private static Connection connect() throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(broker().uri());
		return factory.newConnection();
	}

	/**
	 * Takes all the messages that are in the queue.
	 */
	private static List<String> drain(String queue) {
		return Stream.generate(() -> broker().get(queue))
			.takeWhile(Optional::isPresent)
			.map((message) -> message.orElseThrow().text())
			.toList();
	}

	@Test
	void messagesAreSentSeenMovedAndRemovedAndMarkupIsText() throws Exception {
		logIn("guest", "guest");
		browser.press("Queues");
		for (String name : List.of(MARKUP, "other")) {
			browser.press("Add a queue");
			browser.fill("Name", name);
			browser.press("Add a queue");
			browser.awaitText(".notice.good", "The queue " + name + " is declared.");
		}
		browser.press(MARKUP);
		browser.awaitText("h1", MARKUP);

		browser.fill("Payload", "text " + MARKUP);
		browser.press("Add to headers");
		browser.fill("Name", "header " + MARKUP);
		browser.fill("Value", "value " + MARKUP);
		browser.press("Where would it go?");
		browser.awaitText("#publish .notice.good", "It would go to " + MARKUP + ".");
		browser.press("Publish");
		browser.awaitText("#publish .notice.good", "has reached a queue");
		browser.press("Get");
		browser.awaitText("#got pre", "text " + MARKUP);
		browser.awaitText("#got", "header " + MARKUP + ": value " + MARKUP);
		browser.photograph("broker-markup-is-text");

		browser.press("Move messages");
		browser.choose("To the queue", "other");
		browser.press("Move");
		browser.awaitText(".notice.good", "1 message was moved to other.");
		assertThat(drain("other")).containsExactly("text " + MARKUP);

		List.of("one", "two", "three").forEach((text) -> broker().publish("", MARKUP, text));
		browser.choose("Afterwards", "remove them from the queue");
		browser.fill("How many", "2");
		browser.press("Get");
		browser.awaitText("#got", "two");
		browser.press("Purge");
		browser.awaitText("dialog", "1 message that is ready will be lost");
		browser.press("Purge");
		browser.awaitText(".notice.good", "is purged");
		assertThat(drain(MARKUP)).isEmpty();

		browser.press("Delete the queue");
		browser.press("Delete the queue");
		browser.awaitText(".notice.good", "The queue " + MARKUP + " is deleted.");
		assertThat(browser.script("return document.querySelectorAll('img').length")).isEqualTo(0L);
	}

	@Test
	void aWrongPasswordIsSaidAndNothingOfItIsKept() {
		logIn("guest", "wrong");

		browser.awaitText(".error", "The user name or the password is wrong");
		assertThat(browser.script("return sessionStorage.length")).isEqualTo(0L);
		// The browser itself says that something was answered with 401.
		assertThat(browser.problems()).allMatch((complaint) -> complaint.contains("401"));
	}

	@Test
	void whatAUserMayNotDoIsSaid() {
		logIn("guest", "guest");
		browser.awaitText("h1", "Overview");
		put("users/reader", "{password: 'secret', tags: ['management']}");
		put("permissions/%2F/reader", "{configure: '^mine', write: '', read: '.*'}");
		browser.press("Log out");
		browser.awaitText("h1", "Log in");
		assertThat(browser.script("return sessionStorage.length")).isEqualTo(0L);

		logIn("reader", "secret");
		browser.press("Admin");
		browser.awaitText(".notice", "This needs the tag administrator. The user reader has the tag management.");
		browser.press("Queues");
		browser.press("Add a queue");
		browser.fill("Name", "theirs");
		browser.press("Add a queue");
		browser.awaitText("dialog .error", "You lack the permission for that.");
		browser.press("Cancel");
		assertThat(browser.problems()).allMatch((complaint) -> complaint.contains("401"));
	}

	@Test
	void whatIsBeingTypedSurvivesARefresh() throws Exception {
		logIn("guest", "guest");
		try (Connection connection = connect(); Channel channel = connection.createChannel()) {
			channel.queueDeclare("typed", true, false, false, null);
			browser.go("#/queues/%2F/typed");
			browser.fill("Payload", "half a sen");

			broker().publish("", "typed", "1 carrot");
			browser.awaitText(".stats", "Ready\n1");

			assertThat(browser.script("return [document.activeElement.name, document.activeElement.value]"))
				.isEqualTo(List.of("payload", "half a sen"));
		}
	}

	@Test
	void usersAndPoliciesAreSet() {
		logIn("guest", "guest");
		browser.press("Admin");
		browser.press("Add a user");
		browser.fill("Name", "jason");
		browser.fill("Password", "secret");
		browser.fill("Password, once more", "secret");
		browser.tick("monitoring: sees the connections of others and the node");
		browser.press("Add a user");
		browser.awaitText("h1", "jason");
		browser.press("Set permissions");
		browser.press("Save");
		browser.awaitText("#permissions", ".*");
		assertThat(api("GET", "users/jason", null, "({ tags }) => tags")).isEqualTo(List.of("monitoring"));

		browser.go("#/admin/policies");
		browser.press("Add a policy");
		browser.fill("Name", "short");
		browser.press("Add to definition");
		browser.fill("Name", "max-length");
		browser.fill("Value", "5");
		browser.press("Add a policy");
		browser.awaitText("#policies", "max-length: 5");
		assertThat(api("GET", "policies/%2F/short", null, "({ definition }) => definition"))
			.isEqualTo(Map.of("max-length", 5L));
		browser.press("Delete the policy short");
		browser.press("Delete");
		browser.awaitText(".notice.good", "is deleted");
	}

	@Test
	void definitionsAreImportedAndExported(@TempDir Path directory) throws IOException {
		Path file = Files.writeString(directory.resolve("definitions.json"), """
				{"queues": [{"vhost": "/", "name": "imported", "durable": true, "auto_delete": false, "arguments": {}}]}
				""");
		logIn("guest", "guest");
		browser.go("#/admin/definitions");

		browser.fill("A definitions file, JSON", file.toString());
		browser.press("Import definitions");

		browser.awaitText(".notice.good", "definitions.json is imported.");
		assertThat(api("GET", "queues/%2F/imported", null, "({ name }) => name")).isEqualTo("imported");
		Path downloads = Files.createDirectory(directory.resolve("downloads"));
		browser.downloadInto(downloads);
		browser.press("Download definitions");
		await().untilAsserted(() -> assertThat(downloads.resolve("definitions.json")).exists()
			.content()
			.contains("\"imported\"", "password_hash"));
	}

	@Test
	void everyViewIsForEverybodyInLightAndDarkOnSmallAndLargeScreens() throws Exception {
		try (Connection connection = connect();
				Channel channel = connection.createChannel();
				AutoCloseableSoftAssertions softly = new AutoCloseableSoftAssertions()) {
			channel.queueDeclare("orders", true, false, false, null);
			channel.queueDeclare("orders.dead", true, false, false, Map.of("x-message-ttl", 60_000));
			channel.queueBind("orders", "amq.topic", "order.#");
			channel.exchangeBind("amq.headers", "amq.topic", "all", Map.of("x-match", "all"));
			channel.basicQos(1);
			channel.basicConsume("orders", false, new DefaultConsumer(channel));
			List.of("1 carrot", "2 carrots").forEach((text) -> broker().publish("amq.topic", "order.new", text));
			forget();
			browser.open(address);
			inspect(softly, "log-in", "Log in");
			logIn("guest", "guest");
			put("policies/%2F/short",
					"{pattern: '^tmp', definition: {'max-length': 10, 'dead-letter-exchange': 'x'}, 'apply-to': 'queues'}");
			put("vhost-limits/%2F/max-queues", "{value: 1000}");
			put("vhosts/another", "{description: 'Where tests are', tags: ['test']}");
			String client = String.valueOf(api("GET", "connections?columns=name", null, "(list) => list[0].name"));
			inspect(softly, "", "Overview");
			inspect(softly, "connections", "Connections");
			inspect(softly, "connections/" + encoded(client), client);
			inspect(softly, "channels", "Channels");
			inspect(softly, "channels/" + encoded(client + " (1)"), client + " (1)");
			inspect(softly, "exchanges", "Exchanges");
			inspect(softly, "exchanges/%2F/amq.topic", "amq.topic");
			inspect(softly, "exchanges/%2F/amq.default", "(default exchange)");
			inspect(softly, "bindings", "Bindings");
			inspect(softly, "queues", "Queues");
			inspect(softly, "queues/%2F/orders", "orders");
			inspect(softly, "admin/users", "Users");
			inspect(softly, "admin/users/guest", "guest");
			inspect(softly, "admin/virtual-hosts", "Virtual hosts");
			inspect(softly, "admin/policies", "Policies");
			inspect(softly, "admin/limits", "Limits");
			inspect(softly, "admin/definitions", "Definitions");
			browser.go("#/queues");
			browser.press("Add a queue");
			browser.press("Add to arguments");
			inspect(softly, "add-a-queue", null);
		}
	}

	private static void put(String path, String body) {
		assertThat(api("PUT", path, body, "(nothing) => true")).isEqualTo(true);
	}

	/**
	 * Asks the management API as the page does.
	 * @param result a function of what it answers
	 */
	private static @Nullable Object api(String method, String path, @Nullable String body, String result) {
		return browser.script("""
				return import('/parts/api.js').then(({ Api }) =>
					new Api('/api', { name: 'guest', password: 'guest' }).request('%s', '%s', %s)).then(%s)"""
			.formatted(method, path, (body != null) ? body : "undefined", result));
	}

	private static String encoded(String segment) {
		return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
	}

	/**
	 * Looks at a view in every way.
	 * @param title that it has, or null to look at what is there
	 */
	private static void inspect(AutoCloseableSoftAssertions softly, String path, @Nullable String title) {
		if (title != null) {
			browser.go("#/" + path);
			browser.awaitText("h1", title);
			browser.awaitNothing("main > p.muted");
		}
		look(softly, path, 360, "light");
		look(softly, path, 1440, "dark");
	}

	private static void look(AutoCloseableSoftAssertions softly, String path, int width, String colours) {
		browser.look(width, colours);
		softly.assertThat(browser.accessibilityProblems()).as("%s at %d in %s", path, width, colours).isEmpty();
		softly.assertThat(browser.scrollsSideways()).as("%s scrolls sideways at %d", path, width).isFalse();
		String name = path.isEmpty() ? "overview" : path.replaceAll("%\\w\\w|\\d{4,}", "").replaceAll("\\W+", "-");
		browser.photograph("broker-" + name + "-" + width + "-" + colours);
	}

}
