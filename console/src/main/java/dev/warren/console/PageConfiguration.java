package dev.warren.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

import org.webjars.WebJarVersionLocator;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.http.CacheControl;
import org.springframework.util.DigestUtils;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The files of the page, and what every answer says to the browser.
 */
@Configuration(proxyBeanMethods = false)
class PageConfiguration implements WebMvcConfigurer {

	private static final String BUILT = "classpath:dev/warren/console/";

	private static final String LIBRARY = "lit-html";

	private final String files;

	PageConfiguration(ConsoleProperties properties) {
		this.files = (properties.files() != null) ? properties.files().toAbsolutePath().toUri().toString()
				: BUILT + "web/";
	}

	@Bean
	Index index(ConsoleProperties properties, ResourceLoader resources) {
		return new Index(resources.getResource(this.files + "index.html"), properties.files() != null);
	}

	@Bean
	FilterRegistrationBean<SecurityHeadersFilter> securityHeadersFilter(Index index) {
		FilterRegistrationBean<SecurityHeadersFilter> registration = new FilterRegistrationBean<>(
				new SecurityHeadersFilter(index));
		// Before those that refuse requests.
		registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
		return registration;
	}

	/**
	 * The default virtual host is {@code %2F} in the broker's addresses.
	 */
	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> encodedSlashes() {
		return (factory) -> factory
			.addConnectorCustomizers((connector) -> connector.setEncodedSolidusHandling("passthrough"));
	}

	@Override
	public void addResourceHandlers(ResourceHandlerRegistry registry) {
		String version = Objects.requireNonNull(new WebJarVersionLocator().version(LIBRARY));
		add(registry, "/parts/", this.files + "parts/");
		add(registry, "/page/", this.files + "page/");
		// The classes of each lesson, as /sources/hello/Sender.java.
		add(registry, "/sources/", BUILT + "sources/");
		add(registry, "/webjars/" + LIBRARY + "/",
				"classpath:META-INF/resources/webjars/" + LIBRARY + "/" + version + "/");
	}

	private static void add(ResourceHandlerRegistry registry, String path, String location) {
		registry.addResourceHandler(path + "**")
			.addResourceLocations(location)
			.setCacheControl(CacheControl.noCache())
			// The time of a file in a jar is that of the release.
			.setUseLastModified(false)
			.setEtagGenerator(PageConfiguration::digest);
	}

	private static String digest(Resource resource) {
		try (InputStream in = resource.getInputStream()) {
			return DigestUtils.md5DigestAsHex(in);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
