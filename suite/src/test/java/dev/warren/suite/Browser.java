package dev.warren.suite;

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
import java.util.Objects;
import java.util.function.Consumer;
import java.util.logging.Level;

import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.Select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Debian's Chromium, without a window: used by what the page is made of, or, as a person
 * uses it, by what buttons and fields are called.
 */
final class Browser implements AutoCloseable {

	static final Path CHROMIUM = Path.of("/usr/bin/chromium");

	static final Path CHROMEDRIVER = Path.of("/usr/bin/chromedriver");

	private static final Path PICTURES = Path.of("target", "screenshots");

	private static final String AXE = read("/axe.min.js");

	/** Where people look: the dialog that is open, or the page. */
	private static final String FRONT = "(//dialog[@open] | //body[not(.//dialog[@open])])";

	static final Duration PATIENCE = Duration.ofSeconds(45);

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
		lookAsUsual();
	}

	/**
	 * What people see who have a screen that is so wide, prefer those colours, and want
	 * nothing to move: axe-core would measure colours while they change.
	 * @param colours {@code light} or {@code dark}
	 */
	void look(int width, String colours) {
		look(width, colours, "reduce");
	}

	/**
	 * What most people see.
	 */
	void lookAsUsual() {
		look(1280, "light", "no-preference");
	}

	private void look(int width, String colours, String motion) {
		// A window has a least width, a page in it has not.
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colours),
						Map.of("name", "prefers-reduced-motion", "value", motion))));
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

	/**
	 * Draws from the middle of one thing to that of another, with the button of the mouse
	 * pressed.
	 */
	void drag(String from, String to) {
		script("document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })", from);
		new Actions(this.driver).dragAndDrop(one(from), one(to)).perform();
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
		return this.driver.executeScript(script, arguments);
	}

	/**
	 * Runs a script that gives its result to its last argument.
	 */
	Object async(String script) {
		return Objects.requireNonNull(this.driver.executeAsyncScript(script));
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
	 * What is wrong with the page for people with disabilities, as axe-core finds it.
	 */
	@SuppressWarnings("unchecked")
	List<String> accessibilityProblems() {
		if (!Boolean.TRUE.equals(this.driver.executeScript("return 'axe' in window"))) {
			this.driver.executeScript(AXE);
		}
		return (List<String>) this.driver.executeAsyncScript("""
				const done = arguments[arguments.length - 1];
				axe.run({ resultTypes: ['violations'] }).then(({ violations }) => done(violations.flatMap((violation) =>
					violation.nodes.map((node) => `${violation.id}: ${node.html} ${node.failureSummary}`))),
					(error) => done([String(error)]));
				""");
	}

	/**
	 * Goes to another part of the page that is open.
	 */
	void go(String fragment) {
		this.driver.executeScript("location.hash = arguments[0]", fragment);
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
	private void act(String path, String name, Consumer<WebElement> action) {
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
	 * Whether something is wider than the page.
	 */
	boolean scrollsSideways() {
		return Boolean.TRUE.equals(this.driver
			.executeScript("return document.documentElement.scrollWidth > document.documentElement.clientWidth"));
	}

	/**
	 * Keeps a picture of the whole page in {@code target/screenshots}.
	 */
	void photograph(String name) {
		this.driver.executeScript("window.scrollTo(0, 0)");
		Object data = this.driver
			.executeCdpCommand("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true))
			.get("data");
		write(name, Base64.getDecoder().decode(String.valueOf(data)));
	}

	/**
	 * Keeps a picture of what is seen, as output of the build.
	 */
	void picture(String name) {
		write(name, this.driver.getScreenshotAs(OutputType.BYTES));
	}

	private static void write(String name, byte[] picture) {
		try {
			Files.createDirectories(PICTURES);
			Files.write(PICTURES.resolve(name + ".png"), picture);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String read(String resource) {
		try (InputStream stream = Browser.class.getResourceAsStream(resource)) {
			return new String(Objects.requireNonNull(stream, resource).readAllBytes(), StandardCharsets.UTF_8);
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
