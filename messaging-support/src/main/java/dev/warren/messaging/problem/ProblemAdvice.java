package dev.warren.messaging.problem;

import java.util.List;
import java.util.stream.Collectors;

import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.messaging.log.Reason;
import dev.warren.messaging.publish.NotRoutedException;
import dev.warren.messaging.publish.PublishException;
import dev.warren.messaging.publish.RefusedException;
import org.apache.catalina.connector.RequestFacade;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

import org.springframework.amqp.AmqpConnectException;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.AmqpTimeoutException;
import org.springframework.beans.TypeMismatchException;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.FieldError;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.context.request.async.AsyncRequestTimeoutException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Turns what a controller throws, and what Spring MVC throws before it gets there, into a
 * problem.
 */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

	private static final Log logger = LogFactory.getLog(ProblemAdvice.class);

	static final String RETRY_AFTER_SECONDS = "1";

	@ExceptionHandler
	ResponseEntity<Object> notSent(PublishException ex) {
		ProblemType type = (ex instanceof NotRoutedException) ? ProblemType.NOT_ROUTED : ProblemType.NOT_CONFIRMED;
		return unavailable(type, String.valueOf(ex.getMessage()));
	}

	@ExceptionHandler
	ResponseEntity<Object> brokerRefused(RefusedException ex) {
		return ResponseEntity.status(ProblemType.CONFLICT.status())
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.body(ProblemType.CONFLICT.withDetail(String.valueOf(ex.getMessage())));
	}

	@ExceptionHandler
	ResponseEntity<Object> brokerFailed(AmqpException ex) {
		// Without a cause it is the wait for a channel.
		if (ex instanceof AmqpTimeoutException && ex.getCause() == null) {
			return unavailable(ProblemType.BUSY, "Too much waits for the broker already");
		}
		logger.debug("The broker failed", ex);
		return unavailable(ProblemType.BROKER_UNAVAILABLE, "The broker failed: " + Reason.of(ex));
	}

	@ExceptionHandler
	ResponseEntity<Object> brokerLost(ShutdownSignalException ex) {
		return brokerFailed(new AmqpConnectException(ex));
	}

	private ResponseEntity<Object> unavailable(ProblemType type, String detail) {
		return ResponseEntity.status(type.status())
			.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.body(type.withDetail(detail));
	}

	@Override
	protected ResponseEntity<Object> handleAsyncRequestTimeoutException(AsyncRequestTimeoutException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return unavailable(ProblemType.BROKER_UNAVAILABLE, "The broker does not answer");
	}

	@ExceptionHandler
	ResponseEntity<Object> unexpected(RuntimeException ex) {
		logger.error("A request failed", ex);
		return ResponseEntity.internalServerError()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.body(ProblemType.INTERNAL_ERROR.withDetail("The service failed; its log says why"));
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(HttpMessageNotReadableException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		for (Throwable cause = ex.getCause(); cause != null; cause = cause.getCause()) {
			if (cause instanceof ProblemException problem) {
				return handleExceptionInternal(ex, problem.getBody(), headers, problem.getStatusCode(), request);
			}
		}
		return handleExceptionInternal(ex, unreadable(ex.getCause()), headers, status, request);
	}

	private ProblemDetail unreadable(@Nullable Throwable cause) {
		if (cause instanceof UnrecognizedPropertyException unknown) {
			String known = unknown.getKnownPropertyIds()
				.stream()
				.map(String::valueOf)
				.sorted()
				.collect(Collectors.joining("', '", "'", "'"));
			return ProblemException.problem(ProblemType.INVALID_VALUE,
					"There is no field '%s'; there are %s".formatted(unknown.getPropertyName(), known), path(unknown));
		}
		if (cause instanceof InvalidFormatException invalid) {
			return ProblemException.problem(ProblemType.INVALID_VALUE,
					"'%s' is not a value of the right kind".formatted(invalid.getValue()), path(invalid));
		}
		if (cause instanceof MismatchedInputException mismatch) {
			String field = path(mismatch);
			return ProblemException.problem(ProblemType.INVALID_VALUE, field.isEmpty()
					? "The body is not of the expected form" : "'%s' is not of the expected form".formatted(field),
					field);
		}
		if (cause instanceof InputCoercionException tooLarge) {
			String field = path(tooLarge);
			return ProblemException.problem(ProblemType.INVALID_VALUE, "'%s' is too large a number".formatted(field),
					field);
		}
		if (cause instanceof StreamReadException malformed) {
			return ProblemType.MALFORMED_REQUEST.withDetail("The body is not JSON: line %d, column %d"
				.formatted(malformed.getLocation().getLineNr(), malformed.getLocation().getColumnNr()));
		}
		if (cause instanceof JacksonException) {
			return ProblemType.MALFORMED_REQUEST.withDetail("The body cannot be read as JSON");
		}
		return ProblemType.MALFORMED_REQUEST.withDetail("The request has no body that can be read");
	}

	private static String path(JacksonException ex) {
		StringBuilder path = new StringBuilder();
		for (JacksonException.Reference reference : ex.getPath()) {
			if (reference.getPropertyName() != null) {
				path.append(path.isEmpty() ? "" : ".").append(reference.getPropertyName());
			}
			else if (reference.getIndex() >= 0) {
				path.append('[').append(reference.getIndex()).append(']');
			}
		}
		return path.toString();
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(MethodArgumentNotValidException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		FieldError fault = ex.getBindingResult().getFieldError();
		ProblemDetail problem = (fault != null)
				? ProblemException.problem(ProblemType.INVALID_VALUE,
						"'%s' %s".formatted(fault.getField(), fault.getDefaultMessage()), fault.getField())
				: ProblemType.INVALID_VALUE.withDetail("The body is not valid");
		return handleExceptionInternal(ex, problem, headers, status, request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
			HandlerMethodValidationException ex, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		ProblemDetail problem = ex.getParameterValidationResults().stream().findFirst().map((result) -> {
			String field = String.valueOf(result.getMethodParameter().getParameterName());
			List<MessageSourceResolvable> errors = result.getResolvableErrors();
			return ProblemException.problem(ProblemType.INVALID_VALUE,
					"'%s' %s".formatted(field, errors.get(0).getDefaultMessage()), field);
		}).orElseGet(() -> ProblemType.INVALID_VALUE.withDetail("A value of the request is not valid"));
		return handleExceptionInternal(ex, problem, headers, status, request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleTypeMismatch(TypeMismatchException ex, HttpHeaders headers,
			HttpStatusCode status, WebRequest request) {
		return handleExceptionInternal(ex,
				ProblemException.problem(ProblemType.INVALID_VALUE,
						"'%s' is not a value of the right kind".formatted(ex.getValue()), ex.getPropertyName()),
				headers, status, request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleMissingServletRequestParameter(
			MissingServletRequestParameterException ex, HttpHeaders headers, HttpStatusCode status,
			WebRequest request) {
		return handleExceptionInternal(ex,
				ProblemException.problem(ProblemType.INVALID_VALUE,
						"The parameter '%s' is missing".formatted(ex.getParameterName()), ex.getParameterName()),
				headers, status, request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHttpMediaTypeNotSupported(HttpMediaTypeNotSupportedException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		String sent = sentContentType(request);
		return handleExceptionInternal(ex, ProblemType.UNSUPPORTED_MEDIA_TYPE
			.withDetail("The body is %s; send one of %s with the header Content-Type".formatted(
					(sent != null) ? "'" + sent + "'" : "of no type", MediaType.toString(ex.getSupportedMediaTypes()))),
				headers, status, request);
	}

	// As it came, and not as a filter may show it.
	private static @Nullable String sentContentType(WebRequest request) {
		RequestFacade original = (request instanceof NativeWebRequest web) ? web.getNativeRequest(RequestFacade.class)
				: null;
		return (original != null) ? original.getContentType() : request.getHeader(HttpHeaders.CONTENT_TYPE);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleExceptionInternal(Exception ex, @Nullable Object body,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		HttpHeaders problemHeaders = new HttpHeaders();
		problemHeaders.putAll(headers);
		problemHeaders.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		return super.handleExceptionInternal(ex, body, problemHeaders, status, request);
	}

	@Override
	protected ResponseEntity<Object> createResponseEntity(@Nullable Object body, HttpHeaders headers,
			HttpStatusCode statusCode, WebRequest request) {
		if (body instanceof ProblemDetail problem && problem.getType() == null) {
			ProblemDetail typed = ProblemType.of(statusCode).withDetail(String.valueOf(problem.getDetail()));
			return super.createResponseEntity(typed, headers, statusCode, request);
		}
		return super.createResponseEntity(body, headers, statusCode, request);
	}

}
