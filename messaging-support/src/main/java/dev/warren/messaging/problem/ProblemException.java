package dev.warren.messaging.problem;

import java.io.IOException;

import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * Ends a request with a problem.
 */
public final class ProblemException extends ErrorResponseException {

	private static final long serialVersionUID = 1L;

	/**
	 * The name of the problem member that tells the field at fault.
	 */
	public static final String FIELD = "field";

	/**
	 * Creates an exception for a problem.
	 * @param type its type
	 * @param detail what is wrong in this case and, if possible, the cure
	 */
	public ProblemException(ProblemType type, String detail) {
		this(type, detail, null);
	}

	/**
	 * Creates an exception for a problem with one field or parameter of the request.
	 * @param type its type
	 * @param detail what is wrong in this case and, if possible, the cure
	 * @param field the field or parameter at fault
	 */
	public ProblemException(ProblemType type, String detail, @Nullable String field) {
		super(type.status(), problem(type, detail, field), null);
		if (type.status() == HttpStatus.SERVICE_UNAVAILABLE) {
			getHeaders().set(HttpHeaders.RETRY_AFTER, ProblemAdvice.RETRY_AFTER_SECONDS);
		}
	}

	/**
	 * Answers with the problem where no controller advice does, as in a filter.
	 * @param response the response, not yet committed
	 * @param jsonMapper writes the problem
	 * @throws IOException if the client has left
	 */
	public void writeTo(HttpServletResponse response, JsonMapper jsonMapper) throws IOException {
		response.setStatus(getStatusCode().value());
		getHeaders().forEach((name, values) -> values.forEach((value) -> response.addHeader(name, value)));
		response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
		response.getOutputStream().write(jsonMapper.writeValueAsBytes(getBody()));
		response.getOutputStream().write('\n');
	}

	static ProblemDetail problem(ProblemType type, String detail, @Nullable String field) {
		ProblemDetail problem = type.withDetail(detail);
		if (field != null && !field.isEmpty()) {
			problem.setProperty(FIELD, field);
		}
		return problem;
	}

}
