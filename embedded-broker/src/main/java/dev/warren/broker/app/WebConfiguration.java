package dev.warren.broker.app;

import java.util.List;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Who may use the broker over HTTP, and what those get who may not. A twin of what the
 * services have: they and the broker share no code.
 */
@Configuration(proxyBeanMethods = false)
@Import({ HomePage.class, ApiPage.class, ProblemErrorController.class })
class WebConfiguration implements WebMvcConfigurer {

	private final ObjectProvider<JsonMapper> jsonMapper;

	WebConfiguration(ObjectProvider<JsonMapper> jsonMapper) {
		this.jsonMapper = jsonMapper;
	}

	@Override
	public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
		builder.withJsonConverter(new JsonLineConverter(this.jsonMapper.getObject()));
	}

	@Bean
	FilterRegistrationBean<ForeignRequestFilter> foreignRequestFilter(
			@Value("${warren.web.allowed-hosts:}") List<String> allowedHosts, JsonMapper jsonMapper) {
		FilterRegistrationBean<ForeignRequestFilter> registration = new FilterRegistrationBean<>(
				new ForeignRequestFilter(allowedHosts, jsonMapper));
		registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 50);
		return registration;
	}

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemReportValve() {
		return (factory) -> factory.addContextCustomizers((context) -> {
			if (context.getParent() instanceof org.apache.catalina.core.StandardHost host) {
				host.setErrorReportValveClass(ProblemReportValve.class.getName());
			}
		});
	}

}
