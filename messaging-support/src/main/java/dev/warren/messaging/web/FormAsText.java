package dev.warren.messaging.web;

import java.util.Collections;
import java.util.Enumeration;
import java.util.Locale;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * A request whose body is a form, as a request whose body is a text: {@code curl -d}
 * labels whatever it is given as a form, and nothing here takes one.
 */
final class FormAsText extends HttpServletRequestWrapper {

	FormAsText(HttpServletRequest request) {
		super(request);
	}

	/**
	 * Whether a request has a form's type.
	 */
	static boolean isForm(HttpServletRequest request) {
		String type = request.getContentType();
		return type != null && type.toLowerCase(Locale.ROOT).startsWith(MediaType.APPLICATION_FORM_URLENCODED_VALUE);
	}

	@Override
	public String getContentType() {
		return MediaType.TEXT_PLAIN_VALUE;
	}

	@Override
	public @Nullable String getHeader(String name) {
		return HttpHeaders.CONTENT_TYPE.equalsIgnoreCase(name) ? getContentType() : super.getHeader(name);
	}

	@Override
	public Enumeration<String> getHeaders(String name) {
		return HttpHeaders.CONTENT_TYPE.equalsIgnoreCase(name)
				? Collections.enumeration(Collections.singleton(getContentType())) : super.getHeaders(name);
	}

}
