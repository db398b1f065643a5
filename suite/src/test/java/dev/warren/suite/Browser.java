package dev.warren.suite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;

import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.Select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Debian's Chromium, without a window.
 */
final class Browser implements AutoCloseable {

	static final Path CHROMIUM = Path.of("/usr/bin/chromium");

	static final Path CHROMEDRIVER = Path.of("/usr/bin/chromedriver");

	private static final Duration PATIENCE = Duration.ofSeconds(45);

	private final ChromeDriver driver;

	Browser() {
		ChromeOptions options = new ChromeOptions();
		options.setBinary(CHROMIUM.toFile());
		options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars");
		LoggingPreferences logging = new LoggingPreferences();
		logging.enable(LogType.BROWSER, Level.ALL);
		options.setCapability("goog:loggingPrefs", logging);
		this.driver = new ChromeDriver(
				new ChromeDriverService.Builder().usingDriverExecutable(CHROMEDRIVER.toFile()).build(), options);
		size(1280, 900);
	}

	void size(int width, int height) {
		this.driver.manage().window().setSize(new Dimension(width, height));
		// A window has a least width, a page in it has not.
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
	}

	void dark(boolean dark) {
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
	}

	void open(String url) {
		this.driver.get(url);
		await().atMost(PATIENCE).until(() -> !all("h1").isEmpty());
	}

	List<WebElement> all(String selector) {
		return this.driver.findElements(By.cssSelector(selector));
	}

	WebElement one(String selector) {
		return this.driver.findElement(By.cssSelector(selector));
	}

	/**
	 * Clicks as a person does, who scrolls there first: to below the drawing, which stays
	 * at the top.
	 */
	void click(String selector) {
		await().atMost(PATIENCE).until(() -> !all(selector).isEmpty());
		script("document.querySelector(arguments[0]).scrollIntoView({ block: 'end' })", selector);
		one(selector).click();
	}

	void type(String selector, String text) {
		WebElement field = one(selector);
		field.clear();
		field.sendKeys(text);
	}

	void select(String name, String value) {
		new Select(one("[name='" + name + "']")).selectByValue(value);
	}

	String text(String selector) {
		return one(selector).getText();
	}

	/**
	 * An attribute as it is now; null if there is no such element, or it has none.
	 */
	@Nullable String attribute(String selector, String name) {
		return (String) script(
				"const found = document.querySelector(arguments[0]); return found && found.getAttribute(arguments[1]);",
				selector, name);
	}

	void awaitOne(String selector) {
		await(selector).atMost(PATIENCE).until(() -> !all(selector).isEmpty());
	}

	@Nullable Object script(String script, Object... arguments) {
		return ((JavascriptExecutor) this.driver).executeScript(script, arguments);
	}

	/**
	 * Runs a script that gives its result to its last argument.
	 */
	Object async(String script) {
		return Objects.requireNonNull(((JavascriptExecutor) this.driver).executeAsyncScript(script));
	}

	/**
	 * The errors and warnings in the browser's console since the last call.
	 */
	List<String> problems() {
		return this.driver.manage()
			.logs()
			.get(LogType.BROWSER)
			.getAll()
			.stream()
			.filter((entry) -> entry.getLevel().intValue() >= Level.WARNING.intValue())
			.map(LogEntry::getMessage)
			.toList();
	}

	/**
	 * Lets axe-core look for what shuts people out.
	 */
	void assertAccessible() throws IOException {
		try (InputStream axe = Objects.requireNonNull(getClass().getResourceAsStream("/axe.min.js"))) {
			script(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
		}
		Object violations = ((JavascriptExecutor) this.driver).executeAsyncScript("""
				const done = arguments[arguments.length - 1];
				axe.run().then(({ violations }) => done(violations.map(({ id, nodes }) =>
					id + ': ' + nodes.map(({ html, failureSummary }) => html + ' ' + failureSummary).join('; '))),
					(failure) => done([String(failure)]));
				""");
		assertThat((List<?>) violations).isEmpty();
	}

	/**
	 * Keeps a picture of what is seen, as output of the build.
	 */
	void picture(String name) throws IOException {
		Path directory = Files.createDirectories(Path.of("target", "screenshots"));
		byte[] picture = this.driver.getScreenshotAs(OutputType.BYTES);
		Files.write(directory.resolve(name + ".png"), picture);
	}

	@Override
	public void close() {
		this.driver.quit();
	}

}
