package dev.warren.messaging.problem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;

/**
 * Answers with a problem where the request did not get as far as the application, such as
 * one whose path is not a URI. Tomcat makes it by its class name.
 */
public final class ProblemReportValve extends ErrorReportValve {

	@Override
	protected void report(Request request, Response response, Throwable failure) {
		HttpStatus status = HttpStatus.resolve(response.getStatus());
		if (status == null || !status.isError() || response.getContentWritten() > 0 || !response.setErrorReported()) {
			return;
		}
		ProblemDetail problem = (status == HttpStatus.BAD_REQUEST)
				? ProblemType.MALFORMED_REQUEST.withDetail("The request is not a valid HTTP request")
				: ProblemType.of(status).withDetail(status.getReasonPhrase());
		// All of it is ASCII of our own: nothing of the request needs escaping.
		String json = "{\"type\":\"%s\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}\n"
			.formatted(problem.getType(), problem.getTitle(), status.value(), problem.getDetail());
		try {
			response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
			response.getOutputStream().write(json.getBytes(StandardCharsets.US_ASCII));
			response.finishResponse();
		}
		catch (IOException ex) {
			// The client has left.
		}
	}

}
