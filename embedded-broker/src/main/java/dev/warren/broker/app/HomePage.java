package dev.warren.broker.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.warren.broker.EmbeddedBroker;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.util.HtmlUtils;

/**
 * The page at the root, to operate the broker. Without its scripts it says what this is,
 * and where to go from there.
 */
@RestController
class HomePage implements WebMvcConfigurer {

	private static final String FILES = "dev/warren/broker/web/";

	private static final String LIT_HTML = "META-INF/resources/webjars/lit-html/";

	private static final Pattern IMPORT_MAP = Pattern.compile("<script type=\"importmap\">(.*?)</script>",
			Pattern.DOTALL);

	private final String page;

	private final String policy;

	HomePage(EmbeddedBroker broker) {
		String store = broker.dataDir().map((directory) -> "the directory " + directory).orElse("memory");
		this.page = read(new ClassPathResource(FILES + "index.html"))
			.replace("{address}", HtmlUtils.htmlEscape(broker.host() + ":" + broker.port()))
			.replace("{store}", HtmlUtils.htmlEscape(store))
			.replace("{version}", broker.version().toString());
		this.policy = String.join("; ", "default-src 'none'", "script-src 'self' '" + hash(importMap(this.page)) + "'",
				"style-src 'self'", "connect-src 'self'", "img-src 'self' data:", "base-uri 'none'",
				"form-action 'none'", "frame-ancestors 'none'");
	}

	@GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
	ResponseEntity<String> page() {
		return ResponseEntity.ok()
			.cacheControl(CacheControl.noCache())
			.header("Content-Security-Policy", this.policy)
			.body(this.page);
	}

	/**
	 * The files of the page, and nothing else that is on the class path.
	 */
	@Override
	public void addResourceHandlers(ResourceHandlerRegistry registry) {
		serve(registry, "/page/**", FILES + "page/");
		serve(registry, "/parts/**", FILES + "parts/");
		serve(registry, "/lit-html/**", LIT_HTML + litHtmlVersion() + "/");
	}

	private static void serve(ResourceHandlerRegistry registry, String path, String location) {
		registry.addResourceHandler(path)
			.addResourceLocations("classpath:/" + location)
			.setCacheControl(CacheControl.noCache())
			// Jars of the same name may have files of the same time and other contents.
			.setUseLastModified(false);
	}

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(new HandlerInterceptor() {

			@Override
			public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
				response.setHeader("X-Content-Type-Options", "nosniff");
				response.setHeader("Referrer-Policy", "no-referrer");
				return true;
			}

		}).addPathPatterns("/", "/page/**", "/parts/**", "/lit-html/**");
	}

	private static String read(Resource resource) {
		try {
			return resource.getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Of the library on the class path. An application that starts the broker itself may
	 * have none: its page stays as it is without scripts.
	 */
	private static String litHtmlVersion() {
		Resource about = new ClassPathResource("META-INF/maven/org.webjars.npm/lit-html/pom.properties");
		try {
			return about.exists() ? PropertiesLoaderUtils.loadProperties(about).getProperty("version") : "none";
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String importMap(String page) {
		Matcher matcher = IMPORT_MAP.matcher(page);
		if (!matcher.find()) {
			throw new IllegalStateException("The page has no import map");
		}
		return matcher.group(1);
	}

	private static String hash(String script) {
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
			return "sha256-" + Base64.getEncoder().encodeToString(hash);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
