package dev.warren.broker.app;

import java.io.IOException;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers 403 to the requests that a stranger's web page makes a browser send to this
 * machine: those whose {@code Origin} or {@code Sec-Fetch-Site} is foreign, and those
 * whose {@code Host} is neither {@code localhost} nor an IP address nor an allowed name
 * (DNS rebinding, which an IP address is safe from). Pages of this machine's other ports
 * may link to the broker's.
 */
final class ForeignRequestFilter extends OncePerRequestFilter {

	private static final Pattern IP_ADDRESS = Pattern.compile("\\[.+]|\\d{1,3}(\\.\\d{1,3}){3}");

	private static final String SEC_FETCH_SITE = "Sec-Fetch-Site";

	private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

	/**
	 * What the page of another port of this machine may link to, as the console does.
	 */
	private static final Set<String> LINKED = Set.of("/");

	private final Set<String> allowedHosts;

	private final JsonMapper jsonMapper;

	ForeignRequestFilter(Collection<String> allowedHosts, JsonMapper jsonMapper) {
		this.allowedHosts = Stream.concat(Stream.of("localhost"), allowedHosts.stream())
			.map((name) -> name.toLowerCase(Locale.ROOT))
			.collect(Collectors.toUnmodifiableSet());
		this.jsonMapper = jsonMapper;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		String refusal = refusal(request);
		if (refusal == null) {
			chain.doFilter(request, response);
			return;
		}
		response.setStatus(HttpStatus.FORBIDDEN.value());
		response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
		response.getOutputStream()
			.write(this.jsonMapper.writeValueAsBytes(ProblemDetail.forStatusAndDetail(HttpStatus.FORBIDDEN, refusal)));
		response.getOutputStream().write('\n');
	}

	private @Nullable String refusal(HttpServletRequest request) {
		String host = request.getHeader(HttpHeaders.HOST);
		if (host != null && !isAllowed(host)) {
			return ("The header Host is '%s', which is not this machine: use localhost or an IP address, "
					+ "or add the name to the property 'warren.web.allowed-hosts'")
				.formatted(host);
		}
		if (isForeignOrigin(request)) {
			return ("The header Origin is '%s': a web page of another origin must not use this broker. "
					+ "Behind a proxy, set the property 'server.forward-headers-strategy'")
				.formatted(request.getHeader(HttpHeaders.ORIGIN));
		}
		String site = request.getHeader(SEC_FETCH_SITE);
		if (site != null && !OWN_SITE.contains(site) && !isLink(request, site)) {
			return ("The header Sec-Fetch-Site is '%s': a web page of another origin must not use this broker, "
					+ "nor link to it; open the address by typing it")
				.formatted(site);
		}
		return null;
	}

	// Nothing is done, and nobody but the user sees what comes.
	private static boolean isLink(HttpServletRequest request, String site) {
		return site.equals("same-site") && "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
				&& "document".equals(request.getHeader("Sec-Fetch-Dest")) && request.getMethod().equals("GET")
				&& LINKED.contains(request.getRequestURI());
	}

	private boolean isAllowed(String host) {
		// Only HTTP/1.0 has none, and no browser.
		String name = host.replaceFirst(":\\d*$", "").toLowerCase(Locale.ROOT);
		return name.isEmpty() || IP_ADDRESS.matcher(name).matches() || this.allowedHosts.contains(name);
	}

	private static boolean isForeignOrigin(HttpServletRequest request) {
		try {
			return CorsUtils.isCorsRequest(request);
		}
		catch (IllegalArgumentException ex) {
			// Not an origin at all.
			return true;
		}
	}

}
