package dev.warren.broker.app;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;

import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Debian's Chromium, used as a person uses it: by what buttons and fields are called.
 */
final class Browser implements AutoCloseable {

	private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

	private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

	private static final Path SCREENSHOTS = Path.of("target/screenshots");

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/** Where people look: the dialog that is open, or the page. */
	private static final String FRONT = "(//dialog[@open] | //body[not(.//dialog[@open])])";

	private final ChromeDriver driver;

	private final String axe;

	private Browser(ChromeDriver driver) {
		this.driver = driver;
		this.axe = read("/axe.min.js");
	}

	/**
	 * Starts it with {@code -Dwarren.test.browser=true}, and else skips the test.
	 */
	static Browser start() {
		assumeTrue(Boolean.getBoolean("warren.test.browser"),
				"it takes a minute and a browser: set -Dwarren.test.browser=true");
		assertThat(List.of(CHROMIUM, DRIVER)).as("Debian's chromium and chromium-driver").allMatch(Files::isExecutable);
		ChromeOptions options = new ChromeOptions();
		options.setBinary(CHROMIUM.toFile());
		options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
				"--hide-scrollbars", "--lang=en");
		LoggingPreferences logging = new LoggingPreferences();
		logging.enable(LogType.BROWSER, Level.ALL);
		options.setCapability("goog:loggingPrefs", logging);
		ChromeDriverService service = new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile())
			.usingAnyFreePort()
			.withLogFile(new File("/dev/null"))
			.build();
		return new Browser(new ChromeDriver(service, options));
	}

	void open(String address) {
		this.driver.get(address);
	}

	/**
	 * Goes to another part of the page that is open.
	 */
	void go(String fragment) {
		this.driver.executeScript("location.hash = arguments[0]", fragment);
	}

	Object run(String script, Object... arguments) {
		return this.driver.executeScript(script, arguments);
	}

	void look(int width, String colours) {
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colours),
						Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
	}

	void downloadInto(Path directory) {
		this.driver.executeCdpCommand("Browser.setDownloadBehavior",
				Map.of("behavior", "allow", "downloadPath", directory.toString()));
	}

	/**
	 * Presses the button, or follows the link, that is called so.
	 */
	void press(String name) {
		act(FRONT + "//*[self::button or self::a or self::summary][normalize-space(.)=%1$s or @aria-label=%1$s]", name,
				WebElement::click);
	}

	/**
	 * Writes into the field that is called so, in place of what is there.
	 */
	void fill(String label, String text) {
		act(FRONT
				+ "//*[self::input or self::textarea][@aria-label=%1$s or ancestor::label/span[1][normalize-space(.)=%1$s]]",
				label, (field) -> {
					// A choice of files has nothing to clear.
					if (!"file".equals(field.getDomAttribute("type"))) {
						field.clear();
					}
					field.sendKeys(text);
				});
	}

	void choose(String label, String option) {
		act(FRONT
				+ "//select[@aria-label=%1$s or ancestor::label/span[1][normalize-space(.)=%1$s]]//option[normalize-space(.)="
				+ quoted(option) + "]", label, WebElement::click);
	}

	void tick(String label) {
		act(FRONT + "//label[span[normalize-space(.)=%1$s]]/input", label, WebElement::click);
	}

	/**
	 * Does something to the last thing of that name, once it is there.
	 */
	private void act(String path, String name, java.util.function.Consumer<WebElement> action) {
		By by = By.xpath(path.formatted(quoted(name)));
		await(name).atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
			List<WebElement> found = this.driver.findElements(by).stream().filter(WebElement::isDisplayed).toList();
			assertThat(found).as(name).isNotEmpty();
			WebElement last = found.get(found.size() - 1);
			// As a person would, so that it is not under the bar at the top.
			this.driver.executeScript("arguments[0].scrollIntoView({ block: 'center' })", last);
			action.accept(last);
		});
	}

	private static String quoted(String text) {
		if (!text.contains("'")) {
			return "'" + text + "'";
		}
		return "\"" + text + "\"";
	}

	void awaitText(String selector, String text) {
		await().atMost(PATIENCE)
			.ignoreException(StaleElementReferenceException.class)
			.untilAsserted(() -> assertThat(texts(selector)).as(selector).anyMatch((one) -> one.contains(text)));
	}

	void awaitNothing(String selector) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(texts(selector)).as(selector).isEmpty());
	}

	List<String> texts(String selector) {
		return this.driver.findElements(By.cssSelector(selector))
			.stream()
			.filter(WebElement::isDisplayed)
			.map(WebElement::getText)
			.toList();
	}

	/**
	 * What is wrong with the page for people with disabilities, as axe-core finds it.
	 */
	@SuppressWarnings("unchecked")
	List<String> accessibilityProblems() {
		if (!Boolean.TRUE.equals(this.driver.executeScript("return 'axe' in window"))) {
			this.driver.executeScript(this.axe);
		}
		return (List<String>) this.driver.executeAsyncScript("""
				const done = arguments[arguments.length - 1];
				axe.run({ resultTypes: ['violations'] }).then(({ violations }) => done(violations.flatMap((violation) =>
					violation.nodes.map((node) => `${violation.id}: ${node.html} ${node.failureSummary}`))),
					(error) => done([String(error)]));
				""");
	}

	/**
	 * Whether something is wider than the page.
	 */
	boolean scrollsSideways() {
		return Boolean.TRUE.equals(this.driver
			.executeScript("return document.documentElement.scrollWidth > document.documentElement.clientWidth"));
	}

	/**
	 * What the browser has complained of since it was last asked.
	 */
	List<String> complaints() {
		return this.driver.manage()
			.logs()
			.get(LogType.BROWSER)
			.getAll()
			.stream()
			.filter((entry) -> entry.getLevel().intValue() >= Level.WARNING.intValue())
			.map(Object::toString)
			.toList();
	}

	/**
	 * Keeps a picture of the whole page in {@code target/screenshots}.
	 */
	void photograph(String name) {
		this.driver.executeScript("window.scrollTo(0, 0)");
		Object data = this.driver
			.executeCdpCommand("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true))
			.get("data");
		try {
			Files.createDirectories(SCREENSHOTS);
			Files.write(SCREENSHOTS.resolve(name + ".png"), Base64.getDecoder().decode(String.valueOf(data)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String read(String resource) {
		try (InputStream stream = Browser.class.getResourceAsStream(resource)) {
			assertThat(stream).as(resource).isNotNull();
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.driver.quit();
	}

}
