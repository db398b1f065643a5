package dev.warren.messaging.web;

import dev.warren.messaging.feed.EventStreams;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.converter.HttpMessageConverters;
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

	private final ObjectProvider<JsonMapper> jsonMapper;

	WebConfiguration(ObjectProvider<JsonMapper> jsonMapper) {
		this.jsonMapper = jsonMapper;
	}

	@Bean
	FilterRegistrationBean<ForeignRequestFilter> foreignRequestFilter(WebProperties properties, JsonMapper jsonMapper) {
		FilterRegistrationBean<ForeignRequestFilter> registration = new FilterRegistrationBean<>(
				new ForeignRequestFilter(properties.allowedHosts(), jsonMapper));
		registration.setOrder(FIRST + 1);
		return registration;
	}

	@Bean
	FilterRegistrationBean<RequestBodyFilter> requestBodyFilter(WebProperties properties, JsonMapper jsonMapper) {
		FilterRegistrationBean<RequestBodyFilter> registration = new FilterRegistrationBean<>(
				new RequestBodyFilter(properties.maxRequestSize(), properties.uploadTimeout(), jsonMapper));
		registration.setOrder(FIRST);
		return registration;
	}

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> uploads(WebProperties properties) {
		return (factory) -> {
			factory.addEngineValves(new UnreadBodyValve());
			factory.addConnectorCustomizers((connector) -> {
				// Of their own: that of the connection is long, for the readers of
				// streams.
				connector.setProperty("disableUploadTimeout", "false");
				connector.setProperty("connectionUploadTimeout", String.valueOf(properties.uploadTimeout().toMillis()));
			});
		};
	}

	@Bean
	EventStreams eventStreams(JsonMapper jsonMapper, WebProperties properties) {
		return new EventStreams(jsonMapper, properties.maxStreams());
	}

	// A value of another type is a mistake of the caller's: neither 5 nor true is a text,
	// nor is "5" a number, nor 0 the first of an enumeration.
	@Bean
	JsonMapperBuilderCustomizer strictJson() {
		return (builder) -> builder.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
			.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
			.enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
			.withCoercionConfig(LogicalType.Textual,
					(config) -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
						.setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
						.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
	}

	@Bean
	BoundedMeters boundedMeters() {
		return new BoundedMeters();
	}

	@Override
	public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
		builder.withJsonConverter(new PlainJsonConverter(this.jsonMapper.getObject()));
	}

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(new AcceptInterceptor());
		registry.addInterceptor(new StreamHeadInterceptor());
	}

}
