package dev.warren.messaging.web;

import java.util.List;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.accept.HeaderContentNegotiationStrategy;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Answers 406 to who does not accept JSON before anything is done. Spring MVC looks at
 * that when there is a result to write, and a message would be sent by then.
 */
final class AcceptInterceptor implements HandlerInterceptor {

	private final HeaderContentNegotiationStrategy accept = new HeaderContentNegotiationStrategy();

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
			throws HttpMediaTypeNotAcceptableException {
		if (request.getDispatcherType() == DispatcherType.REQUEST && isAnsweredInJson(request, handler)) {
			List<MediaType> accepted = this.accept.resolveMediaTypes(new ServletWebRequest(request));
			if (accepted.stream().noneMatch(MediaType.APPLICATION_JSON::isCompatibleWith)) {
				throw new HttpMediaTypeNotAcceptableException(List.of(MediaType.APPLICATION_JSON));
			}
		}
		return true;
	}

	// What is answered in another type says so.
	private static boolean isAnsweredInJson(HttpServletRequest request, Object handler) {
		return handler instanceof HandlerMethod method
				&& AnnotatedElementUtils.hasAnnotation(method.getBeanType(), ResponseBody.class)
				&& request.getAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE) == null;
	}

}
