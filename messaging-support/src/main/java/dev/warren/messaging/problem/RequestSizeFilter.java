package dev.warren.messaging.problem;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers 413 to a request whose body is larger than allowed, before it is read into
 * memory: by its {@code Content-Length}, or, where it has none, as soon as too much of it
 * was read.
 */
final class RequestSizeFilter extends OncePerRequestFilter {

	private final DataSize maxSize;

	private final JsonMapper jsonMapper;

	RequestSizeFilter(DataSize maxSize, JsonMapper jsonMapper) {
		this.maxSize = maxSize;
		this.jsonMapper = jsonMapper;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		if (request.getContentLengthLong() > this.maxSize.toBytes()) {
			tooLarge().writeTo(response, this.jsonMapper);
		}
		else if (request.getContentLengthLong() < 0) {
			chain.doFilter(new LimitedRequest(request), response);
		}
		else {
			chain.doFilter(request, response);
		}
	}

	private ProblemException tooLarge() {
		return new ProblemException(ProblemType.TOO_LARGE,
				"The request is larger than %d bytes".formatted(this.maxSize.toBytes()));
	}

	private final class LimitedRequest extends HttpServletRequestWrapper {

		LimitedRequest(HttpServletRequest request) {
			super(request);
		}

		@Override
		public ServletInputStream getInputStream() throws IOException {
			return new LimitedInputStream(super.getInputStream());
		}

	}

	private final class LimitedInputStream extends ServletInputStream {

		private final ServletInputStream in;

		private long count;

		LimitedInputStream(ServletInputStream in) {
			this.in = in;
		}

		@Override
		public int read() throws IOException {
			int octet = this.in.read();
			count((octet >= 0) ? 1 : 0);
			return octet;
		}

		@Override
		public int read(byte[] buffer, int offset, int length) throws IOException {
			int read = this.in.read(buffer, offset, length);
			count(read);
			return read;
		}

		private void count(int read) {
			this.count += Math.max(read, 0);
			if (this.count > RequestSizeFilter.this.maxSize.toBytes()) {
				throw tooLarge();
			}
		}

		@Override
		public boolean isFinished() {
			return this.in.isFinished();
		}

		@Override
		public boolean isReady() {
			return this.in.isReady();
		}

		@Override
		public void setReadListener(ReadListener listener) {
			this.in.setReadListener(listener);
		}

	}

}
