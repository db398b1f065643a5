package dev.warren.broker.management;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import dev.warren.broker.Administration;
import dev.warren.broker.rabbitmq.access.AddressLimit;
import dev.warren.broker.rabbitmq.definitions.Definitions;
import dev.warren.broker.rabbitmq.definitions.User;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Finds out who makes a request, by HTTP Basic against the broker's own users or by the
 * {@linkplain OwnersToken token} of the data directory's owner, and whether the operation
 * is for that user. Operations ask for a {@link Caller}.
 */
final class Authentication implements HandlerInterceptor, HandlerMethodArgumentResolver {

	private static final String CALLER = Caller.class.getName();

	private static final String BASIC = "Basic ";

	private final Administration broker;

	private final MetricsPort metricsPort;

	private final OwnersToken ownersToken;

	Authentication(Administration broker, MetricsPort metricsPort, OwnersToken ownersToken) {
		this.broker = broker;
		this.metricsPort = metricsPort;
		this.ownersToken = ownersToken;
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		if (handler instanceof HandlerMethod method
				&& method.getBeanType().getPackageName().equals(getClass().getPackageName())
				&& !isForEverybody(method, request)) {
			Caller caller = authenticate(request);
			if (caller == null) {
				throw ApiException.notAuthenticated();
			}
			// Whoever may not use the API at all learns no more.
			check(caller, Tag.MANAGEMENT);
			check(caller, tag(method));
			request.setAttribute(CALLER, caller);
			response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
		}
		return true;
	}

	private boolean isForEverybody(HandlerMethod method, HttpServletRequest request) {
		return method.getBeanType() == MetricsController.class && this.metricsPort.is(request);
	}

	private static Tag tag(HandlerMethod method) {
		For own = AnnotatedElementUtils.findMergedAnnotation(method.getMethod(), For.class);
		if (own == null) {
			own = AnnotatedElementUtils.findMergedAnnotation(method.getBeanType(), For.class);
		}
		return (own != null) ? own.value() : Tag.MANAGEMENT;
	}

	private static void check(Caller caller, Tag tag) {
		if (!caller.has(tag)) {
			throw ApiException.notAuthorised(tag.refusal());
		}
	}

	private @Nullable Caller authenticate(HttpServletRequest request) {
		String header = request.getHeader(HttpHeaders.AUTHORIZATION);
		if (header != null && this.ownersToken.isIn(header) && isLocal(request)) {
			return new Caller(OwnersToken.USER, this.broker.definitions().current(), true);
		}
		if (header == null || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
			return null;
		}
		String[] pair = credentials(header.substring(BASIC.length()).strip()).split(":", 2);
		if (pair.length < 2) {
			throw ApiException.badRequest("The credentials are not a name and a password");
		}
		String address = request.getRemoteAddr();
		if (this.broker.logins().take(address, 0) == AddressLimit.NO_TURN) {
			this.broker.operatorLog().httpRefused(address, pair[0], "too many refused logins from this address");
			throw ApiException.tooManyRequests();
		}
		Definitions definitions = this.broker.definitions().current();
		User user = definitions.authenticate(pair[0], pair[1]);
		boolean mayComeFromThere = User.mayLogIn(pair[0], isLoopback(address));
		if (user == null || !mayComeFromThere) {
			this.broker.operatorLog()
				.httpRefused(address, pair[0],
						mayComeFromThere ? "invalid credentials" : "user can only log in via localhost");
			return null;
		}
		this.broker.logins().giveBack(address);
		return new Caller(user, definitions);
	}

	private static String credentials(String encoded) {
		try {
			return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			throw ApiException.badRequest("The credentials are not in Base64");
		}
	}

	private static boolean isLocal(HttpServletRequest request) {
		return isLoopback(request.getRemoteAddr()) || request.getRemoteAddr().equals(request.getLocalAddr());
	}

	private static boolean isLoopback(String address) {
		try {
			return InetAddress.getByName(address).isLoopbackAddress();
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.getParameterType() == Caller.class;
	}

	@Override
	public @Nullable Object resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer container,
			NativeWebRequest request, @Nullable WebDataBinderFactory binderFactory) {
		return request.getAttribute(CALLER, RequestAttributes.SCOPE_REQUEST);
	}

}
