package dev.warren.console;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.coyote.CloseNowException;
import org.jspecify.annotations.Nullable;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;

/**
 * Passes requests on to the services and the broker, so that all of them are of the
 * page's own origin. They refuse what comes from another.
 * <p>
 * Of a request they get what is named here, and nothing by which the browser tells who
 * sent it: that was checked before. The broker gets the console's credentials, which the
 * page never sees.
 */
@Controller
final class ProxyController {

	/**
	 * How many requests may be under way, streams included. Each may have a thread.
	 */
	static final int MAX_REQUESTS = 150;

	private static final String BROKER = "broker";

	private static final List<String> REQUEST_HEADERS = List.of(HttpHeaders.ACCEPT, HttpHeaders.ACCEPT_LANGUAGE,
			HttpHeaders.CONTENT_TYPE, HttpHeaders.IF_MATCH, HttpHeaders.IF_NONE_MATCH, "Last-Event-ID", "X-Reason");

	private static final List<String> RESPONSE_HEADERS = List.of(HttpHeaders.ALLOW, HttpHeaders.CACHE_CONTROL,
			HttpHeaders.CONTENT_DISPOSITION, HttpHeaders.CONTENT_TYPE, HttpHeaders.ETAG, HttpHeaders.RETRY_AFTER);

	/**
	 * A segment that leads elsewhere, however it is written.
	 */
	private static final Pattern DOTS = Pattern.compile("/(\\.|%2[eE]){1,2}(?=[/;]|%2[fF]|%5[cC]|$)");

	/**
	 * How long a stream may be silent before it is tried whether somebody still reads it.
	 */
	private static final Duration SILENCE = Duration.ofSeconds(2);

	private static final byte[] COMMENT = { ':', '\n', '\n' };

	private final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(2))
		.proxy(HttpClient.Builder.NO_PROXY)
		.build();

	private final Semaphore requests = new Semaphore(MAX_REQUESTS);

	private final Map<String, URI> targets = new LinkedHashMap<>();

	private final Duration timeout;

	private final String brokersCredentials;

	private volatile boolean stopping;

	ProxyController(ConsoleProperties properties) {
		properties.services().byName().forEach((name, service) -> this.targets.put(name, service.url()));
		this.targets.put(BROKER, properties.broker().url());
		this.timeout = properties.timeout();
		this.brokersCredentials = "Basic " + HttpHeaders.encodeBasicAuth(properties.broker().username(),
				properties.broker().password(), StandardCharsets.UTF_8);
	}

	@RequestMapping(
			path = { "/hello/**", "/work-queue/**", "/logs/**", "/rpc/**", "/postbox/**", "/" + BROKER + "/**" },
			method = { RequestMethod.GET, RequestMethod.HEAD, RequestMethod.POST, RequestMethod.PUT,
					RequestMethod.DELETE, RequestMethod.PATCH })
	void pass(HttpServletRequest request, HttpServletResponse response) throws IOException {
		if (!this.requests.tryAcquire()) {
			throw new ProblemException(ProblemType.BUSY, "Too many requests and streams are under way");
		}
		try {
			// As it came: what is encoded in it is not for the console to decode.
			String path = request.getRequestURI();
			int slash = path.indexOf('/', 1);
			int end = (slash > 0) ? slash : path.length();
			String name = path.substring(1, end);
			URI target = this.targets.get(name);
			if (target == null) {
				throw new ProblemException(ProblemType.NOT_FOUND, "There is no service '%s'".formatted(name));
			}
			HttpResponse<Flow.Publisher<List<ByteBuffer>>> answer = ask(name,
					forwarded(request, name, target, path.substring(end)));
			try (AnswerBody body = new AnswerBody(answer.body())) {
				respond(name, target, answer, response);
				copy(name, body, response);
			}
		}
		finally {
			this.requests.release();
		}
	}

	/**
	 * Ends the streams, or the web server would wait for them.
	 */
	@EventListener(ContextClosedEvent.class)
	void stop() {
		this.stopping = true;
	}

	private HttpRequest forwarded(HttpServletRequest request, String name, URI target, String path) throws IOException {
		if (DOTS.matcher(path).find()) {
			throw new ProblemException(ProblemType.MALFORMED_REQUEST, "The path must not have '.' or '..' in it");
		}
		String query = (request.getQueryString() != null) ? "?" + request.getQueryString() : "";
		try {
			HttpRequest.Builder forwarded = HttpRequest.newBuilder(URI.create(withoutSlash(target) + path + query))
				.method(request.getMethod(), body(request))
				.timeout(this.timeout);
			for (String header : REQUEST_HEADERS) {
				String value = request.getHeader(header);
				if (value != null) {
					forwarded.header(header, value);
				}
			}
			if (name.equals(BROKER)) {
				forwarded.header(HttpHeaders.AUTHORIZATION, this.brokersCredentials);
			}
			return forwarded.build();
		}
		catch (IllegalArgumentException ex) {
			throw new ProblemException(ProblemType.MALFORMED_REQUEST,
					"The path, the query or a header has characters that it cannot have");
		}
	}

	// A filter has received it, and refused one that is too large.
	private static BodyPublisher body(HttpServletRequest request) throws IOException {
		byte[] body = request.getInputStream().readAllBytes();
		return (body.length > 0) ? BodyPublishers.ofByteArray(body) : BodyPublishers.noBody();
	}

	private HttpResponse<Flow.Publisher<List<ByteBuffer>>> ask(String name, HttpRequest request) {
		try {
			return this.client.send(request, BodyHandlers.ofPublisher());
		}
		catch (ConnectException | HttpConnectTimeoutException ex) {
			throw new ProblemException(ProblemType.NOT_RUNNING, "Nothing answers for '%s'".formatted(name));
		}
		catch (HttpTimeoutException ex) {
			throw new ProblemException(ProblemType.NO_ANSWER,
					"'%s' did not answer within %d s".formatted(name, this.timeout.toSeconds()));
		}
		catch (IOException ex) {
			throw new ProblemException(ProblemType.BROKEN_ANSWER,
					"'%s' ended the connection before it answered".formatted(name));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new ProblemException(ProblemType.BUSY, "The console is stopping");
		}
	}

	private static void respond(String name, URI target, HttpResponse<?> answer, HttpServletResponse response) {
		if (name.equals(BROKER) && answer.statusCode() == HttpStatus.UNAUTHORIZED.value()) {
			throw new ProblemException(ProblemType.BROKEN_ANSWER, "The broker does not accept the console's user: "
					+ "set the properties 'warren.console.broker.username' and 'warren.console.broker.password'");
		}
		response.setStatus(answer.statusCode());
		for (String header : RESPONSE_HEADERS) {
			answer.headers().firstValue(header).ifPresent((value) -> response.setHeader(header, value));
		}
		answer.headers()
			.firstValue(HttpHeaders.LOCATION)
			.map((location) -> onConsole(name, target, location))
			.ifPresent((location) -> response.setHeader(HttpHeaders.LOCATION, location));
	}

	// What is not the service's own is not for the page.
	private static @Nullable String onConsole(String name, URI target, String location) {
		String own = withoutSlash(target);
		String path = location.startsWith(own) ? location.substring(own.length()) : location;
		return (path.startsWith("/") && !path.startsWith("//")) ? "/" + name + path : null;
	}

	private static String withoutSlash(URI target) {
		String text = target.toString();
		return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
	}

	/**
	 * Writes the body as it comes. Who reads it may go at any time, and the service is
	 * told by the end of its connection. So is who reads it, if the service breaks off:
	 * what came would else look whole.
	 * @throws IOException if the answer is not whole, which a stream never is
	 */
	private void copy(String name, AnswerBody body, HttpServletResponse response) throws IOException {
		String type = response.getContentType();
		boolean stream = type != null && type.startsWith(MediaType.TEXT_EVENT_STREAM_VALUE);
		try {
			if (stream) {
				copyEvents(body, response);
			}
			else {
				copyWhole(name, body, response);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void copyEvents(AnswerBody body, HttpServletResponse response) throws InterruptedException {
		EventBoundary boundary = new EventBoundary();
		Duration silent = Duration.ZERO;
		try {
			response.flushBuffer();
			while (!body.isComplete() && !this.stopping && silent.compareTo(this.timeout) < 0) {
				List<ByteBuffer> piece = body.next(SILENCE);
				silent = piece.isEmpty() ? silent.plus(SILENCE) : Duration.ZERO;
				for (ByteBuffer bytes : piece) {
					boundary.pass(bytes);
					response.getOutputStream().write(bytes);
				}
				if (piece.isEmpty() && boundary.isHere()) {
					response.getOutputStream().write(COMMENT);
				}
				response.flushBuffer();
			}
		}
		catch (IOException ex) {
			// Whoever is still there asks again.
		}
	}

	private void copyWhole(String name, AnswerBody body, HttpServletResponse response)
			throws IOException, InterruptedException {
		while (!body.isComplete()) {
			List<ByteBuffer> piece = next(name, body, response);
			try {
				for (ByteBuffer bytes : piece) {
					response.getOutputStream().write(bytes);
				}
			}
			catch (IOException ex) {
				// There is nobody to tell.
				return;
			}
		}
	}

	private List<ByteBuffer> next(String name, AnswerBody body, HttpServletResponse response)
			throws IOException, InterruptedException {
		try {
			List<ByteBuffer> piece = body.next(this.timeout);
			if (!piece.isEmpty() || body.isComplete()) {
				return piece;
			}
		}
		catch (IOException ex) {
			// It has broken off, as if the rest did not come in time.
		}
		String detail = "'%s' broke off its answer".formatted(name);
		if (response.isCommitted()) {
			// Without the cause, for which Spring MVC might think that the client has
			// left.
			throw new CloseNowException(detail);
		}
		response.resetBuffer();
		throw new ProblemException(ProblemType.BROKEN_ANSWER, detail);
	}

	/**
	 * Knows whether an event of a stream has ended, and a comment may be written.
	 */
	private static final class EventBoundary {

		private byte last = '\n';

		private byte beforeLast = '\n';

		void pass(ByteBuffer bytes) {
			int end = bytes.limit();
			if (bytes.remaining() > 1) {
				this.beforeLast = bytes.get(end - 2);
				this.last = bytes.get(end - 1);
			}
			else if (bytes.hasRemaining()) {
				this.beforeLast = this.last;
				this.last = bytes.get(end - 1);
			}
		}

		boolean isHere() {
			return this.last == '\n' && this.beforeLast == '\n';
		}

	}

}
