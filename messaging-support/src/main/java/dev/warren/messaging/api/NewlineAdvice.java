package dev.warren.messaging.api;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/**
 * Ends the OpenAPI document, which comes as bytes, with a newline, as all JSON is ended.
 * Other bytes stay as they are: Prometheus refuses meters that have anything after their
 * last line.
 */
@RestControllerAdvice
final class NewlineAdvice implements ResponseBodyAdvice<byte[]> {

	@Override
	public boolean supports(MethodParameter returnType, Class<? extends HttpMessageConverter<?>> converterType) {
		return ByteArrayHttpMessageConverter.class.isAssignableFrom(converterType);
	}

	@Override
	public byte @Nullable [] beforeBodyWrite(byte @Nullable [] body, MethodParameter returnType,
			MediaType selectedContentType, Class<? extends HttpMessageConverter<?>> selectedConverterType,
			ServerHttpRequest request, ServerHttpResponse response) {
		if (body == null || !MediaType.APPLICATION_JSON.equalsTypeAndSubtype(selectedContentType)) {
			return body;
		}
		byte[] line = Arrays.copyOf(body, body.length + 1);
		line[body.length] = '\n';
		return line;
	}

}
