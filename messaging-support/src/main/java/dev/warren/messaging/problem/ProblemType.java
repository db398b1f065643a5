package dev.warren.messaging.problem;

import java.net.URI;
import java.util.Locale;

import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/**
 * The kinds of problems a service answers with. Their types, {@code urn:warren:problem:}
 * and the name in lower case with hyphens, are stable.
 */
public enum ProblemType {

	/** A field, parameter or body that is not acceptable. */
	INVALID_VALUE(HttpStatus.BAD_REQUEST, "Invalid value"),

	/** A body that is not JSON, or a request that is not HTTP. */
	MALFORMED_REQUEST(HttpStatus.BAD_REQUEST, "Malformed request"),

	/** A request that a stranger's web page makes a browser send. */
	FORBIDDEN(HttpStatus.FORBIDDEN, "Forbidden"),

	/** No such resource. */
	NOT_FOUND(HttpStatus.NOT_FOUND, "Not found"),

	/** The resource has no such method. */
	METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "Method not allowed"),

	/** None of the accepted media types can be produced. */
	NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "Not acceptable"),

	/** A body that does not arrive in time. */
	TOO_SLOW(HttpStatus.REQUEST_TIMEOUT, "Too slow"),

	/** The request contradicts what exists. */
	CONFLICT(HttpStatus.CONFLICT, "Conflict with what exists"),

	/** A text, a batch or a request that is too large. */
	TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "Too large"),

	/** The body's media type is not supported. */
	UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Unsupported media type"),

	/** The broker cannot be reached; nothing was sent. */
	BROKER_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "The broker is not available"),

	/** The broker did not confirm the message, which may arrive nevertheless. */
	NOT_CONFIRMED(HttpStatus.SERVICE_UNAVAILABLE, "The broker did not confirm the message"),

	/** No queue takes the message; the broker has dropped it. */
	NOT_ROUTED(HttpStatus.SERVICE_UNAVAILABLE, "No queue takes the message"),

	/** Too much is under way; nothing was sent. */
	BUSY(HttpStatus.SERVICE_UNAVAILABLE, "Too busy"),

	/** No reply to a request over AMQP came in time. */
	NO_REPLY(HttpStatus.GATEWAY_TIMEOUT, "No reply in time"),

	/** The reply to a request over AMQP says that its server failed. */
	SERVER_FAILED(HttpStatus.BAD_GATEWAY, "The server failed"),

	/** The application that a request is passed on to does not run; it got nothing. */
	NOT_RUNNING(HttpStatus.SERVICE_UNAVAILABLE, "Not running"),

	/** The application that a request is passed on to did not answer in time. */
	NO_ANSWER(HttpStatus.GATEWAY_TIMEOUT, "No answer in time"),

	/** The answer of the application that a request is passed on to cannot be used. */
	BROKEN_ANSWER(HttpStatus.BAD_GATEWAY, "No usable answer"),

	/** Any other error of the request. */
	BAD_REQUEST(HttpStatus.BAD_REQUEST, "Bad request"),

	/** A method or an encoding that HTTP has and the service has not. */
	NOT_IMPLEMENTED(HttpStatus.NOT_IMPLEMENTED, "Not implemented"),

	/** An error of the service. */
	INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR, "Internal error");

	private final HttpStatus status;

	private final String title;

	ProblemType(HttpStatus status, String title) {
		this.status = status;
		this.title = title;
	}

	/**
	 * The status it is answered with.
	 * @return the status
	 */
	public HttpStatus status() {
		return this.status;
	}

	/**
	 * The problem in detail.
	 * @param detail what is wrong in this case and, if possible, the cure
	 * @return the problem
	 */
	public ProblemDetail withDetail(String detail) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(this.status, detail);
		problem.setTitle(this.title);
		problem.setType(URI.create("urn:warren:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-')));
		return problem;
	}

	static ProblemType of(HttpStatusCode status) {
		return switch (status.value()) {
			case 403 -> FORBIDDEN;
			case 404 -> NOT_FOUND;
			case 405 -> METHOD_NOT_ALLOWED;
			case 406 -> NOT_ACCEPTABLE;
			case 408 -> TOO_SLOW;
			case 409 -> CONFLICT;
			case 413 -> TOO_LARGE;
			case 415 -> UNSUPPORTED_MEDIA_TYPE;
			case 501 -> NOT_IMPLEMENTED;
			case 503 -> BUSY;
			default -> status.is4xxClientError() ? BAD_REQUEST : INTERNAL_ERROR;
		};
	}

}
