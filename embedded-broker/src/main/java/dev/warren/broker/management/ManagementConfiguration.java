package dev.warren.broker.management;

import java.util.List;

import dev.warren.broker.Administration;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.management.events.EventStreams;
import dev.warren.broker.management.sample.Sampler;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.web.filter.UrlHandlerFilter;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The management API, for an application with an {@link EmbeddedBroker}.
 */
@Configuration(proxyBeanMethods = false)
@Import({ ApiErrors.class, BackupController.class, Resources.class, QueueView.class, OverviewController.class,
		VirtualHostController.class, UserController.class, PermissionController.class, PolicyController.class,
		ParameterController.class, DefinitionController.class, QueueController.class, ExchangeController.class,
		BindingController.class, HealthCheckController.class, DeprecatedFeatureController.class, Connections.class,
		ConnectionView.class, ConnectionController.class, Totals.class, NodeController.class, MetricsController.class,
		ClusterController.class, EventController.class, RouteController.class, FaultController.class })
public class ManagementConfiguration {

	@Bean
	Administration administration(EmbeddedBroker broker) {
		return broker.administration();
	}

	@Bean
	Sampler sampler(Administration broker, Connections connections) {
		return new Sampler(broker::virtualHosts, connections::to);
	}

	@Bean
	EventStreams eventStreams() {
		return new EventStreams();
	}

	@Bean
	MetricsPort metricsPort(@Value("${warren.metrics.port:#{null}}") @Nullable Integer port) {
		return new MetricsPort(port);
	}

	@Bean
	FilterRegistrationBean<MetricsPort> metricsPortFilter(MetricsPort port) {
		FilterRegistrationBean<MetricsPort> registration = new FilterRegistrationBean<>(port);
		registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
		return registration;
	}

	@Bean
	Listeners listeners(EmbeddedBroker broker, ServerProperties server, MetricsPort metricsPort) {
		return new Listeners(broker, server, metricsPort);
	}

	@Bean
	OwnersToken ownersToken(EmbeddedBroker broker, Listeners listeners) {
		return new OwnersToken(broker.dataDir().orElse(null), listeners);
	}

	@Bean
	WebMvcConfigurer managementWebMvc(Administration broker, MetricsPort metricsPort, OwnersToken ownersToken) {
		Authentication authentication = new Authentication(broker, metricsPort, ownersToken);
		return new WebMvcConfigurer() {

			@Override
			public void addInterceptors(InterceptorRegistry registry) {
				registry.addInterceptor(authentication);
			}

			@Override
			public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
				resolvers.addAll(List.of(authentication, new BodyResolver(), new Listing.Resolver()));
			}

		};
	}

	/**
	 * The default virtual host is {@code %2F} in addresses. Bodies are never forms,
	 * though curl says so.
	 */
	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> slashesAndBodies() {
		return (factory) -> factory.addConnectorCustomizers((connector) -> {
			connector.setEncodedSolidusHandling("passthrough");
			connector.setParseBodyMethods("");
		});
	}

	@Bean
	FilterRegistrationBean<UrlHandlerFilter> slashAtTheEnd() {
		return new FilterRegistrationBean<>(UrlHandlerFilter.trailingSlashHandler("/api/**").wrapRequest().build());
	}

}
