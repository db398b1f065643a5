package dev.warren.broker.management;

import org.springframework.http.HttpStatus;

/**
 * A request that fails, as RabbitMQ's management API says it.
 */
final class ApiException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final HttpStatus status;

	private final String error;

	private ApiException(HttpStatus status, String error, String reason) {
		super(reason, null, false, false);
		this.status = status;
		this.error = error;
	}

	static ApiException badRequest(String reason) {
		return new ApiException(HttpStatus.BAD_REQUEST, "bad_request", reason);
	}

	static ApiException badRequest(String error, String reason) {
		return new ApiException(HttpStatus.BAD_REQUEST, error, reason);
	}

	/**
	 * What the address means is not there.
	 */
	static ApiException notFound() {
		return new ApiException(HttpStatus.NOT_FOUND, "Object Not Found", "Not Found");
	}

	/**
	 * What is to be used is not there.
	 */
	static ApiException notFound(String reason) {
		return new ApiException(HttpStatus.NOT_FOUND, "not_found", reason);
	}

	/**
	 * The user may not do that.
	 */
	static ApiException notAuthorised(String reason) {
		return new ApiException(HttpStatus.UNAUTHORIZED, "not_authorised", reason);
	}

	/**
	 * Nobody knows who the user is.
	 */
	static ApiException notAuthenticated() {
		return new ApiException(HttpStatus.UNAUTHORIZED, "not_authorized", "Not_Authorized");
	}

	/**
	 * The address of the caller has failed to log in too often.
	 */
	static ApiException tooManyRequests() {
		return new ApiException(HttpStatus.TOO_MANY_REQUESTS, "too_many_requests",
				"Too many refused logins from this address: try again later");
	}

	/**
	 * As many use it as may do so at a time.
	 */
	static ApiException busy(String reason) {
		return new ApiException(HttpStatus.SERVICE_UNAVAILABLE, "service_unavailable", reason);
	}

	static ApiException preconditionFailed(String reason) {
		return new ApiException(HttpStatus.PRECONDITION_FAILED, "precondition_failed", reason);
	}

	HttpStatus status() {
		return this.status;
	}

	String error() {
		return this.error;
	}

	String reason() {
		return String.valueOf(getMessage());
	}

}
