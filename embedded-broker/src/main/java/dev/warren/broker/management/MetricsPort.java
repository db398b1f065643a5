package dev.warren.broker.management;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A port where metrics are for everybody and there is nothing else, as RabbitMQ's
 * Prometheus plugin has one; none if it is not wanted. It is on the address that the
 * management API is on.
 */
final class MetricsPort extends OncePerRequestFilter
		implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

	private final @Nullable Integer port;

	private @Nullable Connector connector;

	MetricsPort(@Nullable Integer port) {
		this.port = port;
	}

	@Override
	public void customize(TomcatServletWebServerFactory factory) {
		if (this.port != null) {
			Connector added = new Connector();
			added.setPort(this.port);
			if (factory.getAddress() != null && added.getProtocolHandler() instanceof AbstractProtocol<?> protocol) {
				protocol.setAddress(factory.getAddress());
			}
			factory.addAdditionalConnectors(added);
			this.connector = added;
		}
	}

	/**
	 * Whether the request came by this port.
	 */
	boolean is(HttpServletRequest request) {
		return this.connector != null && request.getLocalPort() == this.connector.getLocalPort();
	}

	/**
	 * The port that is open, -1 if none is.
	 */
	int number() {
		return (this.connector != null) ? this.connector.getLocalPort() : -1;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		if (is(request) && !request.getRequestURI().startsWith("/metrics")) {
			response.sendError(HttpServletResponse.SC_NOT_FOUND);
		}
		else {
			chain.doFilter(request, response);
		}
	}

}
