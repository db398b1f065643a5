package dev.warren.messaging.web;

import java.util.Collection;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Answers HEAD on a stream with its headers, in place of the controller. Spring MVC maps
 * HEAD to the method for GET, which would open a stream that nobody reads, and consume
 * messages for it. Whether what is streamed exists is not looked up.
 */
final class StreamHeadInterceptor implements HandlerInterceptor {

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		if (!HttpMethod.HEAD.matches(request.getMethod()) || !isStream(request)) {
			return true;
		}
		response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
		response.setCharacterEncoding("UTF-8");
		response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
		return false;
	}

	private static boolean isStream(HttpServletRequest request) {
		return request.getAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE) instanceof Collection<?> types
				&& types.contains(MediaType.TEXT_EVENT_STREAM);
	}

}
