package dev.warren.messaging.web;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * What stands between strangers and the controllers.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebProperties.class)
public class WebConfiguration implements WebMvcConfigurer {

	// After the filter that measures requests, before all others.
	private static final int FIRST = Ordered.HIGHEST_PRECEDENCE + 50;

	@Bean
	FilterRegistrationBean<ForeignRequestFilter> foreignRequestFilter(WebProperties properties, JsonMapper jsonMapper) {
		FilterRegistrationBean<ForeignRequestFilter> registration = new FilterRegistrationBean<>(
				new ForeignRequestFilter(properties.allowedHosts(), jsonMapper));
		registration.setOrder(FIRST + 1);
		return registration;
	}

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(new StreamHeadInterceptor());
	}

}
