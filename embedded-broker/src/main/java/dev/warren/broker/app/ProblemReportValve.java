package dev.warren.broker.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * Answers with a problem where the request is not HTTP enough to reach the application.
 * Tomcat makes it by its class name.
 */
public final class ProblemReportValve extends ErrorReportValve {

	@Override
	protected void report(Request request, Response response, Throwable failure) {
		HttpStatus status = HttpStatus.resolve(response.getStatus());
		if (status == null || !status.isError() || response.getContentWritten() > 0 || !response.setErrorReported()) {
			return;
		}
		try {
			response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
			response.getOutputStream()
				.write("{\"title\":\"%s\",\"status\":%d}\n".formatted(status.getReasonPhrase(), status.value())
					.getBytes(StandardCharsets.US_ASCII));
			response.finishResponse();
		}
		catch (IOException ex) {
			// The client has left.
		}
	}

}
