package dev.warren.broker.management;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.warren.broker.rabbitmq.wire.ProtocolException;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * Tells what went wrong as RabbitMQ's management API does; elsewhere, as a problem.
 */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ApiErrors {

	private static final String CHALLENGE = "Basic realm=\"RabbitMQ Management\"";

	@ExceptionHandler
	ResponseEntity<Map<String, Object>> failed(ApiException ex) {
		return answer(ex.status(), ex.error(), ex.reason());
	}

	/**
	 * A value of another type than it has to be, or nested too deeply.
	 */
	@ExceptionHandler
	ResponseEntity<Map<String, Object>> unsuitable(JacksonException ex) {
		return failed(ApiException.badRequest(ex.getOriginalMessage()));
	}

	/**
	 * A parameter that is not what it has to be.
	 */
	@ExceptionHandler
	ResponseEntity<Map<String, Object>> unsuitable(MethodArgumentTypeMismatchException ex) {
		return failed(ApiException.badRequest("'%s' cannot be '%s'".formatted(ex.getName(), ex.getValue())));
	}

	/**
	 * What a channel would be closed for.
	 */
	@ExceptionHandler
	ResponseEntity<Map<String, Object>> refused(ProtocolException ex) {
		String text = String.valueOf(ex.getMessage());
		String reason = text.substring(text.indexOf(" - ") + " - ".length());
		return switch (ex.code()) {
			case ACCESS_REFUSED -> failed(ApiException.notAuthorised("Access refused."));
			case NOT_FOUND -> failed(ApiException.notFound(reason));
			default -> failed(ApiException.badRequest(reason));
		};
	}

	@ExceptionHandler
	ResponseEntity<Object> notFound(NoHandlerFoundException ex, HttpServletRequest request) {
		return isApi(request) ? any(failed(ApiException.notFound())) : problem(ex);
	}

	/**
	 * A file that the page does not have.
	 */
	@ExceptionHandler
	ResponseEntity<Object> notFound(NoResourceFoundException ex) {
		return problem(ex);
	}

	@ExceptionHandler
	ResponseEntity<Object> notAllowed(HttpRequestMethodNotSupportedException ex, HttpServletRequest request) {
		return isApi(request) ? ResponseEntity.status(ex.getStatusCode()).headers(ex.getHeaders()).build()
				: problem(ex);
	}

	private static boolean isApi(HttpServletRequest request) {
		return request.getRequestURI().startsWith("/api/");
	}

	private static ResponseEntity<Object> problem(ErrorResponse response) {
		return ResponseEntity.status(response.getStatusCode())
			.headers(response.getHeaders())
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.body(response.getBody());
	}

	private static ResponseEntity<Object> any(ResponseEntity<? extends @Nullable Object> response) {
		return ResponseEntity.status(response.getStatusCode()).headers(response.getHeaders()).body(response.getBody());
	}

	private static ResponseEntity<Map<String, Object>> answer(HttpStatus status, String error, Object reason) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("error", error);
		body.put("reason", reason);
		ResponseEntity.BodyBuilder answer = ResponseEntity.status(status).contentType(MediaType.APPLICATION_JSON);
		if (status == HttpStatus.UNAUTHORIZED) {
			answer.header(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE);
		}
		return answer.body(body);
	}

}
