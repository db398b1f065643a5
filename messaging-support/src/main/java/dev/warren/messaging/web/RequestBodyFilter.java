package dev.warren.messaging.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Semaphore;

import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.util.FastByteArrayOutputStream;
import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Receives a request's body before anything else is done, so that one place bounds its
 * size, the time it takes, and how many are being received at once. A request whose body
 * stalls holds a thread; were there as many of them as threads, not even the liveness
 * probe would be answered. On JDK 17 there are 200.
 * <p>
 * It answers 413 to a body that is too large, 503 if too much is being received, and 408
 * to a body that does not arrive in time. A query that cannot be decoded is answered with
 * 400: left to the controllers, it would be a failure wherever it is looked at first.
 */
final class RequestBodyFilter extends OncePerRequestFilter {

	/**
	 * How many blocks there are. A request needs one while it is being received, and one
	 * for each further block of its body as long as the controller runs: 128 small
	 * bodies, or 32 MB of large ones.
	 */
	private static final int BLOCKS = 128;

	private static final int BLOCK_SIZE = 256 * 1024;

	/**
	 * What is read and thrown away of a body that is too large, so that its sender gets
	 * to the answer instead of a reset.
	 */
	private static final long MAX_THROWN_AWAY = 16 * 1024 * 1024;

	private final DataSize maxSize;

	private final Duration timeout;

	private final JsonMapper jsonMapper;

	private final Semaphore blocks = new Semaphore(BLOCKS);

	RequestBodyFilter(DataSize maxSize, Duration timeout, JsonMapper jsonMapper) {
		this.maxSize = maxSize;
		this.timeout = timeout;
		this.jsonMapper = jsonMapper;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		try (Body body = new Body()) {
			HttpServletRequest received = hasBody(request) ? receive(body, request) : request;
			if (received != null) {
				decodeQuery(received);
				chain.doFilter(FormAsText.isForm(received) ? new FormAsText(received) : received, response);
			}
		}
		catch (Refusal refusal) {
			refusal.problem.writeTo(response, this.jsonMapper);
		}
	}

	private static @Nullable HttpServletRequest receive(Body body, HttpServletRequest request)
			throws IOException, Refusal {
		try {
			return body.receive(request);
		}
		catch (IOException ex) {
			if (ex.getCause() instanceof SocketTimeoutException) {
				// Tomcat has sent the error, 408.
				request.removeAttribute(RequestDispatcher.ERROR_EXCEPTION);
				return null;
			}
			throw ex;
		}
	}

	private static boolean hasBody(HttpServletRequest request) {
		return request.getContentLengthLong() > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
	}

	private static void decodeQuery(HttpServletRequest request) throws Refusal {
		try {
			request.getParameterMap();
		}
		catch (IllegalStateException ex) {
			throw new Refusal(ProblemType.MALFORMED_REQUEST, "The query of the URL cannot be decoded");
		}
	}

	/**
	 * A body, as far as it has been received.
	 */
	private final class Body implements AutoCloseable {

		private final FastByteArrayOutputStream bytes = new FastByteArrayOutputStream();

		private final long begin = System.nanoTime();

		private int held;

		HttpServletRequest receive(HttpServletRequest request) throws IOException, Refusal {
			hold();
			InputStream in = request.getInputStream();
			long announced = request.getContentLengthLong();
			long size = 0;
			byte[] buffer = new byte[8192];
			for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
				size += read;
				if (Math.max(size, announced) <= maxSize()) {
					while (size > (long) this.held * BLOCK_SIZE) {
						hold();
					}
					this.bytes.write(buffer, 0, read);
				}
				else if (size > maxSize() + MAX_THROWN_AWAY) {
					break;
				}
				if (System.nanoTime() - this.begin > RequestBodyFilter.this.timeout.toNanos()) {
					throw new Refusal(ProblemType.TOO_SLOW, "The body did not arrive within %d s"
						.formatted(RequestBodyFilter.this.timeout.toSeconds()));
				}
			}
			if (Math.max(size, announced) > maxSize()) {
				throw new Refusal(ProblemType.TOO_LARGE, "The request is larger than %d bytes".formatted(maxSize()));
			}
			release(1);
			return new ReceivedRequest(request, this.bytes.getInputStream());
		}

		private long maxSize() {
			return RequestBodyFilter.this.maxSize.toBytes();
		}

		private void hold() throws Refusal {
			if (!RequestBodyFilter.this.blocks.tryAcquire()) {
				throw new Refusal(ProblemType.BUSY, "Too many bodies are being received");
			}
			this.held++;
		}

		private void release(int count) {
			this.held -= count;
			RequestBodyFilter.this.blocks.release(count);
		}

		@Override
		public void close() {
			release(this.held);
		}

	}

	private static final class ReceivedRequest extends HttpServletRequestWrapper {

		private final ServletInputStream in;

		ReceivedRequest(HttpServletRequest request, InputStream in) {
			super(request);
			this.in = new ReceivedInputStream(in);
		}

		@Override
		public ServletInputStream getInputStream() {
			return this.in;
		}

	}

	private static final class ReceivedInputStream extends ServletInputStream {

		private final InputStream in;

		ReceivedInputStream(InputStream in) {
			this.in = in;
		}

		@Override
		public int read() throws IOException {
			return this.in.read();
		}

		@Override
		public int read(byte[] buffer, int offset, int length) throws IOException {
			return this.in.read(buffer, offset, length);
		}

		@Override
		public int available() throws IOException {
			return this.in.available();
		}

		@Override
		public boolean isFinished() {
			try {
				return available() == 0;
			}
			catch (IOException ex) {
				return true;
			}
		}

		@Override
		public boolean isReady() {
			return true;
		}

		@Override
		public void setReadListener(ReadListener listener) {
			throw new IllegalStateException("All of it is there");
		}

	}

	private static final class Refusal extends Exception {

		private static final long serialVersionUID = 1L;

		private final transient ProblemException problem;

		Refusal(ProblemType type, String detail) {
			super(detail);
			this.problem = new ProblemException(type, detail);
		}

	}

}
