package dev.warren.broker.management;

import java.io.IOException;
import java.util.Objects;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Reads the {@link Body} of a request, whatever type the request says it has.
 */
final class BodyResolver implements HandlerMethodArgumentResolver {

	/** As RabbitMQ's {@code management.http.max_body_size}. */
	private static final int MOST_BYTES = 20_000_000;

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.getParameterType() == Body.class;
	}

	@Override
	public Object resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer container,
			NativeWebRequest request, @Nullable WebDataBinderFactory binderFactory) throws IOException {
		HttpServletRequest servletRequest = Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class));
		byte[] bytes = servletRequest.getInputStream().readNBytes(MOST_BYTES + 1);
		if (bytes.length > MOST_BYTES) {
			throw ApiException.badRequest("the request body is larger than %d bytes".formatted(MOST_BYTES));
		}
		return Body.read(bytes);
	}

}
