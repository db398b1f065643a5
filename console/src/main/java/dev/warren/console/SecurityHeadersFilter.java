package dev.warren.console;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Has the browser run the console's own scripts and no others, and show its page in
 * nobody else's. What a service or the broker answers is of the console's origin for the
 * browser, and gets the same headers.
 */
final class SecurityHeadersFilter extends OncePerRequestFilter {

	private final Index index;

	SecurityHeadersFilter(Index index) {
		this.index = index;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		response.setHeader("Content-Security-Policy",
				("default-src 'none'; script-src 'self' '%s'; style-src 'self'; img-src 'self' data:; "
						+ "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
					.formatted(this.index.content().importMapHash()));
		response.setHeader("X-Content-Type-Options", "nosniff");
		response.setHeader("Referrer-Policy", "no-referrer");
		response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
		response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
		chain.doFilter(request, response);
	}

}
